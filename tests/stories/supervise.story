With --supervise, mysafe-run stays as parent and ends as the command ends.

-- mysafe.toml --
[env]
DB_USER = { kind = "password", tag = "orders-db", field = "username" }

$ mysafe-run --supervise -- sh -c 'echo "$DB_USER"; exit 7'
1> orders_app
? 7

$ mysafe-run --supervise -c 'kill -TERM $$'
? 143

$ mysafe-run --supervise -- no-such-command
2> mysafe-run: error: command "no-such-command" was not found
2> mysafe-run: hint: check its spelling, and PATH as the command would get it
? 127

$ mysafe-run --supervise --rewrite TERM:QUIT --kill-after 5 --single-child -c 'kill -TERM $PPID; exec sleep 5'
? 131

$ mysafe-run --supervise -c 'sleep 1000 & echo "$! is told to end"; exit 3' | sed 's/^[0-9]* //'
1> is told to end

$ mysafe-run --kill-after 5 -- true
2> mysafe-run: error: --kill-after is for --supervise
2> mysafe-run: hint: add --supervise, or leave it out
? 125

$ mysafe-run --supervise --rewrite TERM -- true
2> mysafe-run: error: --rewrite is "TERM"
2> mysafe-run: hint: write FROM:TO with signals by name or number, such as TERM:QUIT, or TERM:0
? 125
