"""One suite for every source: "not there", "no access" and "slow" mean the same everywhere."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from mysafe_env.deadline import Deadline
from mysafe_env.emulator.faults import read_fault
from mysafe_env.errors import (
    InactiveError,
    ItemError,
    NoAccessError,
    NotFoundError,
    OutageError,
    RefusedError,
    TimedOutError,
    UnreachableError,
)
from mysafe_env.items import KINDS, Item, Row
from mysafe_env.references import Selectors
from mysafe_env.sources.base import Source
from tests.contract.sources import SYSTEMS, open_system, opened, write_vault
from tests.support.deadlines import Skipping

PEM = "-----BEGIN-----\nYWJj\n-----END-----\n"
VAULT = f"""
[[password]]
name = "database"
url = "db.example.test"
username = "orders"
password = "it's \\"made up\\": $HOME, a/b@c % #1"
secret_key = "JBSWY3DPEHPK3PXP"
token = "004217"
tags = "db, all"
notes = "for {{the}} shop"

[[password]]
name = "Überweisung ☃ 日本"
username = "jörg"
password = "пароль 🔑"
tags = "ünïcode, all"

[[password]]
name = "hidden"
username = "u"
password = "never seen"
can_view = false
can_write = false

[[password]]
name = "justified"
username = "u"
password = "never seen"
need_justify = true

[[password]]
name = "approved"
username = "u"
password = "never seen"
need_approval = true

[[password]]
identifier = 40
name = "database"
username = "reports"
password = ""
tags = "db"

[[note]]
name = "tls key"
note = '''{PEM}'''
tags = "all"

[[note]]
name = "retired"
note = "old"
active = false

[[note]]
name = "empty"

[[secretapi]]
name = "Stripe"
identifier_code = "stripe-live"
url = "https://stripe.example.test"
client_id = "acct"
client_secret = "sk live"
method = "post"
tags = "pay"
notes = "n"

[[secretapi]]
name = "bare"
"""


@pytest.fixture(scope="module", params=SYSTEMS)
def source(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Source]:
    """Each source over the vault."""
    vault = write_vault(tmp_path_factory.mktemp("vault"), VAULT)
    with open_system(request.param, vault) as settings, opened(settings) as source:
        yield source


def rows(source: Source, kind: str, *filters: tuple[str, str]) -> tuple[Row, ...]:
    """A list."""
    return source.list_rows(kind, filters, Deadline(60))


def get(source: Source, kind: str, identifier: str) -> Item:
    """An item."""
    return source.get_item(kind, identifier, Deadline(60))


def revealed(item: Item) -> dict[str, str | None]:
    """The fields of an item in the order of its kind."""
    values = ((name, item.field(name)) for name in KINDS[item.kind].fields)
    return {name: None if value is None else value.reveal() for name, value in values}


def test_a_row_has_the_fields_of_a_list(source: Source) -> None:
    """A row of a password shows name, URL, user and tags, and what its reader may do."""
    fields = {"name": "database", "url": "db.example.test", "username": "orders", "tags": "db, all"}
    expected = Row("password", "1", fields, can_view=True, can_write=True, need_justify=False, need_approval=False)
    assert expected == rows(source, "password", ("username", "orders"))[0]


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("note", {"name": "tls key", "tags": "all"}),
        ("secretapi", {"name": "Stripe"}),
    ],
)
def test_rows_of_other_kinds(source: Source, kind: str, fields: dict[str, str]) -> None:
    """A row of a note has its tags, one of an API secret has its name alone."""
    assert fields == rows(source, kind)[0].fields


def test_a_null_field_is_not_in_a_row(source: Source) -> None:
    """What an item does not have is missing in its row, too."""
    assert {"name": "empty"} == rows(source, "note", ("name", "empty"))[0].fields


@pytest.mark.parametrize(
    ("name", "flags"),
    [
        ("hidden", (False, False, False, False)),
        ("justified", (True, True, True, False)),
        ("approved", (True, True, False, True)),
    ],
)
def test_rows_tell_what_may_be_done(source: Source, name: str, flags: tuple[bool, ...]) -> None:
    """The four flags of a row are those of the item."""
    row = rows(source, "password", ("name", name))[0]
    assert flags == (row.can_view, row.can_write, row.need_justify, row.need_approval)


@pytest.mark.parametrize(
    ("kind", "filters", "expected"),
    [
        ("password", (), ["1", "2", "3", "4", "5", "40"]),
        ("password", (("tag", "db"),), ["1", "40"]),
        ("password", (("tag", "all"),), ["1", "2"]),
        ("password", (("tag", "ünïcode"),), ["2"]),
        ("password", (("tag", "nowhere"),), []),
        ("password", (("name", "database"),), ["1", "40"]),
        ("password", (("name", "data"),), []),
        ("password", (("name", "Überweisung ☃ 日本"),), ["2"]),
        ("password", (("username", "jörg"),), ["2"]),
        ("password", (("url", "db.example.test"),), ["1"]),
        ("password", (("name", "database"), ("username", "reports")), ["40"]),
        ("password", (("tag", "a&b=c#d/e"),), []),
        ("note", (), ["1", "2", "3"]),
        ("note", (("name", "tls key"),), ["1"]),
        ("note", (("tag", "all"),), ["1"]),
        ("note", (("username", "no filter of a note's"),), ["1", "2", "3"]),
        ("secretapi", (("identifier_code", "stripe-live"),), ["1"]),
        ("secretapi", (("tag", "pay"),), ["1"]),
        ("secretapi", (("name", "no filter of an API secret's"),), ["1", "2"]),
    ],
)
def test_filters_narrow_a_list(source: Source, kind: str, filters: Selectors, expected: list[str]) -> None:
    """A filter that the kind has narrows the list, several together; others change nothing."""
    assert expected == [row.identifier for row in rows(source, kind, *filters)]


ITEMS: dict[tuple[str, str], dict[str, str | None]] = {
    ("password", "1"): {
        "name": "database",
        "url": "db.example.test",
        "username": "orders",
        "password": 'it\'s "made up": $HOME, a/b@c % #1',
        "secret_key": "JBSWY3DPEHPK3PXP",
        "token": "004217",
        "notes": "for {the} shop",
        "tags": "db, all",
    },
    ("password", "2"): {
        "name": "Überweisung ☃ 日本",
        "url": None,
        "username": "jörg",
        "password": "пароль 🔑",
        "secret_key": None,
        "token": None,
        "notes": None,
        "tags": "ünïcode, all",
    },
    ("note", "1"): {"name": "tls key", "note": PEM, "tags": "all"},
    ("note", "3"): {"name": "empty", "note": None, "tags": None},
    ("secretapi", "1"): {
        "name": "Stripe",
        "url": "https://stripe.example.test",
        "client_id": "acct",
        "client_secret": "sk live",
        "identifier_code": "stripe-live",
        "method": "post",
        "tags": "pay",
        "notes": "n",
    },
}


@pytest.mark.parametrize(("kind", "identifier"), ITEMS)
def test_an_item_has_all_its_fields(source: Source, kind: str, identifier: str) -> None:
    """Values come through as they are: text of any script, many lines, a code's leading zeros, and null."""
    assert {"identifier": identifier, **ITEMS[kind, identifier]} == revealed(get(source, kind, identifier))


def test_an_empty_value_is_not_null(source: Source) -> None:
    """An empty password is a value."""
    assert "" == revealed(get(source, "password", "40"))["password"]


@pytest.mark.parametrize(
    ("kind", "identifier", "error", "message"),
    [
        ("password", "99", NotFoundError, "there is no password with identifier 99 (MySafe: 1005: Password not found)"),
        ("note", "99", NotFoundError, "there is no note with identifier 99 (MySafe: 1005: Note not found)"),
        (
            "secretapi",
            "99",
            NotFoundError,
            "there is no secretapi with identifier 99 (MySafe: 1005: API secret not found)",
        ),
        (
            "password",
            "3",
            NoAccessError,
            "the access key may not read password 3 (MySafe: 1006: User does not have access)",
        ),
        (
            "password",
            "4",
            NoAccessError,
            "the access key may not read password 4 (MySafe: 1006: User does not have access)",
        ),
        (
            "password",
            "5",
            NoAccessError,
            "the access key may not read password 5 (MySafe: 1006: User does not have access)",
        ),
        ("note", "2", InactiveError, "note 2 is deactivated (MySafe: 1009: Inactive note)"),
        (
            "note",
            "x y",
            RefusedError,
            '"x y" is not an identifier of a note (MySafe: 1010: Unexpected identifier type)',
        ),
        ("note", "é/?#%", RefusedError, '"é/?#%" is not an identifier of a note (MySafe: 1010: Unexpected'),
        ("note", "-1", RefusedError, '"-1" is not an identifier of a note (MySafe: 1010: Unexpected identifier type)'),
    ],
)
def test_a_refusal_is_the_same_everywhere(
    source: Source, kind: str, identifier: str, error: type[ItemError], message: str
) -> None:
    """1005, 1006, 1009 and 1010 are errors of their own, in the same words, with a hint."""
    with pytest.raises(error) as caught:
        get(source, kind, identifier)
    assert caught.value.message.startswith(message)
    assert caught.value.hint


HTTP = ("post", "get")


@pytest.mark.parametrize("system", HTTP)
def test_a_server_that_does_not_answer(system: str, tmp_path: Path) -> None:
    """A source that has to wait gives up at the deadline."""
    vault = write_vault(tmp_path, VAULT)
    faults = [read_fault("hang@/api/mysafe")]
    with (
        open_system(system, vault, faults=faults) as settings,
        opened(settings) as source,
        pytest.raises(TimedOutError),
    ):
        source.list_rows("note", (), Deadline(0.3))


def test_a_server_that_is_not_there(tmp_path: Path) -> None:
    """A source whose server is gone says that it can't be reached."""
    vault = write_vault(tmp_path, VAULT)
    with open_system("post", vault) as settings:
        gone = settings
    with opened(gone) as source, pytest.raises(UnreachableError):
        source.get_item("note", "1", Skipping(60))


@pytest.mark.parametrize("fault", ["503", "not-json", "html", "redirect", "truncate", "reset"])
@pytest.mark.parametrize("system", HTTP)
def test_a_server_that_fails(system: str, fault: str, tmp_path: Path) -> None:
    """Whatever else goes wrong on the way is an outage, not an answer about an item."""
    vault = write_vault(tmp_path, VAULT)
    with (
        open_system(system, vault, faults=[read_fault(f"{fault}@/api/mysafe")]) as settings,
        opened(settings) as source,
        pytest.raises(OutageError),
    ):
        source.get_item("note", "1", Skipping(60))


def test_a_local_vault_never_waits(tmp_path: Path) -> None:
    """The deadline of a source that has everything at hand does not matter."""
    vault = write_vault(tmp_path, VAULT)
    with open_system("local", vault) as settings, opened(settings) as source:
        assert 3 == len(source.list_rows("note", (), Deadline(0)))
