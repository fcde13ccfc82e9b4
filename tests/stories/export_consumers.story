An export goes to its reader in one line, and takes its variables away again.

-- mysafe.toml --
[env]
DB_PASSWORD = { kind = "password", tag = "orders-db" }
LOG_LEVEL   = "info"

$ eval "$(mysafe-env export -f shell)"; eval "$(mysafe-env export -f shell --unset)"; echo "[$DB_PASSWORD$LOG_LEVEL]"
1> []

$ mysafe-env export -f shell --unset
1> unset DB_PASSWORD
1> unset LOG_LEVEL

$ mysafe-env export -f k8s-secret --name orders --namespace prod --label app=orders --only LOG_LEVEL
1> apiVersion: v1
1> kind: Secret
1> metadata:
1>   name: "orders"
1>   namespace: "prod"
1>   labels:
1>     "app": "orders"
1> type: "Opaque"
1> data:
1>   "LOG_LEVEL": "aW5mbw=="

$ GITHUB_ACTIONS=true mysafe-env export -f github-env 2>&-
? 1

$ GITHUB_ENV=env.txt; GITHUB_ACTIONS=true mysafe-env export -f github-env >> "$GITHUB_ENV"; cat "$GITHUB_ENV"
1> DB_PASSWORD<<END_OF_DB_PASSWORD_0
1> it's "made up": $HOME, a/b@c % #1
1> END_OF_DB_PASSWORD_0
1> LOG_LEVEL<<END_OF_LOG_LEVEL_0
1> info
1> END_OF_LOG_LEVEL_0
2> ::add-mask::it's "made up": $HOME, a/b@c %25 #1
2> ::add-mask::info

$ mysafe-env export -f github-env --only LOG_LEVEL
1> LOG_LEVEL<<END_OF_LOG_LEVEL_0
1> info
1> END_OF_LOG_LEVEL_0

$ mysafe-env export -f shell --unset --prefix 'x; touch canary; '; ls canary
2> mysafe-env: error: "x; touch canary; DB_PASSWORD" is not the name of a variable
2> mysafe-env: error: "x; touch canary; LOG_LEVEL" is not the name of a variable
2> mysafe-env: hint: use letters, digits and _, no digit first
2> ls: ...
? 2

$ mysafe-env export -f json --unset
2> mysafe-env: error: --unset goes with --format shell
2> mysafe-env: hint: leave it out with --format json
? 2

$ mysafe-env export -f yaml --label a=b
2> mysafe-env: error: --label goes with --format k8s-secret
2> mysafe-env: hint: leave it out with --format yaml
? 2

$ mysafe-env export -f k8s-secret --namespace "$NOT_SET_ANYWHERE"
2> mysafe-env: error: --namespace is empty
2> mysafe-env: hint: write it out, or leave the option out; an unset shell variable?
? 2

$ mysafe-env export -f k8s-secret --name "$NOT_SET_ANYWHERE"
2> mysafe-env: error: --name is empty
2> mysafe-env: hint: ...
? 2

$ mysafe-env export -f k8s-secret --type "$NOT_SET_ANYWHERE"
2> mysafe-env: error: --type is empty
2> mysafe-env: hint: ...
? 2

$ mysafe-env export -f k8s-secret --name Orders
2> mysafe-env: error: --name can't be "Orders"
2> mysafe-env: hint: Kubernetes takes lower-case letters, digits and - in names
? 2

$ umask 000; echo old > wide.env; chmod 666 wide.env; mysafe-env export -f docker-env -o wide.env; stat -c %a wide.env
1> 600

$ mkdir -m 1777 shared; ln -s ../wide.env shared/link; mysafe-env export -f docker-env -o shared/link
2> mysafe-env: error: shared/link is a symbolic link in a directory that everybody can write in
2> ...
? 1

$ mysafe-env export -f docker-env -o -
1> DB_PASSWORD=it's "made up": $HOME, a/b@c % #1
1> LOG_LEVEL=info
