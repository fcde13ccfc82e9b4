A command gets its secrets from a mapping that holds none.

-- mysafe.toml --
[env]
LOG_LEVEL    = "info"
STRIPE_KEY   = "mysafe://secretapi/stripe-live"
STRIPE_ID    = "mysafe://secretapi/stripe-live#client_id"
DB_USER      = { kind = "password", tag = "orders-db", field = "username" }
DB_PASSWORD  = { kind = "password", tag = "orders-db" }
DATABASE_URL = { template = "postgres://{{ DB_USER|urlencode }}:{{ DB_PASSWORD|urlencode }}@db/orders" }
SENTRY_DSN   = { kind = "note", name = "sentry dsn", optional = true }
FEATURES     = { kind = "note", name = "flags", default = "none" }

[profile.staging.env]
STRIPE_KEY = "mysafe://secretapi/stripe-test"

$ mysafe-run -- printenv LOG_LEVEL STRIPE_KEY STRIPE_ID DB_USER DB_PASSWORD FEATURES
1> info
1> sk_demo_live_not_a_real_key
1> acct_demo_live_0001
1> orders_app
1> it's "made up": $HOME, a/b@c % #1
1> none

$ mysafe-env run -- printenv DATABASE_URL
1> postgres://orders_app:it%27s%20%22made%20up%22%3A%20%24HOME%2C%20a%2Fb%40c%20%25%20%231@db/orders

$ mysafe-run -- printenv SENTRY_DSN
? 1

$ mysafe-run --profile staging -- printenv STRIPE_KEY STRIPE_ID
1> sk_demo_test_not_a_real_key
1> acct_demo_live_0001

$ MYSAFE_PROFILE=staging mysafe-run -- printenv STRIPE_KEY
1> sk_demo_test_not_a_real_key

$ mysafe-run -c 'echo "$0 $1 $DB_USER"' one two
1> one two orders_app

$ mysafe-run -- sh -c 'exit 7'
? 7

$ mysafe-run -- sh -c 'kill -TERM $$'
2> ...
? 143
