Vault items of SecretSafe stand where items of MySafe do, in mappings, env files, templates and the environment.

-- secretsafe.toml --
[account]
email = "robot@example.test"
master_password = "correct horse battery"
iterations = 5000

[[collection]]
name = "orders"
external_id = "orders"

[[item]]
name = "orders db"
username = "orders"
password = "s3cret"
uri = "https://db.test"
collections = ["orders"]
own_key = true
fields = [{ name = "port", value = "5432" }]

[[item]]
type = "note"
name = "flags"
notes = "a,b"
folder = "Work"

[[item]]
name = "kept from us"
username = "u"
password = "hidden"
collections = ["orders"]
hidden = true

[[item]]
name = "twice"
password = "1"

[[item]]
name = "twice"
password = "2"

-- mysafe.toml --
[env]
DB_PASSWORD = "secretsafe://item/orders%20db"
DB_USER = "secretsafe://item?name=orders%20db&collection=orders#username"
DB_PORT = "secretsafe://item/orders%20db#fields.port"
FLAGS = "secretsafe://item?folder=Work"
STRIPE = "mysafe://secretapi/stripe-live"
ABSENT = { value = "secretsafe://item/nothing", optional = true }
EMPTY = { value = "secretsafe://item/orders%20db#totp", default = "none" }
URL = { template = "{{ DB_USER }}@{{ secret('secretsafe://item/orders%20db#uri') }}" }

-- more.env --
FROM_FILE=secretsafe://item/kept%20from%20us#username

-- wrong.toml --
[env]
HIDDEN = "secretsafe://item/kept%20from%20us"
TWICE = "secretsafe://item/twice"
MISSING = "secretsafe://item/orders%20db#fields.host"
GROUP = "secretsafe://groups?name=Dev#id"

-- grammar.toml --
[env]
KIND = "secretsafe://password/x"
FIELD = "secretsafe://item/x#pasword"
SELECTOR = "secretsafe://item?tag=x"
DEFAULT = "secretsafe://item/x#password%2Fnotes"

-- tables.toml --
[env]
PASSWORD = { kind = "item", name = "orders db", collection = "orders" }
PORT = { kind = "item", name = "orders db", field = "fields.port" }
ABSENT = { kind = "item", name = "nothing", optional = true }
URL = { template = "{{ item('item', name='orders db').uri }}:{{ item('item', name='orders db').fields.port }}" }

[[tagged]]
folder = "Work"
kind = "item"
name = "WORK_{name}"

[[tagged]]
collection = "orders"
kind = "item"
fields = ["username"]
name = "{collection}_{name}_{field}"

-- hidden.toml --
[env]
DIRECT = { template = "{{ item('item', name='kept from us').password }}" }
COMPUTED = { template = "{{ item('item', name='kept from ' ~ 'us').password }}" }
EMPTY = { template = "{{ item('item', name='orders db').notes }}" }
FIELD = { template = "{{ item('item', name='orders db').fields.host }}" }
TAG = { template = "{{ tagged('orders', kind='item') }}" }
NONE = { template = "{{ tagged() }}" }
SELECTOR = { template = "{{ tagged(name='orders db') }}" }

[[tagged]]
folder = "Nowhere"
kind = "item"

[[tagged]]
collection = "orders"
kind = "item"
name = "X_{name}"

-- list.j2 --
{% for each in tagged(collection="orders") %}
{{ each.name }}: {{ each.username }}
{% endfor %}
{% for each in tagged(folder="Work", kind="item") %}
{{ each.notes }}
{% endfor %}

$ mysafe-run -m tables.toml -- sh -c 'echo "$PASSWORD $PORT ${ABSENT-unset} $URL $WORK_FLAGS $ORDERS_ORDERS_DB_USERNAME $ORDERS_KEPT_FROM_US_USERNAME"'
1> s3cret 5432 unset https://db.test:5432 a,b orders u

$ mysafe-env render list.j2
1> orders db: orders
1> kept from us: u
1> a,b

$ mysafe-env check --offline -m tables.toml
1> VARIABLE                     ITEM                                       FIELD               WHY
1> PASSWORD                     item collection "orders" name "orders db"  password/notes  ok  not fetched
1> PORT                         item name "orders db"                      fields.port     ok  not fetched
1> ABSENT                       item name "nothing"                        password/notes  ok  not fetched
1> URL                          template                                                   ok
1> WORK_{name}                  item folder "Work"                                         ok  not fetched
1> {collection}_{name}_{field}  item collection "orders"                   username        ok  not fetched

$ mysafe-env check -m hidden.toml
1> VARIABLE        ITEM...FIELD                   WHY
1> DIRECT          template...FAILED  template:1: item ... "kept from us" may be used by this account, and its password not seen: SecretSafe hides it from the member
1> COMPUTED        template...FAILED  template:1: fails with NoAccessError
1> EMPTY           template...FAILED  template:1: "notes" is not there
1> FIELD           template...FAILED  template:1: "host" is not there
1> TAG             template...FAILED  template:1: an item has no selector "tag"; SecretSafe has no tags, write collection or folder instead
1> NONE            template...FAILED  template:1: tagged() says no tag; write tagged("..."), or tagged(collection="...") for SecretSafe
1> SELECTOR        template...FAILED  template:1: tagged() takes no "name"; known are: tag, collection, folder
1> folder Nowhere  folder "Nowhere"...FAILED  nothing in SecretSafe matches item folder "Nowhere"
1> X_KEPT_FROM_US  item ...password/notes  FAILED  item ... "kept from us" may be used by this account, and its password not seen: SecretSafe hides it from the member
1> X_ORDERS_DB     item ...password/notes  ok
2> mysafe-env: hint: DIRECT, X_KEPT_FROM_US: have the collection shared without hidden passwords; ...
2> mysafe-env: hint: COMPUTED: ...
2> mysafe-env: hint: EMPTY: known are: ...
2> mysafe-env: hint: FIELD: known are: port
2> mysafe-env: hint: folder Nowhere: check the spelling, ...
? 1

$ mysafe-env list item
1> ID...NAME          FOLDER  COLLECTIONS  ACCESS
1> ...  orders db             orders       view
1> ...  flags         Work                 view
1> ...  kept from us          orders       view
1> ...  twice                              view
1> ...  twice                              view

$ mysafe-env list item --folder Work --json
1> [
1>   {
1>     "id": "...",
1>     "name": "flags",
1>     "folder": "Work",
1>     "collections": ""
1>   }
1> ]

$ mysafe-env list item --tag x
2> mysafe-env: error: an item can't be listed by --tag
2> mysafe-env: hint: it can by --name, --collection, --folder
? 2

$ mysafe-env list groups
2> mysafe-env: error: "groups" is no kind of item
2> mysafe-env: hint: see mysafe-env secretsafe groups --help
? 2

$ mysafe-env update item 1 --name x
2> mysafe-env: error: items of SecretSafe are read here, and not changed
2> mysafe-env: hint: use SecretSafe's own client
? 2

$ mysafe-env list item --name 'orders db' | grep -o '^[0-9a-f-]*' > id; mysafe-env get item "$(cat id)"
1> id           ...
1> name         orders db
1> username     orders
1> password     ********
1> uri          https://db.test
1> fields.port  ********

$ mysafe-env get item "$(cat id)" --field fields.port
1> 5432

$ mysafe-env get item "$(cat id)" --field totp
2> mysafe-env: error: item ... has no totp, it is empty in SecretSafe
? 1

$ mysafe-env list item --name 'kept from us' | grep -o '^[0-9a-f-]*' > id; mysafe-env get item "$(cat id)" --reveal --json
1> {
1>   "id": "...",
1>   "name": "kept from us",
1>   "username": "u",
1>   "password": null
1> }
2> mysafe-env: warning: item ... "kept from us" may be used by this account, and its password not seen: SecretSafe hides it from the member

$ mysafe-env get item "$(cat id)" --field fields.host
2> mysafe-env: error: item ... has no fields.host, nor any other of its own
? 1

$ mysafe-env get item nothing
2> mysafe-env: error: there is no item with id nothing in this account
2> mysafe-env: hint: see mysafe-env list item: it may be in the trash, or in a collection that is not shared with the account
? 1

$ mysafe-run -e more.env -- sh -c 'echo "$DB_USER $DB_PASSWORD $DB_PORT $FLAGS ${ABSENT-unset} $EMPTY $URL $FROM_FILE"'
1> orders s3cret 5432 a,b unset none orders@https://db.test u

$ INHERITED=secretsafe://item/orders%20db mysafe-run -- printenv INHERITED
1> s3cret

$ mysafe-run -- env | grep -c 'SECRETSAFE_.*SECRET=\|MASTER'
1> 0
? 1

$ mysafe-env check -m wrong.toml
1> VARIABLE  ITEM                      FIELD                   WHY
1> HIDDEN    item name "kept from us"  password/notes  FAILED  item ... "kept from us" may be used by this account, and its password not seen: SecretSafe hides it from the member
1> TWICE     item name "twice"         password/notes  FAILED  2 items match item name "twice": ...
1> MISSING   item name "orders db"     fields.host     FAILED  item ... has no fields.host, but fields.port
1> GROUP     groups name "Dev"         id              FAILED  groups are read with an organisation's key, and SECRETSAFE_CLIENT_ID is a person's (user.)
2> mysafe-env: hint: HIDDEN: have the collection shared ...
2> mysafe-env: hint: TWICE: name one of them, such as ...
2> mysafe-env: hint: MISSING: fill it in there, ...
2> mysafe-env: hint: GROUP: set SECRETSAFE_CLIENT_ID and SECRETSAFE_CLIENT_SECRET ...
? 1

$ mysafe-env check --offline -m grammar.toml
2> mysafe-env: error: grammar.toml:2: env.KIND: there is no kind "password"; ...
2> mysafe-env: error: grammar.toml:3: env.FIELD: an item has no field "pasword"; did you mean "password"?
2> mysafe-env: error: grammar.toml:4: env.SELECTOR: an item has no selector "tag"; ...
2> mysafe-env: error: grammar.toml:5: env.DEFAULT: an item has no such field; ...
? 1

$ SECRETSAFE_MASTER_PASSWORD=wrong mysafe-run -- true
2> mysafe-run: error: the master password is wrong
2> mysafe-run: hint: check SECRETSAFE_MASTER_PASSWORD ...
? 125

$ SECRETSAFE_MASTER_PASSWORD= mysafe-run -- true
2> mysafe-run: error: not set: SECRETSAFE_MASTER_PASSWORD
2> mysafe-run: hint: vault items are decrypted here: set it, or SECRETSAFE_MASTER_PASSWORD_FILE to a file that holds it
? 125

$ SECRETSAFE_URL= mysafe-run -- true
2> mysafe-run: error: not set: SECRETSAFE_URL
2> mysafe-run: hint: ...
? 125

$ SECRETSAFE_CLIENT_ID=$ORGANIZATION mysafe-run -m wrong.toml -- true
2> ...
? 125

$ SECRETSAFE_MASTER_PASSWORD= mysafe-run -- true <&-
2> mysafe-run: error: not set: SECRETSAFE_MASTER_PASSWORD
2> mysafe-run: hint: vault items are decrypted here: ...
? 125

$ SECRETSAFE_MASTER_PASSWORD= mysafe-env check --offline
1> ...
2> mysafe-env: warning: a run from here would fail: not set: SECRETSAFE_MASTER_PASSWORD
2> mysafe-env: hint: vault items are decrypted here: ...

$ SECRETSAFE_URL= mysafe-env check --offline
1> ...
2> mysafe-env: warning: a run from here would fail: not set: SECRETSAFE_URL
2> mysafe-env: hint: set SECRETSAFE_URL to the server, ...

$ SECRETSAFE_MASTER_PASSWORD= SECRETSAFE_CLIENT_ID=organization.x mysafe-env check --offline
1> ...
