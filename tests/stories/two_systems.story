What can't be had is told together, of both systems, too.

-- mysafe.toml --
[env]
FIRST  = "mysafe://secretapi/nowhere"
SECOND = "secretsafe://item/orders"
THIRD  = { template = "{{ SECOND }}" }

$ mysafe-run -- true
2> mysafe-run: error: not set: SECRETSAFE_URL, SECRETSAFE_CLIENT_ID, SECRETSAFE_CLIENT_SECRET
2> mysafe-run: hint: set SECRETSAFE_URL to the server...
2> mysafe-run: error: mysafe.toml:2: env.FIRST: no item matches secretapi identifier_code "nowhere"
2> mysafe-run: hint: see what this access key can read with: mysafe-env list secretapi
? 125

$ MYSAFE_URL=file:nowhere.toml mysafe-env export --format json
2> mysafe-env: error: nowhere.toml: can't read the vault file: No such file or directory
2> ...
2> mysafe-env: error: not set: SECRETSAFE_URL, SECRETSAFE_CLIENT_ID, SECRETSAFE_CLIENT_SECRET
2> ...
? 1
