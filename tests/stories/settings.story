Flags beat the environment, which beats the settings file; what is wrong is named.

-- mysafe.toml --
[env]
KEY = "mysafe://secretapi/stripe-live"

-- literal.toml --
[env]
A = "1"

-- local.env --
MYSAFE_URL=file:vault.toml
MYSAFE_MAPPING=mysafe.toml

-- slips.env --
MYSAFE_MAPPING=nowhere.toml

-- away.env --
MYSAFE_URL=file:away.toml

-- group.toml --
[[note]]
name = "x"
note = "y"

$ env -u MYSAFE_URL mysafe-run --settings local.env -- printenv KEY
1> sk_demo_live_not_a_real_key

$ MYSAFE_URL=https://192.0.2.1 mysafe-run --vault file:vault.toml -- printenv KEY
1> sk_demo_live_not_a_real_key

$ env -u MYSAFE_URL SENHASEGURA_URL=file:vault.toml mysafe-run -- printenv KEY
1> sk_demo_live_not_a_real_key

$ env -u MYSAFE_URL mysafe-run -- printenv KEY
2> mysafe-run: error: it is not said where MySafe is: MYSAFE_URL is not set
2> mysafe-run: hint: set MYSAFE_URL, MYSAFE_CLIENT_ID and MYSAFE_CLIENT_SECRET; or try it with MYSAFE_URL=file:vault.toml
? 125

$ env -u MYSAFE_URL mysafe-run -m literal.toml -- printenv A
1> 1

$ MYSAFE_URL=https://mysafe.example.test MYSAFE_CLIENT_ID= MYSAFE_CLIENT_SECRET= mysafe-run -- true
2> mysafe-run: error: not set: MYSAFE_CLIENT_ID, MYSAFE_CLIENT_SECRET
2> mysafe-run: hint: an access key has both, see MySafe > Integrations > Access keys; the secret may stand in a file, too: MYSAFE_CLIENT_SECRET_FILE
? 125

$ MYSAFE_URL=http://mysafe.example.test mysafe-run -- true
2> mysafe-run: error: MYSAFE_URL is plain http to mysafe.example.test, which would send the client secret unencrypted
2> mysafe-run: hint: use https://, or say --insecure-http if the way there is protected otherwise
? 125

$ MYSAFE_URL=https://user:hunter2@mysafe.example.test mysafe-run -- true
2> mysafe-run: error: MYSAFE_URL holds a user name or password
2> mysafe-run: hint: ...
? 125

$ MYSAFE_TIMEOUT=soon mysafe-run -- true
2> mysafe-run: error: MYSAFE_TIMEOUT is "soon"
2> mysafe-run: hint: write a number of seconds above 0, such as 30
? 125

$ mysafe-run --timeout soon -- true
2> mysafe-run: error: --timeout is "soon"
2> ...
? 125

$ mysafe-run --ca-bundle nope -- true
2> mysafe-run: error: can't read --ca-bundle nope
2> ...
? 125

$ mysafe-run --settings nope -- true
2> mysafe-run: error: nope: there is no such file; check the path that --settings names
? 125

$ mysafe-run --settings slips.env -- true
2> mysafe-run: error: nowhere.toml: there is no such file; write one, or name another with MYSAFE_MAPPING (slips.env)
? 125

$ MYSAFE_PROFILE=prod mysafe-run -- true
2> mysafe-run: error: mysafe.toml: there is no profile "prod", which MYSAFE_PROFILE names; there are none
? 125

$ MYSAFE_TOKEN_METHOD=get MYSAFE_TOKEN_AUTH=body mysafe-run -- true
2> mysafe-run: error: MYSAFE_TOKEN_AUTH=body does not go with MYSAFE_TOKEN_METHOD=get
2> mysafe-run: hint: ...
? 125

$ MYSAFE_CLIENT_SECRET=a MYSAFE_CLIENT_SECRET_FILE=b mysafe-run -- true
2> mysafe-run: error: both MYSAFE_CLIENT_SECRET and MYSAFE_CLIENT_SECRET_FILE are set
2> mysafe-run: hint: unset one of the two
? 125

$ env -u MYSAFE_CLIENT_SECRET MYSAFE_CLIENT_SECRET_FILE=/nowhere mysafe-run --vault file:vault.toml -- printenv KEY
1> sk_demo_live_not_a_real_key

$ env -u MYSAFE_CLIENT_SECRET MYSAFE_CLIENT_SECRET_FILE=/nowhere mysafe-run -m literal.toml -- printenv A
1> 1

$ env -u MYSAFE_CLIENT_SECRET MYSAFE_CLIENT_SECRET_FILE=/nowhere mysafe-run --vault https://mysafe.example.test -- true
2> mysafe-run: error: can't read MYSAFE_CLIENT_SECRET_FILE /nowhere: No such file or directory
2> mysafe-run: hint: name a file that holds the secret alone
? 125

$ chmod 644 group.toml; mysafe-run --vault file:group.toml -- true
2> mysafe-run: error: group.toml...
2> ...
? 125

$ mysafe-run --vault file:missing.toml -- true
2> mysafe-run: error: missing.toml: can't read the vault file: No such file or directory
2> mysafe-run: hint: check the path that --vault names, and its permissions
? 125

$ env -u MYSAFE_URL mysafe-run --settings away.env -- true
2> mysafe-run: error: away.toml: can't read the vault file: No such file or directory
2> mysafe-run: hint: check the path that MYSAFE_URL (away.env) names, and its permissions
? 125
