"""The file that the emulated server is made of: what is accepted, and what is told about the rest."""

from pathlib import Path

import pytest

import mysafe_env
from mysafe_env.crypto.keys import ARGON2ID, Kdf
from mysafe_env.emulator.secretsafe.vault_file import (
    CustomField,
    VaultCollection,
    VaultItem,
    read_served_vault,
)
from mysafe_env.errors import VaultFileError
from mysafe_env.secret import Secret

DEMO = Path(mysafe_env.__file__).parent / "demo" / "secretsafe.toml"
ACCOUNT = '[account]\nemail = "a@b.test"\nmaster_password = "canary"\n'


def _file(folder: Path, text: str) -> str:
    path = folder / "secretsafe.toml"
    path.write_text(text, encoding="utf-8")
    path.chmod(0o600)
    return str(path)


def test_everything(tmp_path: Path) -> None:
    """Every key has its place."""
    vault = read_served_vault(
        _file(
            tmp_path,
            ACCOUNT
            + """kdf = "argon2id"
memory = 16
[organization]
name = "Ex"
[[collection]]
name = "orders"
external_id = "o"
[[item]]
name = "db"
username = "u"
folder = "Work"
collections = ["orders"]
own_key = true
fields = [{ name = "pin", value = "1", type = "hidden" }]
[[item]]
name = "n"
type = "note"
trashed = true
hidden = true
[[item]]
name = "k"
type = "ssh-key"
attachments = ["a.pem"]
details = { publicKey = "p" }
[[member]]
email = "ada@b.test"
[subscription.passwordManager]
seats = 5
""",
        )
    )
    assert ("a@b.test", Secret("canary"), "Ex") == (vault.email, vault.master_password, vault.organization)
    assert Kdf(ARGON2ID, 3, 16, 4) == vault.kdf
    assert (VaultCollection("orders", "o"),) == vault.collections
    login = VaultItem(
        "db",
        texts={"username": Secret("u")},
        fields=(CustomField("pin", Secret("1"), 1),),
        folder="Work",
        collections=("orders",),
        own_key=True,
    )
    key = VaultItem("k", type=5, details={"publicKey": Secret("p")}, attachments=("a.pem",))
    assert (login, VaultItem("n", type=2, trashed=True, hidden=True), key) == vault.items
    assert {"passwordManager": {"seats": 5}} == vault.subscription
    assert ({"email": "ada@b.test"},) == vault.resources["members"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "account.email: is missing"),
        ("account = 7", "account: is not a table"),
        ('[account]\nemail = 7\nmaster_password = "x"', "account.email: is not a string"),
        (ACCOUNT + 'kdf = "scrypt"', "account.kdf: is not one of those"),
        (ACCOUNT + 'iterations = "9"', "account.iterations: is not a whole number"),
        (ACCOUNT + "[[items]]", 'items: unknown key; did you mean "item"?'),
        (ACCOUNT + "[item]", "item: is not a list of tables"),
        (ACCOUNT + "[[item]]\nnotes = 'canary'", "item[1].name: is missing"),
        (ACCOUNT + "[[item]]\nname = 'a'\nown_key = 1", "item[1].own_key: is neither true nor false"),
        (ACCOUNT + "[[item]]\nname = 'a'\ncollections = 'x'", "item[1].collections: is not a list of strings"),
        (ACCOUNT + "[[item]]\nname = 'a'\nfields = [{ valu = '1' }]", "item[1].fields[1].valu: unknown key"),
    ],
)
def test_faults(text: str, said: str, tmp_path: Path) -> None:
    """A fault is told with its place, and no value is shown."""
    with pytest.raises(VaultFileError) as caught:
        read_served_vault(_file(tmp_path, text))
    told = "\n".join(report.message for report in caught.value.reports)
    assert said in told
    assert "canary" not in told


def test_others_must_not_read_it(tmp_path: Path) -> None:
    """A file that others can read is refused unless it holds nothing real."""
    path = _file(tmp_path, ACCOUNT)
    Path(path).chmod(0o644)
    with pytest.raises(VaultFileError, match="other users"):
        read_served_vault(path)
    Path(path).write_text(f"demo = true\n{ACCOUNT}")
    assert "a@b.test" == read_served_vault(path).email


def test_the_example_that_ships() -> None:
    """The vault that the README names can be served as it is."""
    vault = read_served_vault(str(DEMO))
    assert ["orders db", "orders tls key"] == [item.name for item in vault.items]
