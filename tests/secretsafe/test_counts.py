"""One token and one sync for a whole run, whatever it is made of, and for later runs no token if it is kept."""

import os
import sys
from collections import Counter
from pathlib import Path

import pytest

from mysafe_env.deadline import Deadline
from mysafe_env.emulator.secretsafe.server import SecretSafeEmulator
from mysafe_env.emulator.secretsafe.vault_file import CustomField, VaultCollection, VaultItem
from mysafe_env.errors import CredentialsError
from mysafe_env.inputs import Inputs, plan_inputs
from mysafe_env.resolver import Resolver
from mysafe_env.secret import Secret
from tests.secretsafe.served import (
    api_of,
    organization_environment,
    personal_environment,
    serving,
    settings_of,
    vault_of,
)
from tests.support.process import run
from tests.support.sessions import needs_keyring, run_in_session

BIN = Path(sys.executable).parent
TOKEN, SYNC = "/identity/connect/token", "/api/sync"
ITEMS = (
    VaultItem("db", texts={"username": Secret("ada"), "password": Secret("pw")}, collections=("orders",)),
    VaultItem("flags", 2, {"notes": Secret("a,b")}, fields=(CustomField("port", Secret("5432")),), folder="Work"),
)
MAPPING = """
[env]
USER_NAME = "secretsafe://item/db#username"
PASSWORD = { kind = "item", name = "db", collection = "orders" }
FLAGS = { kind = "item", folder = "Work" }
PORT = { template = "{{ item('item', name=environ.F).fields.port }}" }
ABSENT = { kind = "item", name = "nothing", optional = true }

[[tagged]]
collection = "orders"
kind = "item"
name = "ORDERS_{name}"

[[render]]
template = "one.j2"
to = "one.conf"

[[render]]
template = "two.j2"
to = "two.conf"
"""
COMPUTED_FROM = {"F": "flags", "W": "Work"}
COMPUTED = """
[env]
A = { template = "{{ item('item', name=environ.F).username }}" }
B = { template = "{{ item('item', name=environ.F).notes }}" }
C = { template = "{{ tagged(folder=environ.W)[0].name }}" }
"""


def _asked(emulator: SecretSafeEmulator) -> Counter[str]:
    return Counter(each.target.partition("?")[0] for each in emulator.requests)


def _environment(folder: Path, settings: dict[str, str]) -> dict[str, str]:
    return {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "HOME": str(folder), **settings}


@pytest.mark.parametrize(
    "command",
    [
        ("mysafe-run", "-e", "more.env", "--", "true"),
        ("mysafe-env", "render"),
        ("mysafe-env", "export", "--format", "json", "--only", "PORT"),
    ],
    ids=" ".join,
)
def test_one_token_and_one_sync(command: tuple[str, ...], tmp_path: Path) -> None:
    """References, tables, tags, templates, env files, rendered files and the environment share one sync."""
    (tmp_path / "mysafe.toml").write_text(MAPPING)
    (tmp_path / "more.env").write_text("FROM_FILE=secretsafe://item/flags\n")
    (tmp_path / "one.j2").write_text("{{ PASSWORD }} {{ secret('secretsafe://item/db#username') }}\n")
    (tmp_path / "two.j2").write_text("{% for each in tagged(folder=environ.W) %}{{ each.notes }}{% endfor %}\n")
    with serving(vault_of(*ITEMS, collections=(VaultCollection("orders"),))) as emulator:
        environment = _environment(
            tmp_path, {**personal_environment(emulator), "A": "secretsafe://item/db", **COMPUTED_FROM}
        )
        finished = run(*command, environment=environment, folder=tmp_path)
        assert 0 == finished.code, finished.stderr
        assert {TOKEN: 1, SYNC: 1} == _asked(emulator)


def test_one_token_for_all_kinds_of_an_organisation() -> None:
    """Members, groups and collections cost one list each, and one token together."""
    resources = {"members": ({"email": "ada@example.test"},), "groups": ({"name": "Dev"},)}
    vault = vault_of(resources=resources, collections=(VaultCollection("orders", "orders"),))
    environ = {"M": "secretsafe://members/ada%40example.test", "G": "secretsafe://groups/Dev#name"}
    environ |= {"C": "secretsafe://collections/orders", "D": "secretsafe://collections/orders#externalId"}
    with serving(vault) as emulator:
        resolver = Resolver(settings_of(organization_environment(emulator)))
        values = resolver.resolve(plan_inputs(Inputs(environ)), environ).values()
        assert ("Dev", "orders") == (values["G"].reveal(), values["D"].reveal())
        lists = {f"/api/public/{kind}": 1 for kind in ("members", "groups", "collections")}
        assert {TOKEN: 1, **lists} == _asked(emulator)


@pytest.mark.parametrize("name", ["SECRETSAFE_MASTER_PASSWORD", "SECRETSAFE_CLIENT_SECRET"])
def test_what_failed_is_not_tried_again(name: str, tmp_path: Path) -> None:
    """A wrong password is sent once, however many templates compute what they look up: accounts get locked."""
    path = tmp_path / "computed.toml"
    path.write_text(COMPUTED)
    with serving(*ITEMS[1:]) as emulator:
        settings = settings_of({**personal_environment(emulator), name: "wrong"})
        outcomes = Resolver(settings).resolve(plan_inputs(Inputs({}, (str(path),))), COMPUTED_FROM).outcomes
        assert 3 == sum(outcome.error is not None for outcome in outcomes)
        assert 1 == _asked(emulator)[TOKEN]


def test_a_wrong_secret_of_an_organisation_is_sent_once_in_a_resolution() -> None:
    """What shares a deadline shares the refusal; another resolution may try again."""
    with serving(*ITEMS[1:]) as emulator:
        api = api_of(emulator, SECRETSAFE_CLIENT_SECRET="wrong")
        together = Deadline(60)
        for deadline, logins in ((together, 1), (together, 1), (Deadline(60), 2)):
            with pytest.raises(CredentialsError, match="refuses the client id and secret"):
                api.list_all("groups", deadline)
            assert {TOKEN: logins} == _asked(emulator)


def _read_twice(settings: dict[str, str], folder: Path, reference: str) -> str:
    command = [sys.executable, "-m", "mysafe_env", "run", "--token-cache", "--", "printenv", "X"]
    environment = {**settings, "X": reference, "XDG_STATE_HOME": str(folder / "state")}
    return run_in_session([command, command], environment, folder)


@needs_keyring
@pytest.mark.parametrize("old", [False, True], ids=["new", "old"])
def test_a_kept_token_opens_a_vault(old: bool, tmp_path: Path) -> None:  # noqa: FBT001  # a parameter
    """With --token-cache a later run logs in no more; the keys come of the sync, and of an old server's prelogin."""
    with serving(*ITEMS[1:], old=old) as emulator:
        assert "a,b\na,b\n" == _read_twice(personal_environment(emulator), tmp_path, "secretsafe://item/flags")
        asked = _asked(emulator)
        assert {TOKEN: 1, SYNC: 2} == {path: asked[path] for path in (TOKEN, SYNC)}


@needs_keyring
def test_a_kept_token_of_an_organisation(tmp_path: Path) -> None:
    """The organisation's token is kept, too, and apart from the account's."""
    with serving(vault_of(*ITEMS[1:], resources={"groups": ({"name": "Dev"},)})) as emulator:
        settings = organization_environment(emulator)
        assert "Dev\nDev\n" == _read_twice(settings, tmp_path, "secretsafe://groups/Dev#name")
        assert {TOKEN: 1, "/api/public/groups": 2} == _asked(emulator)


@needs_keyring
def test_a_kept_token_that_is_refused(tmp_path: Path) -> None:
    """A kept token that the server takes no more costs one call; the keys come of the new login."""
    stale = (
        "import sys; from mysafe_env.secret import Secret; from mysafe_env.sources.keyring import Keyring; "
        "Keyring(sys.argv[1] + '/identity', sys.argv[2], '').keep(Secret('stale'), 60)"
    )
    command = [sys.executable, "-m", "mysafe_env", "run", "--token-cache", "--", "printenv", "X"]
    with serving(*ITEMS[1:]) as emulator:
        environment = {**personal_environment(emulator), "X": "secretsafe://item/flags", "HOME": str(tmp_path)}
        commands = [[sys.executable, "-c", stale, emulator.url, emulator.personal_id], command, command]
        assert "a,b\na,b\n" == run_in_session(commands, environment, tmp_path)
        assert {TOKEN: 1, SYNC: 3} == _asked(emulator)
