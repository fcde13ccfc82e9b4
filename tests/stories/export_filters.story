Exports take part of the mapping, under other names, and say what each format is for.

-- mysafe.toml --
[env]
db_user     = "orders"
DB_PASSWORD = { kind = "password", tag = "orders-db" }
TLS_KEY     = { kind = "note", name = "orders tls key", as = "file" }
NO_DSN      = { kind = "note", name = "sentry dsn", optional = true }

-- clash.toml --
[env]
TOKEN = "1"
token = "2"

-- lines.toml --
[env]
KEY = """
a
b"""
NUL = "a\u0000b"

$ mysafe-env export --format json --exclude 'TLS_*' --prefix app_ --uppercase
1> {
1>   "APP_DB_USER": "orders",
1>   "APP_DB_PASSWORD": "it's \"made up\": $HOME, a/b@c % #1"
1> }

$ mysafe-env export --format node-env --only db_user --only NO_DSN
1> db_user='orders'

$ mysafe-env export --format json --only DB_PASSWRD
2> mysafe-env: error: --only: there is no variable "DB_PASSWRD"
2> mysafe-env: hint: did you mean "DB_PASSWORD"?
? 2

$ mysafe-env export --format json
2> mysafe-env: error: TLS_KEY can't be exported: an entry with as = "file" lives in one process
2> mysafe-env: hint: use mysafe-run, or leave it out with --exclude
? 1

$ mysafe-env export --format json --mapping clash.toml --uppercase
2> mysafe-env: error: TOKEN and token would both be exported as TOKEN
2> mysafe-env: hint: leave one out with --exclude
? 1

$ mysafe-env export --format docker-env --mapping lines.toml --output out.env; ls out.env
2> mysafe-env: error: docker-env can't carry KEY: it holds a newline
2> mysafe-env: hint: use --format compose-env, which can
2> mysafe-env: error: docker-env can't carry NUL: it holds a NUL character
2> mysafe-env: hint: use --format json, which can
2> ls: ...
? 2

$ mysafe-env export --list-formats | head -n 4
1> FORMAT           READ BY ... CANNOT CARRY
1> json             any program that reads JSON ... -
1> shell            sh, dash, bash, zsh, ksh: ... NUL; names that shells keep for themselves...
1> fish             fish: mysafe-env export -f fish | source ... NUL; names that fish keeps for itself...

$ mkdir empty; cd empty; mysafe-env export --format json
2> mysafe-env: error: there is nothing to export
2> mysafe-env: hint: write a mysafe.toml here, or name one with --mapping FILE
? 2

$ mysafe-env export --format jsn
2> mysafe-env: error: there is no export format "jsn"
2> mysafe-env: hint: did you mean "json"?
? 2
