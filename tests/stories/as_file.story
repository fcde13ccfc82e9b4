A value as a file: the variable holds a path, and nothing is on disk.

-- mysafe.toml --
[env]
TLS_KEY = { kind = "note", name = "orders tls key", as = "file" }
CONF    = { template = "user={{ USER_NAME }}\n", as = "file" }
USER_NAME = { kind = "password", tag = "orders-db", field = "username" }

$ mysafe-run -c 'head -n 1 "$TLS_KEY"; cat "$CONF" "$CONF"'
1> -----BEGIN PRIVATE KEY-----
1> user=orders_app
1> user=orders_app

$ mysafe-run -c 'sh -c "sh -c \"wc -l < \$TLS_KEY\""'
1> 5

$ mysafe-env export --format json
2> mysafe-env: error: CONF, TLS_KEY can't be exported: an entry with as = "file" lives in one process
2> mysafe-env: hint: use mysafe-run, or leave it out with --exclude
? 1
