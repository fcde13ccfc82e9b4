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

-- twice.toml --
[env]
CERT = { value = "cert", as = "file", path = "key.pem", on_disk = true }
KEY = { kind = "note", name = "orders tls key", as = "file", path = "./key.pem", on_disk = true }

-- rendered_too.toml --
[env]
KEY = { kind = "note", name = "orders tls key", as = "file", path = "key.pem", on_disk = true }

[[render]]
template = "mysafe.toml"
to = "key.pem"

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

$ mysafe-run -m twice.toml -- true
2> mysafe-run: error: twice.toml:3: env.KEY.path: names a file that twice.toml:2: env.CERT.path writes too; name another one
? 125

$ mysafe-env check --offline -m rendered_too.toml
2> mysafe-env: error: rendered_too.toml:2: env.KEY.path: names a file that rendered_too.toml:4: render[1] writes too; name another one
? 1

$ test -e key.pem
? 1
