"""Reading a local vault file."""

from pathlib import Path

import pytest

from mysafe_env.errors import Report, VaultFileError
from mysafe_env.items import Grant
from mysafe_env.vault.reader import read_vault
from mysafe_env.vault.records import Record

GRAMMAR = Path(__file__).parents[1] / "grammar" / "vault"
DEMO = Path(__file__).parents[2] / "mysafe_env" / "demo" / "vault.toml"


def private(folder: Path, text: str | bytes) -> str:
    """The path of a new vault file that only its owner may read."""
    path = folder / "vault.toml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    path.chmod(0o600)
    return str(path)


def private_copy(folder: Path, file: Path) -> str:
    """The path of such a file with the text and name of another."""
    path = folder / file.name
    path.write_bytes(file.read_bytes())
    path.chmod(0o600)
    return str(path)


def reports_of(path: str) -> tuple[Report, ...]:
    """What is wrong with a vault file."""
    with pytest.raises(VaultFileError) as caught:
        read_vault(path)
    return caught.value.reports


@pytest.mark.parametrize("file", sorted((GRAMMAR / "accepted").iterdir()), ids=lambda file: file.stem)
def test_accepted(file: Path, tmp_path: Path) -> None:
    """Every file of the folder of accepted vaults is read."""
    read_vault(private_copy(tmp_path, file))


@pytest.mark.parametrize("file", sorted((GRAMMAR / "refused").iterdir()), ids=lambda file: file.stem)
def test_refused(file: Path, tmp_path: Path) -> None:
    """Every file of the folder of refused vaults is refused with the words of its first line, showing no value."""
    path = private_copy(tmp_path, file)
    expected = file.read_bytes().split(b"\n")[0].decode().removeprefix("# expect: ").strip()
    messages = [report.message for report in reports_of(path)]
    assert any(expected in message for message in messages), messages
    assert all(message.startswith(path) for message in messages)
    assert not any(value in message for message in messages for value in ("s3cret", "31415926"))


def test_every_field_is_kept(tmp_path: Path) -> None:
    """A record holds every field and flag that the file gives."""
    vault = read_vault(private_copy(tmp_path, GRAMMAR / "accepted" / "every_field.toml"))
    fields = {
        "name": "billing db",
        "url": "db.example.test",
        "username": "svc_billing",
        "password": "made-up-value",
        "secret_key": "MFRGGZDFMZTWQ2LK",
        "token": "081234",
        "notes": "rotates monthly",
        "tags": "prod, db",
    }
    expected = Record(
        "password",
        "11",
        fields,
        active=False,
        can_view=False,
        can_write=False,
        need_justify=True,
        need_approval=True,
        users_allowed=(Grant("ana.dev", can_edit=True), Grant("bo.ops")),
        groups_allowed=(Grant("Platform team"),),
    )
    assert (expected,) == vault.list("password")


def test_defaults(tmp_path: Path) -> None:
    """An item that says only its name is active, may be viewed and written, and its other fields are null."""
    vault = read_vault(private(tmp_path, '[[note]]\nname = "n"\n'))
    assert (Record("note", "1", {"name": "n"}),) == vault.list("note")


def test_free_numbers_are_given_in_order(tmp_path: Path) -> None:
    """Items without an identifier get the lowest numbers that no other item of their kind has."""
    text = "".join(f'[[note]]\nname = "n"\n{given}\n' for given in ("", "identifier = 2", "", 'identifier = "1"', ""))
    vault = read_vault(private(tmp_path, text))
    assert ["3", "2", "4", "1", "5"] == [record.identifier for record in vault.list("note")]


def test_all_problems_are_told_together(tmp_path: Path) -> None:
    """A file with three faults gives three reports, in the order of the kinds."""
    path = private(tmp_path, '[[note]]\nnmae = "n"\n[[password]]\nname = 1\n')
    expected = [
        f'{path}: password[1].name: is not a string; quote it: name = "..."',
        f"{path}: note[1].name: is missing; every item has a name",
        f'{path}: note[1].nmae: unknown key; did you mean "name"?',
    ]
    assert expected == [report.message for report in reports_of(path)]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644])
def test_a_file_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    """A vault with real values must not be readable by group or others; the hint says what to do."""
    path = private(tmp_path, '[[note]]\nname = "n"\n')
    Path(path).chmod(mode)
    expected = Report(
        f"{path}: this vault can be read by other users of this machine",
        f"chmod 600 {path}, or write demo = true at its top if it holds only made-up values",
    )
    assert (expected,) == reports_of(path)


def test_a_demo_file_may_be_readable_by_everybody(tmp_path: Path) -> None:
    """`demo = true` says that the values are made up."""
    path = private(tmp_path, 'demo = true\n[[note]]\nname = "n"\n')
    Path(path).chmod(0o644)
    assert 1 == len(read_vault(path).list("note"))


def test_demo_false_is_no_excuse(tmp_path: Path) -> None:
    """`demo = false` leaves the file refused."""
    path = private(tmp_path, "demo = false\n")
    Path(path).chmod(0o644)
    assert "this vault can be read by other users" in reports_of(path)[0].message


def test_a_missing_file(tmp_path: Path) -> None:
    """A vault file that is not there is named."""
    path = str(tmp_path / "absent.toml")
    assert f"{path}: can't read the vault file: No such file or directory" == reports_of(path)[0].message


def test_a_folder(tmp_path: Path) -> None:
    """A folder is not a vault file."""
    assert f"{tmp_path}: can't read the vault file: Is a directory" == reports_of(str(tmp_path))[0].message


def test_an_impossible_file_name() -> None:
    """A name that no file can have is an error like any other."""
    assert "can't read the vault file: not a file name" in reports_of("vault\0.toml")[0].message


def test_the_demo_vault() -> None:
    """The vault that ships in the package can be read and holds what the README's mapping asks for."""
    vault = read_vault(str(DEMO))
    codes = ("stripe-live", "stripe-test")
    assert [1, 1] == [len(vault.list("secretapi", (("identifier_code", code),))) for code in codes]
    assert 2 == len(vault.list("secretapi", (("tag", "orders-prod"),)))
    assert 1 == len(vault.list("password", (("tag", "orders-db"),)))
    assert 1 == len(vault.list("note", (("name", "orders tls key"),)))
    assert () == vault.list("note", (("name", "flags"),))
