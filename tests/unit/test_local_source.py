"""The local vault as a source."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from mysafe_env.deadline import Deadline
from mysafe_env.errors import InactiveError, ItemError, NoAccessError, NotFoundError, RefusedError
from mysafe_env.items import Item, Row
from mysafe_env.secret import Secret
from mysafe_env.sources.base import Source
from mysafe_env.sources.local import LocalSource, open_local
from mysafe_env.vault.records import Record
from mysafe_env.vault.store import Vault

SOON = Deadline(5)


def as_source(source: Source) -> Source:
    """The same, checked by mypy to be what the interface asks for."""
    return source


def test_it_is_a_source(tmp_path: Path) -> None:
    """A vault file opens as a source whose calls never wait."""
    path = tmp_path / "vault.toml"
    path.write_text('demo = true\n[[note]]\nname = "n"\nnote = "text"\n')
    source = as_source(open_local(str(path)))
    assert not source.concurrent
    assert Secret("text") == source.get_item("note", "1", SOON).field("note")


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("password", {"name": "n", "url": "u", "username": "me", "tags": "t"}),
        ("note", {"name": "n", "tags": "t"}),
        ("secretapi", {"name": "n"}),
    ],
)
def test_rows_carry_what_the_server_lists(kind: str, expected: dict[str, str]) -> None:
    """Rows have the fields of MySafe's rows and no others, so that both sources make callers do the same."""
    fields = {"name": "n", "url": "u", "username": "me", "tags": "t", "password": "p", "identifier_code": "c"}
    source = LocalSource(Vault([Record(kind, "7", fields, can_write=False, need_approval=True)]))
    row = Row(kind, "7", expected, can_view=True, can_write=False, need_justify=False, need_approval=True)
    assert (row,) == source.list_rows(kind, (), SOON)


def test_a_null_field_is_left_out_of_a_row() -> None:
    """A row has no key for a field that the item does not have."""
    source = LocalSource(Vault([Record("password", "7", {"name": "n"})]))
    assert {"name": "n"} == source.list_rows("password", (), SOON)[0].fields


def test_lists_are_filtered() -> None:
    """The filters of the kind narrow a list."""
    source = LocalSource(Vault([Record("note", "1", {"name": "a"}), Record("note", "2", {"name": "b"})]))
    assert ["2"] == [row.identifier for row in source.list_rows("note", (("name", "b"),), SOON)]


def test_an_item_has_its_secrets_apart() -> None:
    """Secret fields are `Secret`, the others text, and a missing one is in neither."""
    fields = {"name": "n", "password": "p", "secret_key": "MFRGGZDF", "token": "123456", "notes": "free text"}
    item = LocalSource(Vault([Record("password", "7", fields)])).get_item("password", "7", SOON)
    expected = Item(
        "password",
        "7",
        {"identifier": "7", "name": "n", "notes": "free text"},
        {"password": Secret("p"), "secret_key": Secret("MFRGGZDF"), "token": Secret("123456")},
    )
    assert expected == item


@pytest.mark.parametrize(
    ("identifier", "error", "said"),
    [
        ("404", NotFoundError, "1005: Note not found"),
        ("2", NoAccessError, "1006: User does not have access"),
        ("3", InactiveError, "1009: Inactive note"),
        ("abc", RefusedError, "1010: Unexpected identifier type"),
    ],
)
def test_refusals_are_the_errors_of_a_server(identifier: str, error: type[ItemError], said: str) -> None:
    """What the vault refuses is the error that MySafe's code stands for, with MySafe's words."""
    closed = Record("note", "2", {"name": "n"}, can_view=False)
    source = LocalSource(Vault([closed, Record("note", "3", {"name": "n"}, active=False)]))
    with pytest.raises(error) as caught:
        source.get_item("note", identifier, SOON)
    assert f"(MySafe: {said})" in caught.value.message


def test_opening_a_vault_imports_little() -> None:
    """The way of the local vault never imports what only servers and templates need."""
    heavy = {"requests", "jinja2", "http", "ssl", "hashlib", "base64", "pathlib", "json", "logging", "subprocess"}
    program = "import sys, mysafe_env.sources.local; print(*sys.modules)"
    # A child that is measured for coverage imports what coverage needs.
    environ = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
    run = subprocess.run(
        [sys.executable, "-c", program], env=environ, capture_output=True, text=True, check=True, timeout=60
    )
    assert set() == heavy & set(run.stdout.split())
