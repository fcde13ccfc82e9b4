Config files are written together or not at all: looked at first, and left alone where nothing changed.

-- mysafe.toml --
[env]
LOG_LEVEL   = "info"
DB_USER     = { kind = "password", tag = "orders-db", field = "username" }
DB_PASSWORD = { kind = "password", tag = "orders-db" }

[[render]]
template = "templates/app.yaml.j2"
to       = "etc/app.yaml"
mode     = "0640"
command  = ["sh", "-c", "echo reloaded"]

[[render]]
template = "templates/conf.d"
to       = "etc/conf.d"

-- templates/app.yaml.j2 --
# The program's settings.
level: {{ LOG_LEVEL }}
password: {{ DB_PASSWORD|tojson }}

-- templates/conf.d/db.ini.j2 --
[db]
user = {{ DB_USER|ini }}
password = {{ DB_PASSWORD|ini }}

-- templates/conf.d/sub/static.conf --
copied = {{ as it is }}

-- broken.toml --
[env]
DB_PASSWORD = { kind = "password", tag = "orders-db" }

[[render]]
template = "templates/one.j2"
to       = "etc/one"

[[render]]
template = "templates/two.j2"
to       = "etc/two"

[[render]]
template = "templates/three.j2"
to       = "etc/three"

-- templates/one.j2 --
one {{ DB_PASSWORD }}

-- templates/two.j2 --
two {{ DB_PASSWORD }}

-- templates/three.j2 --
{% include "parts/auth.j2" %}

-- templates/parts/auth.j2 --
# nginx knows no escape for a dollar sign.
auth {{ DB_PASSWORD|nginx }};

-- shared/header.j2 --
# made by {{ environ.HOME and "mysafe-env" }}

-- header.toml --
[env]
DB_USER = { kind = "password", tag = "orders-db", field = "username" }

[[render]]
template      = "with_header.j2"
template_path = ["shared"]
to            = "etc/with_header"

-- with_header.j2 --
{% include "header.j2" %}
user {{ DB_USER }}

-- etc/.keep --

$ mysafe-env render --check
1> etc/app.yaml
1> etc/conf.d/db.ini
1> etc/conf.d/sub/static.conf
? 1

$ mysafe-env render
2> reloaded

$ mysafe-env render --check && mysafe-env render

$ stat -c '%a %n' etc/app.yaml etc/conf.d etc/conf.d/db.ini && cat etc/conf.d/sub/static.conf && tail -n 1 etc/conf.d/db.ini
1> 640 etc/app.yaml
1> 700 etc/conf.d
1> 600 etc/conf.d/db.ini
1> copied = {{ as it is }}
1> password = it's "made up": $HOME, a/b@c %% #1

$ sed -i 's/info/debug/' mysafe.toml; sed -i 's/it.s/was/' etc/conf.d/db.ini; mysafe-env render --diff
1> --- etc/app.yaml
1> +++ etc/app.yaml
1> @@ -1,3 +1,3 @@
1>  # The program's settings.
1> -level: ********
1> +level: debug
1>  password: ********
1> --- etc/conf.d/db.ini
1> +++ etc/conf.d/db.ini
1> @@ -1,3 +1,3 @@
1>  [db]
1>  user = ********
1> -password = ********
1> +password = ********
? 1

$ mysafe-env render -v 2>&1 | grep -v ': note: [gl]'
1> reloaded
1> mysafe-env: note: wrote etc/app.yaml
1> mysafe-env: note: wrote etc/conf.d/db.ini

$ mysafe-env render -m broken.toml; ls etc
1> app.yaml
1> conf.d
2> mysafe-env: error: templates/parts/auth.j2:2: nginx can't take DB_PASSWORD: it holds a $, which nginx takes for a variable and can't escape
2> mysafe-env: hint: change the value, or put it where its reader has no such rule

$ mysafe-run -m broken.toml -- echo never started
2> mysafe-run: error: templates/parts/auth.j2:2: nginx can't take DB_PASSWORD: ...
2> ...
? 125

$ mysafe-env render with_header.j2
2> mysafe-env: error: with_header.j2:1: includes "header.j2", which is not in its folder
2> mysafe-env: hint: ...; other folders are named with --template-path, or template_path in [[render]]
? 1

$ mysafe-env render with_header.j2 --template-path templates
2> mysafe-env: error: with_header.j2:1: includes "header.j2", which is not in its folder nor in templates
2> ...
? 1

$ mysafe-env render with_header.j2 --template-path shared
1> # made by mysafe-env
1> user orders_app

$ mysafe-env render with_header.j2 --template-path share
2> mysafe-env: error: --template-path: there is no directory share
2> mysafe-env: hint: templates are looked for there
? 1

$ mysafe-run -m header.toml -- cat etc/with_header
1> # made by mysafe-env
1> user orders_app

$ mkdir over && echo over > over/header.j2 && mysafe-env render -m header.toml --template-path over && head -n 1 etc/with_header
1> over

$ printf '{{ DB_USER|shquote }} {{ DB_PASSWORD|netrc }}' | mysafe-env render -
1> orders_app "it's \"made up\": $HOME, a/b@c % #1"

$ printf '{{ DB_USER }}' | mysafe-env render - --output etc/user && cat etc/user
1> orders_app

$ printf '{{ DB_USER }}' | mysafe-env render - --output etc/user --check

$ printf '\n{{ DB_USR }}' | mysafe-env render - --output -
2> mysafe-env: error: standard input:2: "DB_USR" is not there
2> mysafe-env: hint: did you mean "DB_USER"?
? 1

$ mysafe-env render - <&-
2> mysafe-env: error: standard input is closed
2> ...
? 1

$ printf '\377' | mysafe-env render -
2> mysafe-env: error: standard input is not UTF-8 text
2> ...
? 1

$ mysafe-env render with_header.j2 --check
2> mysafe-env: error: there is no file to compare with
2> mysafe-env: hint: name it with --output FILE
? 2

$ mysafe-env render --output etc/x
2> mysafe-env: error: --output goes with a TEMPLATE
2> ...
? 2

$ mysafe-env render templates/conf.d
2> mysafe-env: error: templates/conf.d is a directory
2> mysafe-env: hint: name the directory for its files with --output DIR
? 2

$ mysafe-env render templates/conf.d --output copy && ls copy copy/sub
1> copy:
1> db.ini
1> sub
1> 
1> copy/sub:
1> static.conf
