"""Entries of a sync that can't be read: each costs what needs it, and nothing else."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mysafe_env.deadline import Deadline
from mysafe_env.emulator.secretsafe.vault_file import VaultCollection, VaultItem
from mysafe_env.errors import NotFoundError, RefusedError
from mysafe_env.secret import Secret
from mysafe_env.sources.secretsafe.source import SecretSafeSource
from tests.cli.programs import FOLDER, program
from tests.secretsafe.served import (
    PATIENCE,
    changed,
    items_of,
    login_item,
    personal_environment,
    revealed,
    source_of,
    vault_of,
)
from tests.support.process import Finished, run
from tests.support.scripted_server import ScriptedServer, in_all_forms, json_reply

MARK = "canary-zQ7"
_TEXTS = {name: Secret("x") for name in ("username", "password", "totp", "uri", "notes")}
VAULT = vault_of(
    login_item("good", password="p"),
    VaultItem("bad", texts=_TEXTS, folder="Work", collections=("orders",)),
    VaultItem("other", texts={"password": Secret("q")}, folder="Home", collections=("orders",)),
    collections=(VaultCollection("orders"),),
)
BAD = 1
"""The number of the entry that is damaged."""


def _damaged(sync: dict[str, Any], what: str, number: int, entry: Any) -> dict[str, Any]:  # noqa: ANN401  # any JSON
    """The sync with *entry* in place of one of its entries, or its fields in place of the entry's own."""
    entries = list(sync[what])
    entries[number] = {**entries[number], **entry} if isinstance(entry, dict) else entry
    return {**sync, what: entries}


def _names(source: SecretSafeSource, **selectors: str) -> list[str]:
    rows = source.list_rows("item", tuple(sorted(selectors.items())), Deadline(PATIENCE))
    return [row.fields.get("name", "?") for row in rows]


UNKNOWN: list[Any] = [7, None, "x", [], {"id": 7}, {"id": None}]
"""Entries that nobody can tell which items they are."""
KNOWN: list[dict[str, Any]] = [
    {"name": 7},
    {"organizationId": 7},
    {"folderId": []},
    {"collectionIds": "x"},
    {"key": 7},
    {"name": None, "data": 7},
]
"""Entries that still have their id."""


@pytest.mark.parametrize("entry", [*UNKNOWN, *KNOWN], ids=str)
def test_an_item_of_another_shape(entry: object) -> None:
    """The other items work, and whoever may have meant it gets the reason and not that there is none."""
    with changed(VAULT, sync=lambda body: _damaged(body, "ciphers", BAD, entry)) as (server, emulator):
        source = source_of(emulator, SECRETSAFE_URL=server.url)
        assert ["good"] == _names(source, name="good")
        assert ["other"] == _names(source, name="other", collection="orders")
        with pytest.raises(RefusedError, match=r"no item matches, and 1 could not be compared: .*can't be read: "):
            _names(source, name="bad")


@pytest.mark.parametrize("entry", [*UNKNOWN, *KNOWN], ids=str)
def test_a_list_with_an_item_of_another_shape(entry: object) -> None:
    """Whoever wants every item, or all of a collection, is told of the one that can't be read."""
    with changed(VAULT, sync=lambda body: _damaged(body, "ciphers", BAD, entry)) as (server, emulator):
        source = source_of(emulator, SECRETSAFE_URL=server.url)
        assert ["good", "other", "?"] == _names(source)
        assert ["other", "?"] == _names(source, collection="orders")


@pytest.mark.parametrize("entry", [7, {"id": 7}, {"name": 7}, {"folderId": []}], ids=str)
def test_an_item_of_another_shape_by_its_id(entry: object) -> None:
    """By id, others work; where the damaged one has no id, it may be the one that is not there."""
    seen: list[str] = []

    def damage(sync: dict[str, Any]) -> dict[str, Any]:
        seen[:] = [each["id"] for each in sync["ciphers"]]
        return _damaged(sync, "ciphers", BAD, entry)

    with changed(VAULT, sync=damage) as (server, emulator):
        source = source_of(emulator, SECRETSAFE_URL=server.url)
        deadline = Deadline(PATIENCE)
        assert ["good"] == _names(source)[:1]
        assert Secret("p") == source.get_item("item", seen[0], deadline).field("password")
        assert ["good"] == _names(source, id=seen[0])
        with pytest.raises(RefusedError, match="can't be read"):
            source.get_item("item", seen[BAD], deadline)
        with pytest.raises(RefusedError, match="can't be read"):
            _names(source, id=seen[BAD])
        knows = isinstance(entry, dict) and "id" not in entry
        with pytest.raises(NotFoundError if knows else RefusedError):
            source.get_item("item", "gone", deadline)


@pytest.mark.parametrize("deleted", ["2026-01-01T00:00:00Z", 1_767_225_600, {}], ids=str)
def test_what_is_in_the_trash(deleted: object) -> None:
    """An item with a date of deletion is in the trash, whatever type the date has and however damaged the item is."""
    entry = {"deletedDate": deleted, "name": 7, "folderId": 7}
    with changed(VAULT, sync=lambda body: _damaged(body, "ciphers", BAD, entry)) as (server, emulator):
        assert ["good", "other"] == _names(source_of(emulator, SECRETSAFE_URL=server.url))


@pytest.mark.parametrize(
    ("field", "lost"),
    [
        ("username", {"username"}),
        ("password", {"password", "password/notes"}),
        ("totp", {"totp", "totp_code"}),
    ],
)
def test_a_field_of_another_type(field: str, lost: set[str]) -> None:
    """A text of a login that is none is refused with the reason; the item's other fields work."""

    def damage(sync: dict[str, Any]) -> dict[str, Any]:
        return _damaged(sync, "ciphers", BAD, {"login": {**sync["ciphers"][BAD]["login"], field: 7}})

    with changed(VAULT, sync=damage) as (server, emulator):
        read = items_of(source_of(emulator, SECRETSAFE_URL=server.url))["bad"]
    refusals = {name: refusal.message for name, refusal in read.refusals.items() if name != "totp_code"}
    assert lost - {"totp_code"} == refusals.keys()
    assert all(
        f'the field "{field}" of login of entry 2 of ciphers of the vault is not text' in said
        for said in refusals.values()
    )
    assert {"uri", "notes"} < revealed(read).keys()


@pytest.mark.parametrize("part", ["login", "fields", "type", "viewPassword"])
def test_a_part_of_another_type(part: str) -> None:
    """An item with a part that can't be taken apart is refused; the others work."""
    with changed(VAULT, sync=lambda body: _damaged(body, "ciphers", BAD, {part: "x"})) as (server, emulator):
        source = source_of(emulator, SECRETSAFE_URL=server.url)
        assert ["good", "bad", "other"] == _names(source)
        (row,) = source.list_rows("item", (("name", "bad"),), Deadline(PATIENCE))
        with pytest.raises(
            RefusedError, match=rf"item {row.identifier} can\'t be read: .*{part}.* of entry 2 of ciphers"
        ):
            source.get_item("item", row.identifier, Deadline(PATIENCE))


@pytest.mark.parametrize("entry", [*UNKNOWN, {"name": 7}], ids=str)
def test_a_folder_of_another_shape(entry: object) -> None:
    """Other folders can be selected by, and whether its items are in the wanted one is told to be unknown."""
    with changed(VAULT, sync=lambda body: _damaged(body, "folders", 1, entry)) as (server, emulator):
        source = source_of(emulator, SECRETSAFE_URL=server.url)
        assert ["good", "bad", "other"] == _names(source)
        assert ["other"] == _names(source, folder="Home")
        for selectors in ({"folder": "Work"}, {"folder": "Work", "name": "bad"}):
            with pytest.raises(RefusedError, match="the name of a place of item"):
                _names(source, **selectors)
        assert [] == _names(source, folder="Work", name="good")


@pytest.mark.parametrize("entry", [*UNKNOWN, {"name": 7}], ids=str)
def test_a_collection_of_another_shape(entry: object) -> None:
    """Items of a collection without a readable name can be selected in any other way."""
    with changed(VAULT, sync=lambda body: _damaged(body, "collections", 0, entry)) as (server, emulator):
        source = source_of(emulator, SECRETSAFE_URL=server.url)
        assert ["bad"] == _names(source, folder="Work")
        with pytest.raises(RefusedError, match="2 could not be compared: the name of a place of item"):
            _names(source, collection="orders")


@pytest.mark.parametrize("entry", [*UNKNOWN, {"key": 7}], ids=str)
def test_an_organisation_of_another_shape(entry: object) -> None:
    """Its items can't be opened, and say so; those of the account itself work."""

    def damage(sync: dict[str, Any]) -> dict[str, Any]:
        return {**sync, "profile": _damaged(sync["profile"], "organizations", 0, entry)}

    with changed(VAULT, sync=damage) as (server, emulator):
        source = source_of(emulator, SECRETSAFE_URL=server.url)
        assert ["good", "?", "?"] == _names(source)
        with pytest.raises(
            RefusedError, match=r"2 could not be compared: item .*(no key to its organisation|is not text)"
        ):
            _names(source, name="bad")


def test_a_private_key_of_another_type() -> None:
    """What the organisations' keys are opened with is needed for their items only."""

    def damage(sync: dict[str, Any]) -> dict[str, Any]:
        return {**sync, "profile": {**sync["profile"], "privateKey": 7}}

    with changed(VAULT, sync=damage) as (server, emulator):
        assert ["good", "?", "?"] == _names(source_of(emulator, SECRETSAFE_URL=server.url))


@pytest.mark.parametrize(
    "entry", [MARK, [MARK], {"id": [MARK]}, {"name": {MARK: MARK}}, {"folderId": [MARK]}, {"login": MARK}], ids=str
)
def test_no_error_shows_what_is_damaged(entry: object) -> None:
    """What stands in a place where it does not belong may be anything, a value too."""
    with changed(VAULT, sync=lambda body: _damaged(body, "ciphers", BAD, entry)) as (server, emulator):
        source = source_of(emulator, SECRETSAFE_URL=server.url)
        rows = source.list_rows("item", (), Deadline(PATIENCE))
        errors: list[BaseException] = [row.refusal for row in rows if row.refusal is not None]
        for call in (lambda: items_of(source), lambda: _names(source, name="bad")):
            try:
                call()
            except RefusedError as error:
                errors.append(error)
    assert errors
    assert MARK not in "".join(in_all_forms(error) for error in errors)


@pytest.fixture(scope="module")
def settings() -> Iterator[dict[str, str]]:
    """The settings of a vault in which one item is none, and twelve are of a newer kind of encryption."""
    vault = vault_of(*VAULT.items, *(VaultItem(f"new {number}") for number in range(12)), collections=VAULT.collections)

    def damage(sync: dict[str, Any]) -> dict[str, Any]:
        sync = _damaged(sync, "ciphers", BAD, 7)
        return {**sync, "ciphers": sync["ciphers"][:3] + [{**each, "name": "7.g1gm"} for each in sync["ciphers"][3:]]}

    with changed(vault, sync=damage) as (server, emulator):
        yield {**personal_environment(emulator), "SECRETSAFE_URL": server.url}


def _run(folder: Path, settings: dict[str, str], *argv: str) -> Finished:
    environment = {"PATH": f"{FOLDER}:{os.environ['PATH']}", "HOME": str(folder), "LANG": "C.UTF-8", **settings}
    return run(program("mysafe-env"), *argv, environment=environment, folder=folder)


def test_list_tells_what_it_leaves_out(tmp_path: Path, settings: dict[str, str]) -> None:
    """Ten of those that can't be read are named, of the others the number, each hint once; the rest is listed."""
    done = _run(tmp_path, settings, "list", "item")
    lines = done.stderr.decode().splitlines()
    assert 0 == done.code
    assert ["good", "other"] == [line.split()[1] for line in done.stdout.decode().splitlines()[1:]]
    assert 10 == sum("warning: left out: item " in line and "can't be decrypted" in line for line in lines)
    assert "mysafe-env: warning: left out: 3 more items that can't be read" == lines[10]
    assert ["hint", "hint"] == [line.split(": ")[1] for line in lines[11:]]
    assert b"" == _run(tmp_path, settings, "list", "item", "--name", "good").stderr


def test_what_is_mapped_and_can_t_be_read(tmp_path: Path, settings: dict[str, str]) -> None:
    """It fails with its own reason, optional or not, and with all of its collection; what needs it not is there."""
    (tmp_path / "mysafe.toml").write_text(
        """
[env]
GOOD  = "secretsafe://item/good"
BAD   = { kind = "item", name = "bad", optional = true }
[[tagged]]
collection = "orders"
kind = "item"
"""
    )
    done = _run(tmp_path, settings, "check")
    found = {line.split()[0]: line for line in done.stdout.decode().splitlines()}
    assert 1 == done.code
    assert " ok" in found["GOOD"]
    assert "could not be compared" in found["BAD"]
    assert "an item of the vault can't be read" in found["collection"]


def test_a_vault_without_its_items_is_no_empty_one(tmp_path: Path) -> None:
    """What is optional is left out where nothing matches, and not where a sync came without its list of items."""
    (tmp_path / "mysafe.toml").write_text('[env]\nX = { kind = "item", name = "none", optional = true }\n')
    with changed(VAULT, sync=lambda body: {**body, "ciphers": None}) as (server, emulator):
        settings = {**personal_environment(emulator), "SECRETSAFE_URL": server.url}
        done = _run(tmp_path, settings, "run", "--", "echo", "started")
    assert (125, b"") == (done.code, done.stdout)
    assert b"the answer for the vault holds no ciphers" in done.stderr


def test_a_list_without_data_is_no_empty_one(tmp_path: Path) -> None:
    """The same of an organisation: a command does not start because its server is being maintained."""
    (tmp_path / "mysafe.toml").write_text('[env]\nX = { kind = "groups", name = "none", optional = true }\n')
    answers = {"/identity/connect/token": json_reply({"access_token": "token-of-a-test", "expires_in": 3600})}
    with ScriptedServer(lambda asked: answers.get(asked.path, json_reply({"maintenance": True}))) as server:
        settings = {
            "SECRETSAFE_URL": server.url,
            "SECRETSAFE_CLIENT_ID": "organization.1",
            "SECRETSAFE_CLIENT_SECRET": "secret-of-a-test",
        }
        done = _run(tmp_path, settings, "run", "--", "echo", "started")
    assert (125, b"") == (done.code, done.stdout)
    assert b"the answer for the list of groups holds no data" in done.stderr
