Templates are strict: a config file is complete, or it is not written.

-- mysafe.toml --
[env]
DB_USER     = { kind = "password", tag = "orders-db", field = "username" }
DB_PASSWORD = { kind = "password", tag = "orders-db" }

-- app.ini.j2 --
{% for item in tagged("orders-prod", kind="secretapi") %}
{{ item.identifier_code }} = {{ item.client_secret }}
{% endfor %}
user = {{ DB_USER }}
url  = postgres://{{ env.DB_USER }}:{{ DB_PASSWORD|urlencode }}@db
key  = {{ secret("mysafe://secretapi/stripe-live") }}
id   = {{ item("secretapi", identifier_code="stripe-test").client_id }}
home = {{ environ.HOME|length > 0 }}

-- typo.j2 --
line one
{{ DB_PASWORD }}

-- syntax.j2 --
{{ DB_USER

-- missing_item.j2 --
{{ secret("mysafe://secretapi/nowhere") }}

-- files.toml --
[env]
DB_USER = { kind = "password", tag = "orders-db", field = "username" }

[[render]]
template = "user.j2"
to       = "out/user.conf"
mode     = "0640"

[[render]]
template = "key.j2"
to       = "out/key.conf"

-- user.j2 --
user={{ DB_USER }}

-- key.j2 --
key={{ secret("mysafe://secretapi/stripe-live") }}

-- optional.toml --
[env]
DSN = { kind = "note", name = "there is none", optional = true }

[[render]]
template = "optional.j2"
to       = "out/optional.conf"

-- optional.j2 --
dsn={{ DSN }}

-- broken.toml --
[[render]]
template = "user.j2"
to       = "out/never.conf"

-- out/.keep --

$ mysafe-env render app.ini.j2
1> mail = made-up-mail-secret
1> parcels = made-up-parcel-secret
1> user = orders_app
1> url  = postgres://orders_app:it%27s%20%22made%20up%22%3A%20%24HOME%2C%20a%2Fb%40c%20%25%20%231@db
1> key  = sk_demo_live_not_a_real_key
1> id   = acct_demo_test_0002
1> home = True

$ mysafe-env render app.ini.j2 --output app.ini && stat -c %a app.ini && head -n 1 app.ini
1> 600
1> mail = made-up-mail-secret

$ mysafe-env render typo.j2 --output typo.out
2> mysafe-env: error: typo.j2:2: "DB_PASWORD" is not there
2> mysafe-env: hint: did you mean "DB_PASSWORD"?
? 1

$ test -e typo.out
? 1

$ mysafe-env render syntax.j2
2> mysafe-env: error: syntax.j2:...
? 1

$ mysafe-env render missing_item.j2
2> mysafe-env: error: missing_item.j2:1: no item matches secretapi identifier_code "nowhere"
2> mysafe-env: hint: see what this access key can read with: mysafe-env list secretapi
? 1

$ mysafe-env render nowhere.j2
2> mysafe-env: error: can't read the template nowhere.j2: No such file or directory
2> mysafe-env: hint: check its path
? 1

$ mysafe-env render -m files.toml && stat -c '%a %n' out/*.conf && cat out/*.conf
1> 600 out/key.conf
1> 640 out/user.conf
1> key=sk_demo_live_not_a_real_key
1> user=orders_app

$ rm out/*.conf; mysafe-run -m files.toml -- cat out/key.conf
1> key=sk_demo_live_not_a_real_key

$ rm out/*.conf; mysafe-run -m files.toml --no-render -- ls out

$ mysafe-env render -m broken.toml; ls out
2> mysafe-env: error: user.j2:1: "DB_USER" is not there
2> ...

$ mysafe-env render
2> mysafe-env: error: there is nothing to render
2> mysafe-env: hint: name a TEMPLATE, or write [[render]] entries in the mapping
? 2

$ mysafe-env render -m optional.toml
2> mysafe-env: error: optional.j2:1: "DSN" is not there
2> mysafe-env: hint: it is optional, and no item matches; say what stands in its place: DSN|default('')
? 1

$ mysafe-run -m optional.toml -- true
2> mysafe-run: error: optional.j2:1: "DSN" is not there
2> mysafe-run: hint: it is optional, and no item matches; say what stands in its place: DSN|default('')
? 125
