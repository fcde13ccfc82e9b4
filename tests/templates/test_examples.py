"""The shipped examples: rendered with hostile values, and checked by the program that each is for."""

import ast
import base64
import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import jsonschema  # type: ignore[import-untyped]  # it ships no types
import psycopg
import pytest
import yaml

from tests.export.consumers import SECRET_SCHEMA
from tests.export.consumers import kubectl as read_secret
from tests.render import readers
from tests.support.forked import ForkServer
from tests.support.ports import free_port
from tests.support.process import DEADLINE_SECONDS, run
from tests.support.scripted_server import Reply, Request, ScriptedServer
from tests.templates import programs
from tests.templates.examples import SHIPPED, Example, copy_example, render
from tests.templates.programs import checked, ran

# None: those of the shipped vault. bcrypt takes 72 bytes at most.
SECRETS = {
    "shipped": None,
    "quotes": "'it''s' \"x\" `y` \\ \\\\ \\' \\n \\",
    "expansions": "$HOME ${HOME} $(id) %(x)s %% {{ x }} <%= 1 %> {% x %}",
    "separators": "a:b@c/d?e=f&g #h ;i ,j !k *l ~m [n] |o > p",
    "unicode": "grüße 漢字 \U0001f511 \u2028 \x85\ufeff",
    "number": "0123",
    "spaces": "  two  ",
    "json": '{"a": null}',
}
LINES = "two\nrows"


def _yaml(text: str) -> Any:  # noqa: ANN401  # whatever the document holds
    return yaml.safe_load(text)


def _basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def check_nginx(example: Example) -> None:
    """nginx itself takes the configuration, and the header and the password file hold what they should."""
    readers.require("nginx", "htpasswd")
    for name in ("orders.crt", "orders.key", "orders.htpasswd"):
        shutil.copy(example.path(name), example.folder)
    (example.folder / "nginx.conf").write_text(
        f"pid {example.folder}/pid; error_log stderr; events {{}} http {{ access_log off; include out/orders.conf; }}"
    )
    checked("nginx", "-t", "-q", "-p", str(example.folder), "-c", str(example.folder / "nginx.conf"))
    assert f'"{_basic("proxy", example.password("orders backend"))}"' in example.text("orders.conf")
    checked("htpasswd", "-vb", str(example.path("orders.htpasswd")), "metrics", example.password("monitoring"))


def check_postgresql(example: Example) -> None:
    """libpq finds service and password, and sends what the vault holds."""
    with readers.asking_postgres() as (port, passwords):
        for name in (".pgpass", ".pg_service.conf"):
            text = example.text(name).replace("db.example.test", "127.0.0.1").replace("5432", str(port))
            example.path(name).write_text(text, "utf-8")
        service = _service(example.path(".pg_service.conf"))
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(**service, passfile=str(example.path(".pgpass")), sslmode="disable")
    assert [example.password("orders database")] == passwords


def _service(path: Path) -> dict[str, Any]:
    """What stands in the section of a service; libpq finds the file by a variable that it reads once only."""
    lines = (line for line in path.read_text("utf-8").splitlines() if "=" in line and not line.startswith("#"))
    return dict(line.split("=", 1) for line in lines)


def check_netrc(example: Example) -> None:
    """curl and Python find the login."""
    readers.require("curl")
    import netrc  # noqa: PLC0415  # a common word

    seen: list[str] = []
    with ScriptedServer(_noting(seen)) as server:
        host, port = server.address
        place = f"registry.example.test:{port}"
        options = ("-sS", "--noproxy", "*", "--resolve", f"{place}:{host}", "--netrc-file", str(example.path(".netrc")))
        checked("curl", *options, f"http://{place}/")
    password = example.password("package registry")
    assert [_basic("robot", password)] == seen
    assert ("robot", "", password) == netrc.netrc(example.path(".netrc")).hosts["registry.example.test"]


def _noting(seen: list[str]) -> Callable[[Request], Reply]:
    def answer(request: Request) -> Reply:
        seen.append(request.headers.get("authorization", ""))
        return Reply(body=b'{"username": "robot"}')

    return answer


def check_npm_pip(example: Example) -> None:
    """npm logs in with the password, and pip reads it out of its URL."""
    readers.require("npm")
    seen: list[str] = []
    with ScriptedServer(_noting(seen)) as server:
        text = example.text(".npmrc").replace("https:", "http:")
        place = f"127.0.0.1:{server.address[1]}"
        example.path(".npmrc").write_text(text.replace("registry.example.test", place), "utf-8")
        quiet = {"npm_config_update_notifier": "false", "npm_config_cache": str(example.folder / "cache")}
        checked("npm", "ping", "--userconfig", str(example.path(".npmrc")), **quiet, HOME=str(example.folder))
    assert _basic("robot", example.password("package registry")) in seen
    listed = checked("python3", "-m", "pip", "config", "list", PIP_CONFIG_FILE=str(example.path("pip.conf")))
    [shown] = [line for line in listed.splitlines() if line.startswith("global.index-url=")]
    url = urlsplit(ast.literal_eval(shown.partition("=")[2]))
    assert ("robot", example.password("package registry")) == (url.username, unquote(url.password or ""))


def check_docker_config(example: Example) -> None:
    """The Docker client reads the file without a word, and the login is in it."""
    readers.require("docker")
    done = ran("docker", "--config", str(example.path("").parent / "out"), "context", "ls")
    assert (0, b"") == (done.code, done.stderr)
    auth = json.loads(example.text("config.json"))["auths"]["registry.example.test"]["auth"]
    assert f"robot:{example.password('package registry')}" == base64.b64decode(auth).decode()


def check_haproxy(example: Example) -> None:
    """HAProxy takes the configuration; the filter's own tests show that it reads the same value."""
    readers.require("haproxy")
    checked("haproxy", "-c", "-q", "-f", str(example.path("haproxy.cfg")))
    assert _basic("proxy", example.password("orders backend")) in example.text("haproxy.cfg")


def check_redis(example: Example) -> None:
    """A server with the file lets the user in, and nobody else."""
    readers.require("redis-server")
    with _redis(example.folder, example.path("users.acl")) as port:
        password = example.password("Orders sessions")
        assert (b"+OK", b"-WRONGPASS") == (_auth(port, password), _auth(port, password + "x"))


@contextmanager
def _redis(folder: Path, acl: Path) -> Iterator[int]:
    port = free_port()
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    with readers.serving([*command, "--aclfile", str(acl)], port):
        yield port


def _auth(port: int, password: str) -> bytes:
    words = [word.encode() for word in ("AUTH", "orders", password)]
    request = b"*3\r\n" + b"".join(b"$%d\r\n%b\r\n" % (len(word), word) for word in words)
    with socket.create_connection(("127.0.0.1", port), DEADLINE_SECONDS) as connection:
        connection.sendall(request)
        return connection.recv(1000).split()[0]


def check_prometheus(example: Example) -> None:
    """promtool and amtool take the files, and they hold the values."""
    readers.require("promtool", "amtool")
    checked("promtool", "check", "config", str(example.path("prometheus.yml")))
    checked("promtool", "check", "web-config", str(example.path("web.yml")))
    checked("amtool", "check-config", str(example.path("alertmanager.yml")))
    scrape = _yaml(example.text("prometheus.yml"))["scrape_configs"][0]["basic_auth"]
    receiver = _yaml(example.text("alertmanager.yml"))["receivers"][0]["pagerduty_configs"][0]
    assert (example.password("monitoring"), example.password("Orders pager")) == (
        scrape["password"],
        receiver["routing_key"],
    )


def check_grafana(example: Example) -> None:
    """The file has the fields that Grafana reads, and its model finds the password; Grafana itself is not to be had."""
    file = _yaml(example.text("orders.yaml"))
    jsonschema.validate(file, programs.GRAFANA_SCHEMA)
    [source] = file["datasources"]
    assert example.password("orders database") == programs.grafana_value(source["secureJsonData"]["password"])
    assert "orders_app" == programs.grafana_value(source["user"])


def check_spring(example: Example) -> None:
    """Java reads the property."""
    readers.require("java")
    path = str(example.path("application.properties"))
    lines = checked("java", "-XX:TieredStopAtLevel=1", str(readers.JAVA), "reader", path).splitlines()
    found = {name: value for name, _, value in (line.partition(" ") for line in lines)}
    password = base64.b64decode(found["spring.datasource.password"]).decode()
    assert example.password("orders database") == password


def check_django(example: Example) -> None:
    """Python reads the settings."""
    code = "import json, local_settings as s; print(json.dumps([s.SECRET_KEY, s.DATABASES['default']['PASSWORD']]))"
    printed = checked("python3", "-c", code, PYTHONPATH=str(example.folder / "out"), PYTHONDONTWRITEBYTECODE="1")
    assert [example.password("Orders sessions"), example.password("orders database")] == json.loads(printed)


def check_rails(example: Example) -> None:
    """Ruby reads the file as Rails does: ERB, then YAML."""
    readers.require("ruby")
    code = "require 'erb'; require 'yaml'; require 'json'; "
    code += "puts JSON.generate(YAML.safe_load(ERB.new(File.read(ARGV[0], encoding: 'utf-8')).result))"
    printed = checked("ruby", "-e", code, str(example.path("database.yml")), LANG="C.UTF-8")
    assert example.password("orders database") == json.loads(printed)["production"]["password"]


def check_kubernetes(example: Example) -> None:
    """kubectl reads the values in the Secret, and knows all that the Deployment asks for."""
    secret = example.path("secret.yaml")
    jsonschema.validate(_yaml(secret.read_text("utf-8")), SECRET_SCHEMA)
    found = read_secret(secret, {"DB_USER": "", "DB_PASSWORD": ""})
    assert {"DB_USER": "orders_app", "DB_PASSWORD": example.password("orders database")} == found
    asked = _yaml(example.text("deployment.yaml"))
    held = programs.deployed(example.path("deployment.yaml"))
    assert [".spec.template.spec.containers[0].image"] == programs.missing_keys(asked, held)
    spec = held["spec"]
    assert spec["selector"]["matchLabels"].items() <= spec["template"]["metadata"]["labels"].items()
    assert [{"secretRef": {"name": "orders"}}] == spec["template"]["spec"]["containers"][0]["envFrom"]


def check_ci(example: Example) -> None:
    """The rendered file is that of the PostgreSQL example; the jobs are checked below."""
    assert example.text(".pgpass").endswith("\n")


CHECKS: dict[str, Callable[[Example], None]] = {
    "nginx": check_nginx,
    "postgresql": check_postgresql,
    "netrc": check_netrc,
    "npm-pip": check_npm_pip,
    "docker-config": check_docker_config,
    "haproxy": check_haproxy,
    "redis": check_redis,
    "prometheus": check_prometheus,
    "grafana": check_grafana,
    "spring": check_spring,
    "django": check_django,
    "rails": check_rails,
    "kubernetes": check_kubernetes,
    "ci": check_ci,
}
# Where a value of several lines has no form.
ONE_LINE = {"postgresql": "pgpass", "netrc": "netrc", "haproxy": "haproxy", "ci": "pgpass"}


# npm is slow to start, and gets its values in Base64.
RUNS = [
    (name, secret) for name in CHECKS for secret in SECRETS if name != "npm-pip" or secret in {"shipped", "unicode"}
]


@pytest.mark.parametrize(("name", "secret"), RUNS)
def test_the_program_reads_the_value(name: str, secret: str, tmp_path: Path, forks: ForkServer) -> None:
    """Each file is what its program wants, whatever the values hold; rendered again, nothing changes."""
    example = copy_example(name, tmp_path / "templates", SECRETS[secret])
    done = render(example, forks)
    assert (0, b"") == (done.code, done.stderr), done.stderr
    again = render(example, forks, "--check")
    assert (0, b"") == (again.code, again.stdout)
    CHECKS[name](example)


def test_an_empty_value_in_a_secret_of_kubernetes(tmp_path: Path, forks: ForkServer) -> None:
    """It is the empty text, and not nothing, which the API server would refuse."""
    example = copy_example("kubernetes", tmp_path / "templates", "")
    done = render(example, forks)
    secret = _yaml(example.text("secret.yaml"))

    assert (0, b"") == (done.code, done.stderr)
    jsonschema.validate(secret, SECRET_SCHEMA)
    assert "" == secret["data"]["DB_PASSWORD"]


@pytest.mark.parametrize("name", [name for name in CHECKS if name not in {"npm-pip", "nginx"}])
def test_a_value_of_several_lines(name: str, tmp_path: Path, forks: ForkServer) -> None:
    """It is carried, or refused with the filter, the variable and the line; never cut."""
    example = copy_example(name, tmp_path / "templates", LINES)
    done = render(example, forks)
    if name in ONE_LINE:
        assert f".j2:{2 if ONE_LINE[name] == 'pgpass' else ''}".encode() in done.stderr
        assert f"{ONE_LINE[name]} can't take ".encode() in done.stderr
        assert b"rows" not in done.stderr
        assert (1, False) == (done.code, example.path("").exists())
    else:
        assert (0, b"") == (done.code, done.stderr)
        CHECKS[name](example)


@pytest.mark.parametrize("name", CHECKS)
def test_a_diff_shows_no_value(name: str, tmp_path: Path, forks: ForkServer) -> None:
    """Neither for new files nor for changed ones, in none of the forms that the filters give to a value."""
    example = copy_example(name, tmp_path / "templates", "canary-old%20")
    first = render(example, forks, "--diff")
    assert 0 == render(example, forks).code
    second = copy_example(name, tmp_path / "templates", "canary-new%21")
    changed = render(second, forks, "--diff")
    assert (1, 1) == (first.code, changed.code)
    old = "".join(path.read_text("utf-8") for path in example.path("").rglob("*") if path.is_file())
    for shown in (first.stdout.decode(), changed.stdout.decode()):
        assert b"" == first.stderr + changed.stderr
        words = {word for line in shown.splitlines() for word in line[1:].split()}
        forms = ("canary", base64.b64encode(b":canary").decode()[2:8], "Y2FuYXJ5", "$2y$", "$2b$")
        assert [] == [form for form in forms if form in shown]
        assert words
        assert old


def test_every_folder_ischecked() -> None:
    """A new example needs a check."""
    folders = {path.name for path in SHIPPED.iterdir() if path.is_dir()}
    assert folders == {*CHECKS, "docker", "systemd"}
    readme = (SHIPPED / "README.md").read_text("utf-8")
    assert [] == [name for name in folders if f"| `{name}` |" not in readme]


def test_the_first_example(tmp_path: Path, forks: ForkServer) -> None:
    """app.yaml is YAML with the demo's values."""
    environment = {"MYSAFE_URL": f"file:{SHIPPED.parent}/mysafe_env/demo/vault.toml"}
    done = forks.run("mysafe-env", "render", "app.yaml.j2", environment=environment, folder=SHIPPED)
    assert 'it\'s "made up": $HOME, a/b@c % #1' == _yaml(done.stdout.decode())["database"]["password"]
    assert [] == [*tmp_path.iterdir()]


def test_the_readme_is_enough(tmp_path: Path, forks: ForkServer) -> None:
    """The template of the README works with the mapping of the README, and its entry is one."""
    text = (SHIPPED.parent / "README.md").read_text("utf-8")
    section = text.partition("### Rendered files")[2].partition("\n### ")[0]
    template, entry = (section.partition(f"```{kind}\n")[2].partition("```")[0] for kind in ("jinja", "toml"))
    mapping = text.partition("<!-- mapping -->\n```toml\n")[2].partition("```")[0]
    entry = entry.replace("/etc/orders/app.yaml", "app.yaml").replace('"root:orders"', f'"{os.getuid()}"')
    (tmp_path / "mysafe.toml").write_text(mapping + entry.replace('"systemctl", "reload", "orders"', '"true"'))
    (tmp_path / "app.yaml.j2").write_text(template)
    environment = {"MYSAFE_URL": f"file:{SHIPPED.parent}/mysafe_env/demo/vault.toml", "PATH": os.environ["PATH"]}
    done = forks.run("mysafe-env", "render", environment=environment, folder=tmp_path)
    assert (0, b"") == (done.code, done.stderr)
    data = _yaml((tmp_path / "app.yaml").read_text("utf-8"))
    assert 'it\'s "made up": $HOME, a/b@c % #1' == data["database"]["password"]
    assert {"mail": "made-up-mail-secret", "parcels": "made-up-parcel-secret"} == data["hooks"]


def test_the_systemd_unit(tmp_path: Path) -> None:
    """systemd finds nothing wrong with it."""
    readers.require("systemd-analyze")
    unit = (SHIPPED / "systemd/orders.service").read_text("utf-8")
    path = tmp_path / "orders.service"
    path.write_text(unit.replace("/usr/local/bin/mysafe-run", shutil.which("true") or ""))
    done = ran("systemd-analyze", "verify", "--man=no", "--recursive-errors=no", str(path))
    assert (0, b"") == (done.code, done.stderr)


def test_the_container_files() -> None:
    """hadolint and the Compose schema take them: a read-only root with one tmpfs, where the mapping renders to."""
    programs.check_dockerfile(SHIPPED / "docker/Dockerfile")
    programs.check_schema("compose-spec", SHIPPED / "docker/compose.yaml")
    service = _yaml((SHIPPED / "docker/compose.yaml").read_text("utf-8"))["services"]["orders"]
    assert (True, ["/run/orders:mode=0700,uid=1000"]) == (service["read_only"], service["tmpfs"])
    assert 'to       = "/run/orders/' in (SHIPPED / "docker/mysafe.toml").read_text("utf-8")
    lines = (SHIPPED / "docker/Dockerfile").read_text("utf-8").splitlines()
    [entrypoint] = [json.loads(line.removeprefix("ENTRYPOINT ")) for line in lines if line.startswith("ENTRYPOINT ")]
    assert ["mysafe-run", "--"] == entrypoint


def test_the_jobs() -> None:
    """GitHub's own parser takes its file, GitLab's schema the other one; both run our commands."""
    assert [] == programs.workflow_errors(SHIPPED / "ci/github-actions.yml")
    programs.check_schema("gitlab-ci", SHIPPED / "ci/gitlab-ci.yml", "--data-transform", "gitlab-ci")
    github = _yaml((SHIPPED / "ci/github-actions.yml").read_text("utf-8"))
    gitlab = _yaml((SHIPPED / "ci/gitlab-ci.yml").read_text("utf-8"))
    commands = [step.get("run", "") for step in github["jobs"]["migrate"]["steps"]] + gitlab["migrate"]["script"]
    assert 4 == sum(command.startswith(("mysafe-run ", "mysafe-env ")) for command in commands)


CONTAINER = """
set -e
mount --bind / / && cd "$PWD"
mount -t tmpfs -o mode=0700 tmpfs "$RUN"
mount -o remount,bind,ro / 2>/dev/null
mount -t proc proc /proc
exec "$@"
"""
LOOK = 'echo "$$ $(stat -c "%a" "$RUN/app.yaml") $(touch /x 2>/dev/null || echo read-only) $(ls "$RUN")"'


def test_the_container_story(tmp_path: Path) -> None:
    """In a read-only root with one tmpfs, the program is pid 1 and alone, with its variables and its file."""
    readers.require("unshare", "mount")
    if os.geteuid() != 0 or subprocess.run(["unshare", "--mount", "--pid", "--fork", "true"], check=False).returncode:
        pytest.skip("this user can't make namespaces")
    example = copy_example("docker", tmp_path / "templates", "it's")
    place = tmp_path / "run"
    place.mkdir()
    mapping = example.folder / "mysafe.toml"
    mapping.write_text(mapping.read_text().replace("/run/orders", str(place)))
    code = "import sys; from mysafe_env.cli.main import mysafe_run; sys.exit(mysafe_run())"
    script = LOOK + '; cat "$RUN/app.yaml"; echo "$DB_PASSWORD"; ls -d /proc/[0-9]* | wc -l'
    python = shutil.which("python3", path=Path(sys.executable).parent) or ""
    done = run(
        *("unshare", "--mount", "--pid", "--fork", "--propagation", "private"),
        *("sh", "-c", CONTAINER, "sh", python, "-B", "-c", code),
        *("-m", str(mapping), "--", "sh", "-c", script),
        environment={
            "PATH": os.environ["PATH"],
            "RUN": str(place),
            "MYSAFE_URL": f"file:{tmp_path}/templates/vault.toml",
        },
        folder=tmp_path,
        measured=False,
    )
    lines = done.stdout.decode().splitlines()
    assert ("1 600 read-only app.yaml", b"") == (lines[0], done.stderr)
    assert ['  password: "it\'s"', "it's"] == lines[-3:-1]
    assert [] == [*place.iterdir()]
