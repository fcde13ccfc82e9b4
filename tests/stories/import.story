A team moves its .env file into the vault, and starts its program with the mapping that it gets back.

-- .env --
DB_PASSWORD='it is "made up": $HOME'
CERT="line 1
line 2"
LEVEL=

$ mysafe-env import .env --prefix shop/ --tags shop --dry-run
1> ROW  KIND      NAME              VARIABLE     STATUS  IDENTIFIER
1> 1    password  shop/DB_PASSWORD  DB_PASSWORD  new
1> 2    password  shop/CERT         CERT         new

$ mysafe-env import .env --prefix shop/ --tags shop --result done.jsonl --mapping-out mysafe.toml
1> ROW  KIND      NAME              VARIABLE     STATUS   IDENTIFIER
1> 1    password  shop/DB_PASSWORD  DB_PASSWORD  created  4
1> 2    password  shop/CERT         CERT         created  5

$ cat mysafe.toml
1> # Made by mysafe-env import. It holds no secret.
1>
1> [env]
1> DB_PASSWORD = { kind = "password", identifier = "4" }  # shop/DB_PASSWORD
1> CERT = { kind = "password", identifier = "5" }  # shop/CERT
1> LEVEL = ""

$ mysafe-run -- sh -c 'echo "$DB_PASSWORD|$CERT|$LEVEL"'
1> it is "made up": $HOME|line 1
1> line 2|

$ mysafe-env import .env --prefix shop/ --result done.jsonl
1> ROW  KIND      NAME              VARIABLE     STATUS          IDENTIFIER
1> 1    password  shop/DB_PASSWORD  DB_PASSWORD  created before  4
1> 2    password  shop/CERT         CERT         created before  5

$ mysafe-env import .env --prefix shop/
1> ROW  KIND      NAME              VARIABLE     STATUS  IDENTIFIER
1> 1    password  shop/DB_PASSWORD  DB_PASSWORD  exists  4
1> 2    password  shop/CERT         CERT         exists  5
2> mysafe-env: error: row 1: there is a password "shop/DB_PASSWORD" already
2> mysafe-env: error: row 2: there is a password "shop/CERT" already
2> mysafe-env: hint: change the row, set the new items apart with --prefix, or give the result file of the earlier import with --result
? 1
