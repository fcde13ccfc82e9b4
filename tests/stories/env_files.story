Env files hold literals and references; later inputs win over earlier ones.

-- mysafe.toml --
[env]
FROM_MAPPING = "mapping"
SHARED       = "mapping"

-- optional.toml --
[env]
FROM_FILE  = { kind = "note", name = "there is none", optional = true }
STRIPE_KEY = { kind = "secretapi", identifier_code = "stripe-test", optional = true }

-- app.env --
# a comment
FROM_FILE='a literal'
export STRIPE_KEY=mysafe://secretapi/stripe-live
SHARED=file
BOTH=${FROM_FILE} and ${HOME_OF_NOBODY:-a default}

-- later.env --
FROM_FILE=later

-- danger.env --
NODE_OPTIONS=--require=./x.js
LD_PRELOAD=mysafe://secretapi/stripe-live#name
HARMLESS=1
LD_PRELOAD=

-- meant.toml --
[env]
NODE_OPTIONS = { value = "--trace-warnings", allow_dangerous = true }

-- bad.env --
GOOD=1
BROKEN="no end
NO_VALUE
UNDEFINED=${NOT_SET_ANYWHERE}
WRONG=mysafe://secretap/stripe-live

$ SHARED=inherited mysafe-run -e app.env -- printenv FROM_FILE STRIPE_KEY SHARED BOTH FROM_MAPPING
1> a literal
1> sk_demo_live_not_a_real_key
1> mapping
1> a literal and a default
1> mapping

$ mysafe-run -e app.env -e later.env -- printenv FROM_FILE
1> later

$ mysafe-run -m optional.toml -e app.env -- printenv FROM_FILE STRIPE_KEY
1> a literal
1> sk_demo_test_not_a_real_key

$ mysafe-run -e bad.env -- true
2> ...
2> mysafe-run: error: bad.env:...
2> ...
? 125

$ mysafe-run -e missing.env -- true
2> mysafe-run: error: missing.env: there is no such file; check the path that --env-file names
? 125

$ PYTHONPATH=mine mysafe-run -e danger.env -- printenv NODE_OPTIONS PYTHONPATH
1> --require=./x.js
1> mine
2> mysafe-run: warning: danger.env:1: NODE_OPTIONS changes how programs load code, find commands or reach the network
2> mysafe-run: warning: danger.env:4: LD_PRELOAD changes how programs load code, find commands or reach the network
2> mysafe-run: hint: if that is meant, write it in the mapping, with allow_dangerous = true; if not, take the line out

$ LD_PRELOAD= mysafe-run -m meant.toml -e danger.env --keep LD_PRELOAD -- printenv NODE_OPTIONS
1> --trace-warnings

$ mysafe-env check --offline -m meant.toml -e danger.env
1> ...
2> mysafe-env: warning: danger.env:4: LD_PRELOAD changes how programs load code, find commands or reach the network
2> mysafe-env: hint: ...

$ mysafe-env export -f json -e danger.env --only LD_PRELOAD
1> {
1>   "LD_PRELOAD": ""
1> }
2> mysafe-env: warning: danger.env:4: LD_PRELOAD changes ...
2> mysafe-env: hint: ...

$ mysafe-env export -f json -e danger.env --only HARMLESS
1> {
1>   "HARMLESS": "1"
1> }

$ mysafe-env export -f json -e danger.env --only LD_PRELOAD --prefix APP_
1> {
1>   "APP_LD_PRELOAD": ""
1> }
