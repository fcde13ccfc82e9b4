What counts is the name under which a variable is exported: one that becomes dangerous is refused.

-- mysafe.toml --
[env]
preload      = "mine"
LIBRARY_PATH = { value = "meant", allow_dangerous = true }

[[tagged]]
tag  = "orders-db"
kind = "password"
name = "OPTIONS"

-- upper.toml --
[env]
ld_preload = "x"
HARMLESS   = "1"

-- app.env --
AUDIT=file

-- options.env --
OPTIONS=replaced by the tag

-- proxy.env --
http_proxy=http://127.0.0.1:9

-- empty.toml --
[env]
A = "1"

$ mysafe-env export -f docker-env --prefix LD_ --uppercase -o out.env; ls out.env
2> mysafe-env: error: preload would be exported as LD_PRELOAD, which changes how programs load code, find commands or reach the network
2> mysafe-env: error: OPTIONS would be exported as LD_OPTIONS, which changes how programs load code, find commands or reach the network
2> mysafe-env: hint: choose a --prefix that gives no such name, or leave it out with --exclude; if that is meant, write it in [env] with allow_dangerous = true
2> ls: ...
? 2

$ mysafe-env export -f docker-env --prefix LD_ --only LIBRARY_PATH
1> LD_LIBRARY_PATH=meant

$ mysafe-env export -f docker-env --prefix NODE_ -e options.env --exclude preload
2> mysafe-env: error: OPTIONS would be exported as NODE_OPTIONS, which changes ...
2> mysafe-env: hint: ...
? 1

$ mysafe-env export -f docker-env --prefix APP_ --exclude OPTIONS
1> APP_preload=mine
1> APP_LIBRARY_PATH=meant

$ mysafe-env export -f docker-env -m upper.toml --uppercase
2> mysafe-env: error: ld_preload would be exported as LD_PRELOAD, which changes ...
2> mysafe-env: hint: ...
? 1

$ mysafe-env export -f docker-env -m upper.toml --uppercase --exclude ld_preload
1> HARMLESS=1

$ mysafe-env export -f docker-env -m empty.toml -e app.env --prefix LD_ --exclude A
1> LD_AUDIT=file
2> mysafe-env: warning: AUDIT is exported as LD_AUDIT, which changes how programs load code, find commands or reach the network
2> mysafe-env: hint: choose a --prefix that gives no such name, or leave it out with --exclude; if that is meant, write it in [env] with allow_dangerous = true

$ AUDIT=mysafe://secretapi/stripe-live#name mysafe-env export -f docker-env -m empty.toml --prefix LD_ --exclude A
1> LD_AUDIT=...
2> mysafe-env: warning: AUDIT is exported as LD_AUDIT, which changes ...
2> mysafe-env: hint: ...

$ mysafe-env export -f docker-env -m empty.toml -e proxy.env --uppercase --exclude A
1> HTTP_PROXY=http://127.0.0.1:9
2> mysafe-env: warning: http_proxy is exported as HTTP_PROXY, which changes ...
2> mysafe-env: hint: ...
