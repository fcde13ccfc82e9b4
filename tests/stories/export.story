Exports are complete or not written, in mapping order, and readable by nobody else.

-- mysafe.toml --
[env]
STRIPE_KEY  = "mysafe://secretapi/stripe-live"
DB_PASSWORD = { kind = "password", tag = "orders-db" }
NO_DSN      = { kind = "note", name = "sentry dsn", optional = true }
LITERAL     = "info"

$ mysafe-env export --format json
1> {
1>   "STRIPE_KEY": "sk_demo_live_not_a_real_key",
1>   "DB_PASSWORD": "it's \"made up\": $HOME, a/b@c % #1",
1>   "LITERAL": "info"
1> }

$ mysafe-env export --format shell
1> export STRIPE_KEY='sk_demo_live_not_a_real_key'
1> export DB_PASSWORD='it'\''s "made up": $HOME, a/b@c % #1'
1> export LITERAL='info'

$ eval "$(mysafe-env export --format shell)"; echo "$DB_PASSWORD"
1> it's "made up": $HOME, a/b@c % #1

$ umask 000; mysafe-env export --format json --output out.json && stat -c %a out.json && head -n 2 out.json
1> 600
1> {
1>   "STRIPE_KEY": "sk_demo_live_not_a_real_key",

$ mysafe-env export --format shell --output nowhere/out.sh
2> mysafe-env: error: ...nowhere...
2> ...
? 1

$ mysafe-env export --format json | head -c 1
1> {
