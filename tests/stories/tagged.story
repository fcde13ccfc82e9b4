Every item that carries a tag becomes variables, sorted by name.

-- mysafe.toml --
[[tagged]]
tag    = "orders-prod"
kind   = "secretapi"
fields = ["client_id", "client_secret"]
name   = "ORDERS_{identifier_code}_{field}"

-- defaults.toml --
[[tagged]]
tag  = "orders-prod"
kind = "secretapi"

-- clash.toml --
[env]
ORDERS_MAIL = "mine"

[[tagged]]
tag  = "orders-prod"
kind = "secretapi"
name = "ORDERS_{identifier_code}"

-- twice.toml --
[[tagged]]
tag  = "orders-prod"
kind = "secretapi"

[[tagged]]
tag  = "mail"
kind = "secretapi"

-- none.toml --
[env]
A = "1"

[[tagged]]
tag  = "nobody-has-this"
kind = ["secretapi", "note"]

-- optional.toml --
[env]
A = "1"

[[tagged]]
tag      = "nobody-has-this"
kind     = ["secretapi", "note"]
optional = true

-- dangerous.toml --
[[tagged]]
tag  = "orders-db"
kind = "password"
name = "LD_PRELOAD"

$ mysafe-run -c 'env | grep ^ORDERS_ | sort'
1> ORDERS_MAIL_CLIENT_ID=orders-mailer
1> ORDERS_MAIL_CLIENT_SECRET=made-up-mail-secret
1> ORDERS_PARCELS_CLIENT_ID=orders-parcels
1> ORDERS_PARCELS_CLIENT_SECRET=made-up-parcel-secret

$ mysafe-env export -m defaults.toml --format json
1> {
1>   "ORDERS_MAIL": "made-up-mail-secret",
1>   "ORDERS_PARCEL_LABELS": "made-up-parcel-secret"
1> }

$ mysafe-run -m clash.toml -- true
2> mysafe-run: error: clash.toml:4: tagged[1]: secretapi 3 gives the variable ORDERS_MAIL, which clash.toml:2: env.ORDERS_MAIL gives too
2> mysafe-run: hint: take it out of [env], or make the tag's names differ: put a prefix before them
? 125

$ mysafe-run -m twice.toml -- printenv ORDERS_MAIL
1> made-up-mail-secret

$ mysafe-run -m none.toml -- true
2> mysafe-run: error: none.toml:4: tagged[1]: no item matches secretapi or note tag "nobody-has-this"
2> ...
? 125

$ mysafe-run -m optional.toml -- printenv A
1> 1

$ mysafe-run -m dangerous.toml -- true
2> mysafe-run: error: dangerous.toml:1: tagged[1]: password 1 would set LD_PRELOAD, which changes how programs load code
2> mysafe-run: hint: give the names a prefix, as in name = "APP_{name}", or take the item out of the tag orders-db
? 125

$ ORDERS_MAIL_CLIENT_ID=mysafe://secretapi/nowhere mysafe-run -- printenv ORDERS_MAIL_CLIENT_ID
1> orders-mailer
