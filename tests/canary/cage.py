"""Canaries, the places where they sit, and the check that none got out.

Every secret that a run can come across holds `MARK`; what a run printed is searched for it.
"""

from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from tests.support.forked import ForkServer
from tests.support.process import Finished

MARK = "cAnArY9d2e"
CLIENT_ID = "robot"
CLIENT_SECRET = f"client-{MARK}-secret"
PROXY_PASSWORD = f"proxy-{MARK}-password"
SEED = "MNAW4QLSLE4WIMTF"
BASIC = b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()

VAULT = f"""
[[password]]
name = "database"
url = "db.example.test"
username = "orders"
password = "pass-{MARK}-word $(id) %"
secret_key = "{SEED}"
token = "totp-{MARK}"
tags = "db, all"

[[password]]
name = "no entry"
username = "u"
password = "hidden-{MARK}"
can_view = false

[[note]]
name = "key"
note = '''-----BEGIN-----
{MARK}
-----END-----
'''
tags = "all"

[[note]]
name = "retired"
note = "{MARK}"
active = false

[[note]]
name = "twin"
note = "one {MARK}"

[[note]]
name = "twin"
note = "two {MARK}"

[[note]]
name = "nul"
note = "nul \\u0000 {MARK}"

[[note]]
name = "block"
note = "{(MARK * 40)[:342]}=="

[[note]]
name = "large"
note = "{MARK * 14000}"

[[secretapi]]
name = "stripe"
identifier_code = "stripe"
url = "https://stripe.example.test"
client_id = "acct"
client_secret = "sk-{MARK}"
tags = "all"

[[secretapi]]
name = "empty"
identifier_code = "empty"
url = "https://empty.example.test"
client_id = "none"
"""

MAPPING = """
[env]
DB_PASSWORD = { kind = "password", tag = "db" }
STRIPE = "mysafe://secretapi/stripe"
KEY = "mysafe://note/key"
URL = { template = "postgres://orders:{{ DB_PASSWORD|urlencode }}@db" }

[[tagged]]
tag = "all"
kind = ["password", "note", "secretapi"]
name = "T_{name}"

[[render]]
template = "app.conf.j2"
to = "app.conf"
"""

FILES = {
    "vault.toml": VAULT,
    "mysafe.toml": MAPPING,
    "app.conf.j2": "password = {{ DB_PASSWORD }}\n",
    "extra.env": f"LITERAL=env-{MARK}-file\nREFERENCE=mysafe://note/key\n",
}

# Each command, as a user would type it; `SINKS` are those whose standard output is the requested place.
COMMANDS: dict[str, tuple[str, ...]] = {
    "run": ("mysafe-run", "-v", "-e", "extra.env", "--", "true"),
    "env run": ("mysafe-env", "run", "true"),
    "export": ("mysafe-env", "export", "-v", "--format", "shell", "-e", "extra.env"),
    "export to file": ("mysafe-env", "export", "-v", "--format", "json", "-o", "out.json"),
    "render": ("mysafe-env", "render", "-v"),
    "render one": ("mysafe-env", "render", "-v", "app.conf.j2"),
    "check": ("mysafe-env", "check", "-v", "-e", "extra.env"),
    "check json": ("mysafe-env", "check", "--json"),
    "check offline": ("mysafe-env", "check", "--offline", "-v"),
    "list": ("mysafe-env", "list", "password", "-v", "--tag", "db"),
    "list json": ("mysafe-env", "list", "secretapi", "--json"),
    "get": ("mysafe-env", "get", "password", "1", "-v"),
    "get json": ("mysafe-env", "get", "note", "1", "--json"),
    "get field": ("mysafe-env", "get", "password", "1", "--field", "password", "-v"),
    "get reveal": ("mysafe-env", "get", "secretapi", "1", "--reveal"),
}
SINKS = frozenset({"export", "render one", "get field", "get reveal"})
_MADE = frozenset({"out.json", "app.conf"})
_RUN_CODES = frozenset({0, 125, 126, 127})
_OTHER_CODES = frozenset({0, 1, 2})


@dataclass
class Cage:
    """A folder for runs, with the settings that they get."""

    forks: ForkServer
    folder: Path
    environment: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.write(FILES)
        self._temporary.mkdir()
        self.environment = {
            "PATH": "/usr/bin:/bin",
            "TMPDIR": str(self._temporary),
            "XDG_RUNTIME_DIR": str(self._temporary),
            "MYSAFE_URL": "file:vault.toml",
        }

    @property
    def _temporary(self) -> Path:
        return self.folder / "tmp"

    def write(self, files: dict[str, str] | dict[str, bytes]) -> Self:
        """Put files into the folder, readable by their owner alone."""
        for name, content in files.items():
            path = self.folder / name
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
            path.chmod(0o600)
        return self

    def use(self, **environment: str) -> Self:
        """Give the runs these variables, too; an empty one is not set."""
        self.environment |= environment
        self.environment = {name: value for name, value in self.environment.items() if value}
        return self

    def use_server(self, url: str, **environment: str) -> Self:
        """Have the runs talk to a server."""
        credentials = {"MYSAFE_CLIENT_ID": CLIENT_ID, "MYSAFE_CLIENT_SECRET": CLIENT_SECRET}
        return self.use(MYSAFE_URL=url, **{**credentials, **environment})

    def run(self, *argv: str, sink: bool = False) -> Finished:
        """One run that lets no canary out, ends with one of its own exit codes and leaves nothing behind."""
        before = self._files()
        done = self.forks.run(*argv, environment=self.environment, folder=self.folder)
        told = f"{argv}\n{done.stdout.decode(errors='replace')}\n---\n{done.stderr.decode(errors='replace')}"
        assert_quiet(done.stderr, told)
        if not (sink and done.code == 0):
            assert_quiet(done.stdout, told)
        assert done.code in (_RUN_CODES if argv[0] == "mysafe-run" or argv[1] == "run" else _OTHER_CODES), told
        assert not (done.code and not done.stderr and "check" not in argv), told
        assert self._files() - before <= _MADE, told
        assert not list(self._temporary.iterdir()), told
        return done

    def run_all(self, commands: Iterable[str] = COMMANDS) -> dict[str, Finished]:
        """A run of every command, by its name; files that one made are gone before the next."""
        done = {}
        for name in commands:
            done[name] = self.run(*COMMANDS[name], sink=name in SINKS)
            for made in _MADE:
                (self.folder / made).unlink(missing_ok=True)
        return done

    def _files(self) -> set[str]:
        return {path.name for path in self.folder.iterdir()}


def assert_quiet(shown: bytes, told: str) -> None:
    """No canary in any form, and nothing that only a bug prints."""
    text = shown.decode(errors="replace")
    for secret in (MARK, b64encode(MARK.encode()).decode(), BASIC, SEED):
        assert secret not in text, told
    assert "Traceback" not in text, told
    assert "internal error" not in text, told
