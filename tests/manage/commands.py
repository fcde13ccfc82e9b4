"""Commands run as a user runs them, on a vault file or on the same vault behind a socket."""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mysafe_env.emulator.faults import read_fault
from mysafe_env.emulator.mysafe.server import Emulator
from mysafe_env.vault.editions import V3_33, Edition
from tests.cli.programs import FOLDER
from tests.support.emulator import running_emulator, vault_of
from tests.support.forked import ForkServer
from tests.support.process import Finished

VAULT = """
# what we keep
[[password]]
name     = "db"       # of the orders
username = "orders"
password = "old-password"
tags     = "prod"
users_allowed = [{ username = "ana", can_edit = true }]
groups_allowed = [{ name = "Team" }]

[[password]]
name = "not mine"
username = "x"
password = "p"
can_write = false

[[note]]
name = "runbook"
note = "text"

[[note]]
name   = "asleep"
note   = "text"
active = false

[[secretapi]]
name = "Stripe"
url = "u"
client_id = "c"
client_secret = "s"
identifier_code = "stripe-live"
"""


@dataclass(frozen=True)
class System:
    """A folder, and the settings that lead to a vault."""

    folder: Path
    environment: Mapping[str, str]
    forks: ForkServer
    emulator: Emulator | None = None

    def run(self, *argv: str, stdin: str | bytes = b"") -> Finished:
        """`mysafe-env` with these arguments."""
        given = stdin.encode() if isinstance(stdin, str) else stdin
        return self.forks.run("mysafe-env", *argv, environment=self.environment, folder=self.folder, stdin=given)

    def json(self, *argv: str, stdin: str | bytes = b"") -> Any:  # noqa: ANN401  # tests look into it
        """What a command that succeeds prints with `--json`."""
        return json.loads(self.run(*argv, "--json", stdin=stdin).output)

    def value(self, kind: str, identifier: str, field: str) -> str:
        """One field of an item, as it is now."""
        return self.run("get", kind, identifier, "--field", field).output

    def refusal(self, *argv: str, stdin: str | bytes = b"") -> tuple[int, list[str]]:
        """The exit code and the lines of a command that prints no output."""
        done = self.run(*argv, stdin=stdin)
        assert b"" == done.stdout
        return done.code, [line.removeprefix("mysafe-env: ") for line in done.stderr.decode().splitlines()]


@contextmanager
def system(  # noqa: PLR0913  # each is one thing that a test turns
    name: str,
    folder: Path,
    forks: ForkServer,
    *,
    vault: str = VAULT,
    faults: tuple[str, ...] = (),
    edition: Edition = V3_33,
) -> Iterator[System]:
    """The system `local` or `http` over a vault."""
    environment = {"PATH": f"{FOLDER}:{os.environ['PATH']}", "HOME": str(folder), "LANG": "C.UTF-8"}
    if name == "local":
        path = folder / "vault.toml"
        path.write_text(vault, encoding="utf-8")
        path.chmod(0o600)
        yield System(folder, {**environment, "MYSAFE_URL": "file:vault.toml"}, forks)
        return
    played = [read_fault(fault) for fault in faults]
    with running_emulator(vault_of(vault, edition), faults=played) as emulator:
        settings = dict(line.split("=", 1) for line in emulator.settings.splitlines())
        yield System(folder, {**environment, **settings}, forks, emulator)
