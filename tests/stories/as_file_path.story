A value as a file of a given name, for programs that change their user or close what they inherit.

-- mysafe.toml --
[env]
TLS_KEY = { kind = "note", name = "orders tls key", as = "file", path = "key.pem", mode = "0440", on_disk = true }

-- nowhere.toml --
[env]
TLS_KEY = { kind = "note", name = "orders tls key", as = "file", path = "/proc/key.pem" }

-- wrong.toml --
[env]
TLS_KEY = { kind = "note", name = "orders tls key", path = "key.pem" }

$ mysafe-run --supervise -c 'head -n 1 "$TLS_KEY"; ls -l key.pem | cut -c 1-10; test "$TLS_KEY" = "$PWD/key.pem"'
1> -----BEGIN PRIVATE KEY-----
1> -r--r-----

$ test -e key.pem
? 1

$ mysafe-run -- test -e key.pem

$ rm key.pem

$ mysafe-run -- no-such-command
2> ...
? 127

$ test -e key.pem
? 1

$ mysafe-run -m nowhere.toml -- true
2> mysafe-run: error: /proc/key.pem of TLS_KEY would be on a disk (proc)
2> mysafe-run: hint: name a path in memory (a tmpfs, as /run and /dev/shm mostly are), or add on_disk = true to its entry
? 125

$ mysafe-run -m wrong.toml -- true
2> mysafe-run: error: wrong.toml:2: env.TLS_KEY.path: belongs to as = "file"; add it
? 125
