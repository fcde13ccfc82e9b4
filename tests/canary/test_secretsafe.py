"""The second system: vault items in every command that reads them, and in templates that stumble over them."""

from collections.abc import Iterator

import pytest

from mysafe_env.emulator.secretsafe.server import SecretSafeEmulator
from mysafe_env.emulator.secretsafe.vault_file import CustomField, VaultCollection, VaultItem
from mysafe_env.secret import Secret
from tests.canary.cage import MARK, Cage
from tests.secretsafe.served import personal_environment, serving, vault_of

_TEXTS = {name: Secret(f"{name} {MARK}") for name in ("password", "totp", "notes")}
_ITEMS = (
    VaultItem("db", texts=_TEXTS, fields=(CustomField("pin", Secret(MARK), 1), CustomField("port", Secret(MARK)))),
    VaultItem("kept", texts=_TEXTS, collections=("orders",), hidden=True),
    VaultItem("ssh", 5, details={"privateKey": Secret(MARK), "publicKey": Secret("p"), "keyFingerprint": Secret("f")}),
    # What is looked up by a value must not be told by the item's name.
    VaultItem(f"notes {MARK}", texts=_TEXTS, collections=("orders",), hidden=True),
    VaultItem("twin", texts=_TEXTS),
    VaultItem("twin", texts=_TEXTS),
)
MAPPING = """
[env]
S = { kind = "item", name = "db", field = "notes" }
KEY = "secretsafe://item/ssh#privateKey"
PORT = { kind = "item", name = "db", field = "fields.port" }
"""
STUMBLES = (
    "{{ item('item', name=S) }}{{ item('item', name=S).password }}",
    "{{ item('item', name=S).password }}",
    "{{ item('item', name='kept').password }}",
    "{{ item('item', name='kept').totp_code }}",
    "{{ item('item', name='twin').password }}",
    "{{ item('item', name='db').fields[S] }}",
    "{{ item('item', name='db').fields.nowhere }}",
    "{{ item('item', name='db')[S] }}",
    "{{ item('item', folder=S) }}",
    "{{ item(S, name='db') }}",
    "{{ item('item', **{S: 'db'}) }}",
    "{{ tagged(collection=S) }}",
    "{{ tagged(S, kind='item') }}",
    "{{ tagged(collection='orders', kind=S) }}",
    "{{ tagged(**{S: S}) }}",
    "{% for each in tagged(collection='orders') %}{{ each.password }}{% endfor %}",
    "{{ secret('secretsafe://item/' ~ S) }}",
)


@pytest.fixture
def served(cage: Cage) -> Iterator[SecretSafeEmulator]:
    """The vault, and a cage whose runs read it."""
    vault = vault_of(*_ITEMS, collections=(VaultCollection("orders"),), master_password=Secret(f"master {MARK}"))
    with serving(vault, client_secret=Secret(f"client-{MARK}")) as emulator:
        state = cage.folder / "state"
        state.mkdir()
        cage.write({"one.toml": MAPPING}).use(XDG_STATE_HOME=str(state), **personal_environment(emulator))
        yield emulator


@pytest.mark.usefixtures("served")
def test_commands_show_no_value(cage: Cage) -> None:
    """What reads vault items masks them, and names what it can't have."""
    names = ("db", "kept", "ssh")
    listed = [cage.run("mysafe-env", "list", "item", "--name", name, "-v").stdout.decode() for name in names]
    for text in listed:
        identifier = text.splitlines()[1].split()[0]
        cage.run("mysafe-env", "get", "item", identifier, "-v")
        cage.run("mysafe-env", "get", "item", identifier, "--json")
    cage.run("mysafe-env", "check", "-v", "-m", "one.toml")
    cage.run("mysafe-env", "check", "--json", "-m", "one.toml")
    assert 0 == cage.run("mysafe-run", "-v", "-m", "one.toml", "true").code


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize("text", STUMBLES)
def test_a_template_that_stumbles_shows_no_value(cage: Cage, text: str) -> None:
    """Neither a value that an item was looked up by is told, nor one of its fields."""
    cage.write({"bad.j2": text})
    assert 1 == cage.run("mysafe-env", "render", "-v", "-m", "one.toml", "bad.j2").code


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize("setting", ["SECRETSAFE_MASTER_PASSWORD", "SECRETSAFE_CLIENT_SECRET"])
def test_wrong_credentials_are_not_shown(cage: Cage, setting: str) -> None:
    """A wrong password or client secret is in no message."""
    cage.use(**{setting: f"wrong {MARK}"})
    assert 125 == cage.run("mysafe-run", "-v", "-m", "one.toml", "true").code
    assert 1 == cage.run("mysafe-env", "check", "-m", "one.toml").code
    assert 1 == cage.run("mysafe-env", "list", "item").code
