An organisation of SecretSafe is managed from the command line.

-- secretsafe.toml --
[account]
email = "robot@example.test"
master_password = "correct horse battery"
iterations = 5000

[[collection]]
name = "orders"
external_id = "orders"

[[member]]
email = "ada@example.test"
status = 2
userId = "5c1de0f4-0a3b-4b6e-8d1e-7b9f00c0aa11"

[[group]]
name = "Dev"
externalId = "g1"

[[policy]]
type = 1
enabled = true

[[event]]
type = 1107
date = "2026-05-01T10:00:00.0000000Z"
actingUserId = "5c1de0f4-0a3b-4b6e-8d1e-7b9f00c0aa11"
itemId = "d2"

[[event]]
type = 1700
date = "2026-05-02T10:00:00.0000000Z"

[subscription.passwordManager]
seats = 10
storage = 1

-- mysafe.toml --
[env]
COLLECTION = "secretsafe://collections?externalId=orders#externalId"
GROUP = "secretsafe://groups?name=Dev#externalId"
MEMBER = "secretsafe://members/ada%40example.test#userId"

-- directory.json --
{"members": [{"email": "eve@example.test", "externalId": "u9", "deleted": false}]}

-- policy.json --
{"minutes": 5}

-- list.json --
[]

$ SECRETSAFE_CLIENT_ID=$ORGANIZATION mysafe-run -- sh -c 'echo $COLLECTION $GROUP $MEMBER'
1> orders g1 5c1de0f4-0a3b-4b6e-8d1e-7b9f00c0aa11

$ SECRETSAFE_CLIENT_ID=$ORGANIZATION mysafe-env secretsafe members list
1> ID                                    EMAIL             NAME  TYPE  STATUS     EXTERNALID
1> ...  ada@example.test        user  confirmed

$ SECRETSAFE_CLIENT_ID=$ORGANIZATION mysafe-env secretsafe groups list --json
1> [
1>   {
1>     "object": "group",
1>     "id": "...",
1>     "name": "Dev",
1>     "externalId": "g1",
1>     "collections": []
1>   }
1> ]

$ export SECRETSAFE_CLIENT_ID=$ORGANIZATION; id=$(mysafe-env secretsafe members create bob@example.test --type custom --permission manageUsers --collection c1:read-only,manage --json | sed -n 's/.*"id": "\(.*-.*\)",/\1/p') && mysafe-env secretsafe members update $id --external-id u2 && group=$(mysafe-env secretsafe groups create Ops | sed -n 's/^id *//p') && mysafe-env secretsafe groups set-members $group $id && mysafe-env secretsafe members groups $id --json | grep -c $group && mysafe-env secretsafe groups members $group | grep -c $id && mysafe-env secretsafe groups update $group --name Ops2 --external-id g3 --collection c1 && mysafe-env secretsafe members set-groups $id && mysafe-env secretsafe groups members $group && mysafe-env secretsafe members reinvite $id && mysafe-env secretsafe members revoke $id && mysafe-env secretsafe members get $id | grep status && mysafe-env secretsafe members restore $id && mysafe-env secretsafe members delete $id && mysafe-env secretsafe groups delete $group
1> object                 member
1> ...
1> externalId             u2
1> permissions            {"manageUsers": true}
1> ...
1> collections            [{"id": "c1", "readOnly": true, "hidePasswords": false, "manage": true}]
1> 1
1> 1
1> ...
1> name         Ops2
1> externalId   g3
1> ...
1> status                 -1

$ export SECRETSAFE_CLIENT_ID=$ORGANIZATION; id=$(mysafe-env secretsafe collections list | sed -n 's/  orders$//p') && mysafe-env secretsafe collections update $id --external-id sales --group g1:hide-passwords && mysafe-env secretsafe collections delete $id && mysafe-env secretsafe collections list --json
1> object      collection
1> id          ...
1> externalId  sales
1> groups      [{"id": "g1", "readOnly": false, "hidePasswords": true, "manage": false}]
1> []

$ export SECRETSAFE_CLIENT_ID=$ORGANIZATION; mysafe-env secretsafe policies update vault-timeout --enable --data policy.json | tail -2 && mysafe-env secretsafe policies list && mysafe-env secretsafe policies get 9 --json | grep enabled
1> enabled  true
1> data     {"minutes": 5}
1> TYPE  NAME             ENABLED  DATA
1> 1     master-password  true
1> 9     vault-timeout    true     {"minutes": 5}
1>   "enabled": true,

$ export SECRETSAFE_CLIENT_ID=$ORGANIZATION; mysafe-env secretsafe events && mysafe-env secretsafe events --format csv --member ada@example.test && mysafe-env secretsafe events --item d2 --format jsonl && mysafe-env secretsafe events --json --start 2026-05-03 --end 2026-05-04T00:00:00+02:00 && mysafe-env secretsafe events --json --end 2026-05-01T12:00:00Z | grep -c 1107
1> 2026-05-02T10:00:00.0000000Z  1700  device=9 ipAddress=192.0.2.7
1> 2026-05-01T10:00:00.0000000Z  1107  itemId=d2 actingUserId=5c1de0f4-0a3b-4b6e-8d1e-7b9f00c0aa11 device=9 ipAddress=192.0.2.7
1> date,type,actingUserId,memberId,itemId,collectionId,groupId,policyId,device,ipAddress
1> 2026-05-01T10:00:00.0000000Z,1107,5c1de0f4-0a3b-4b6e-8d1e-7b9f00c0aa11,,d2,,,,9,192.0.2.7
1> {"object": "event", "type": 1107, ...}
1> []
1> 1

$ SECRETSAFE_CLIENT_ID=$ORGANIZATION mysafe-env secretsafe import directory.json --overwrite-existing --large-import

$ SECRETSAFE_CLIENT_ID=$ORGANIZATION mysafe-env secretsafe spec --output spec.json && grep -c openapi spec.json
1> covered by this tool: 27 operations
1> of the server, not covered by this tool: 1
1>   PUT /public/organization/subscription (it buys seats and storage, which is left to the web safe)
1> of this tool, lacking on the server: 0
1> 1

$ SECRETSAFE_CLIENT_ID=$ORGANIZATION mysafe-env secretsafe spec --json | grep -c public
1> 28

$ SECRETSAFE_CLIENT_ID=$ORGANIZATION mysafe-env secretsafe subscription
1> PRODUCT          WHAT     NUMBER
1> passwordManager  seats    10
1> passwordManager  storage  1

$ SECRETSAFE_CLIENT_ID=$ORGANIZATION mysafe-env secretsafe subscription --json
1> {
1>   "passwordManager": {
1>     "seats": 10,
1>     "storage": 1
1>   }
1> }

$ mysafe-env secretsafe members list
2> mysafe-env: error: the organisation API wants an organisation's key, and SECRETSAFE_CLIENT_ID is a person's (user.)
2> mysafe-env: hint: ...
? 1

$ SECRETSAFE_CLIENT_ID=$ORGANIZATION mysafe-env secretsafe members get nope
2> mysafe-env: error: SecretSafe has no member nope (status 404)
2> mysafe-env: hint: ...
? 1

$ SECRETSAFE_CLIENT_ID=$ORGANIZATION mysafe-env secretsafe members create a@b.test --collection c1:readonly
2> mysafe-env: error: there is no access "readonly"
2> mysafe-env: hint: did you mean "read-only"?
? 2

$ mysafe-env secretsafe policies get vault-time
2> mysafe-env: error: there is no policy "vault-time"
2> mysafe-env: hint: did you mean "vault-timeout"?
? 2

$ mysafe-env secretsafe import list.json
2> mysafe-env: error: the file holds no JSON object with members or groups
2> mysafe-env: hint: see mysafe-env secretsafe import --help
? 2

$ mysafe-env secretsafe policies update 9 --data list.json
2> mysafe-env: error: the file of --data holds no JSON object
2> mysafe-env: hint: write one, such as {"minLength": 12}
? 2

$ SECRETSAFE_CLIENT_ID=$ORGANIZATION mysafe-env secretsafe events --start yesterday
2> mysafe-env: error: "yesterday" is no time
2> mysafe-env: hint: write it as 2026-05-01 or 2026-05-01T10:00:00Z
? 2

$ SECRETSAFE_CLIENT_ID=$ORGANIZATION mysafe-env secretsafe events --member nobody
2> mysafe-env: error: no member with an account is "nobody"
2> mysafe-env: hint: see mysafe-env secretsafe members list
? 1

$ SECRETSAFE_CLIENT_ID=$ORGANIZATION mysafe-env secretsafe events --member a --item b
2> mysafe-env: error: the server filters by one of --member and --item
2> mysafe-env: hint: leave one out
? 2

$ mysafe-env secretsafe events --follow --json
2> mysafe-env: error: --follow has no end
2> mysafe-env: hint: leave --end and --json out; --format jsonl goes with it
? 2

$ SECRETSAFE_CLIENT_ID=$ORGANIZATION mysafe-env secretsafe members update nobody
2> mysafe-env: error: nothing is to be changed
2> mysafe-env: hint: name an option, such as --type; see --help
? 2

$ SECRETSAFE_CLIENT_ID=$ORGANIZATION mysafe-env secretsafe members create x@y.test --type custom --permission manageUser
2> mysafe-env: error: there is no permission "manageUser"
2> mysafe-env: hint: did you mean "manageUsers"?
? 2

$ SECRETSAFE_CLIENT_ID=$ORGANIZATION mysafe-env secretsafe groups create Ops --collection :read-only
2> mysafe-env: error: ":read-only" names no id
2> mysafe-env: hint: write ID, or ID:read-only; list shows the ids
? 2

$ echo '{"members": {}, "x": 1}' | SECRETSAFE_CLIENT_ID=$ORGANIZATION mysafe-env secretsafe import -
2> mysafe-env: error: SecretSafe would not take the file: unknown key "x"; members is no list
2> mysafe-env: hint: see mysafe-env secretsafe import --help
? 2

$ echo '{"members": [{"email": "a@b.test"}, {"externalId": "u", "deleted": true}], "groups": [1, {"externalId": 5, "name": ""}, {}], "largeImport": "no"}' | SECRETSAFE_CLIENT_ID=$ORGANIZATION mysafe-env secretsafe import -
2> mysafe-env: error: SecretSafe would not take the file: largeImport is neither true nor false; groups[1] is no object; groups[2] lacks externalId; groups[2] lacks name; groups[3] lacks externalId; and more
2> mysafe-env: hint: see mysafe-env secretsafe import --help
? 2
