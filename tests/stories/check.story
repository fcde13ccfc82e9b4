A check tells of every variable whether it can be had, and never shows a value.

-- mysafe.toml --
[env]
LEVEL = "info"
KEY   = "mysafe://secretapi/stripe-live"
BAD   = "mysafe://secretapi/nowhere"

$ mysafe-env check --json
1> [
1>   {
1>     "variable": "LEVEL",
1>     "item": "literal",
1>     "field": "",
1>     "ok": true,
1>     "why": ""
1>   },
1>   {
1>     "variable": "KEY",
1>     "item": "secretapi identifier_code \"stripe-live\"",
1>     "field": "client_secret",
1>     "ok": true,
1>     "why": ""
1>   },
1>   {
1>     "variable": "BAD",
1>     "item": "secretapi identifier_code \"nowhere\"",
1>     "field": "client_secret",
1>     "ok": false,
1>     "why": "no item matches secretapi identifier_code \"nowhere\""
1>   }
1> ]
? 1

$ MYSAFE_URL=http://127.0.0.1:9 MYSAFE_CLIENT_ID=x MYSAFE_CLIENT_SECRET=y mysafe-env check
1> VARIABLE  ITEM                                     FIELD                  WHY
1> LEVEL     literal                                                 ok
1> KEY       ...FAILED  127.0.0.1:9 refuses connections
1> BAD       ...FAILED  127.0.0.1:9 refuses connections
2> mysafe-env: hint: check the host and port in MYSAFE_URL, and that the server is up
? 1

$ mysafe-env check --vault file:nowhere.toml
1> VARIABLE  ITEM                                     FIELD                  WHY
1> LEVEL     literal                                                 ok
1> KEY       ...FAILED  nowhere.toml: can't read the vault file: No such file or directory
1> BAD       ...FAILED  nowhere.toml: can't read the vault file: No such file or directory
2> mysafe-env: hint: check the path that --vault names, and its permissions
? 1

$ MYSAFE_URL=http://127.0.0.1:9 MYSAFE_CLIENT_ID=x MYSAFE_CLIENT_SECRET=y mysafe-env check --offline
1> VARIABLE  ITEM                                     FIELD              WHY
1> LEVEL     literal                                                 ok
1> KEY       secretapi identifier_code "stripe-live"  client_secret  ok  not fetched
1> BAD       secretapi identifier_code "nowhere"      client_secret  ok  not fetched

$ MYSAFE_URL=http://127.0.0.1:9 MYSAFE_CLIENT_ID= MYSAFE_CLIENT_SECRET= mysafe-env check --offline
1> ...
2> mysafe-env: warning: a run from here would fail: not set: MYSAFE_CLIENT_ID, MYSAFE_CLIENT_SECRET
2> mysafe-env: hint: an access key has both, ...

$ MYSAFE_URL=file:gone.toml mysafe-env check --offline --json
1> ...
2> mysafe-env: warning: a run from here would fail: gone.toml: can't read the vault file: No such file or directory
2> mysafe-env: hint: check the path that MYSAFE_URL names, and its permissions

-- literals.toml --
[env]
LEVEL = "info"

$ MYSAFE_URL= mysafe-env check --offline -m literals.toml
1> VARIABLE  ITEM     FIELD      WHY
1> LEVEL     literal         ok

-- files.toml --
[env]
LEVEL = "info"

[[render]]
template = "fine.j2"
to       = "fine.conf"

[[render]]
template = "item.j2"
to       = "item.conf"

[[render]]
template = "name.j2"
to       = "name.conf"

-- fine.j2 --
{{ LEVEL }}

-- item.j2 --
{{ secret("mysafe://secretapi/stripe-live") }}
{{ secret("mysafe://secretapi/nowhere") }}

-- name.j2 --
{{ LEVLE }}

$ mysafe-env check -m files.toml
1> VARIABLE              ITEM              FIELD          WHY
1> LEVEL                 literal                  ok
1> [[render]] item.conf  template item.j2         FAILED  item.j2:2: no item matches secretapi identifier_code "nowhere"
1> [[render]] name.conf  template name.j2         FAILED  name.j2:1: "LEVLE" is not there
2> mysafe-env: hint: [[render]] item.conf: see what this access key can read with: mysafe-env list secretapi
2> mysafe-env: hint: [[render]] name.conf: did you mean "LEVEL"?
? 1

$ ls *.conf 2>/dev/null
? 2

$ mysafe-env check -m mysafe.toml -m files.toml
1> ...
1> BAD       secretapi ...  FAILED  ...
2> mysafe-env: hint: see what this access key can read with: mysafe-env list secretapi
? 1
