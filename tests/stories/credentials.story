Our own credentials do not reach the child unless that is asked for.

-- mysafe.toml --
[env]
A = "1"

-- both.env --
MYSAFE_CLIENT_SECRET=from-the-file
APP=app

-- mapped.toml --
[env]
MYSAFE_CLIENT_SECRET = "meant for the child"

$ MYSAFE_CLIENT_SECRET=s SENHASEGURA_CLIENT_SECRET=s SECRETSAFE_CLIENT_SECRET=s SECRETSAFE_MASTER_PASSWORD=s mysafe-run -- sh -c 'env | grep -c -E "SECRET=|PASSWORD="'
1> 0
? 1

$ SECRETSAFE_CLIENT_SECRET_FILE=f SECRETSAFE_MASTER_PASSWORD_FILE=f SENHASEGURA_CLIENT_SECRET_FILE=f mysafe-run -- sh -c 'env | grep -c _FILE='
1> 0
? 1

$ SENHASEGURA_CLIENT_SECRET=s mysafe-run --keep-credentials -- printenv SENHASEGURA_CLIENT_SECRET
1> s

$ mysafe-run -e both.env -- sh -c 'echo "$APP ${MYSAFE_CLIENT_SECRET-stripped}"'
1> app stripped

$ mysafe-run --keep-credentials -e both.env -- printenv MYSAFE_CLIENT_SECRET
1> from-the-file

$ mysafe-run -m mapped.toml -- printenv MYSAFE_CLIENT_SECRET
1> meant for the child
