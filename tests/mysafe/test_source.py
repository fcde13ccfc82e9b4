"""MySafe as a source: the rows and items that the rest of the program knows."""

import pytest

from mysafe_env.deadline import Deadline
from mysafe_env.errors import RefusedError, SettingsError
from mysafe_env.items import Item, Row
from mysafe_env.secret import Secret
from mysafe_env.settings import Settings
from mysafe_env.sources.mysafe.source import MySafeSource
from tests.mysafe.bodies import API_SECRET, NOTE, PASSWORD, ROW, mysafe, settings, success


def test_rows_hold_what_the_server_put_in_them() -> None:
    """Fields that are null or missing are not there, and a secret is not even read."""
    sent = [ROW, {**ROW, "identifier": "12", "url": None, "password": "made-up", "token": 5}]
    with mysafe({"/api/mysafe/password": success(password_on_list=sent)}) as server:
        source = MySafeSource(settings(server.url))
        first, second = source.list_rows("password", (), Deadline(60))
        source.close()
    fields = {
        "name": "billing db",
        "url": "db.example.test",
        "username": "svc_billing",
        "tags": "prod, db",
    }
    expected = Row("password", "11", fields, can_view=True, can_write=False, need_justify=False, need_approval=False)
    assert expected == first
    assert ["name", "username", "tags"] == list(second.fields)


def test_only_filters_that_the_server_knows_are_sent() -> None:
    """The rest is compared by whoever asked: a list of API secrets has no filter for names."""
    with mysafe({"/api/mysafe/secretapi": success(api_secret_on_list=[])}) as server:
        source = MySafeSource(settings(server.url))
        source.list_rows("secretapi", (("name", "payments"), ("tag", "orders prod")), Deadline(60))
        source.close()
    assert "/api/mysafe/secretapi?tag=orders%20prod" == server.requests[-1].target


@pytest.mark.parametrize(
    ("kind", "key", "entity", "secrets"),
    [
        ("password", "password_entity", PASSWORD, ["password", "secret_key", "token"]),
        ("note", "note_entity", NOTE, ["note"]),
        ("secretapi", "api_secret_entity", API_SECRET, ["client_secret"]),
    ],
)
def test_an_item_has_its_plain_and_its_secret_fields(
    kind: str, key: str, entity: dict[str, object], secrets: list[str]
) -> None:
    """All fields of its kind, sharing left out."""
    with mysafe({f"/api/mysafe/{kind}/7": success(**{key: entity})}) as server:
        source = MySafeSource(settings(server.url))
        item = source.get_item(kind, "7", Deadline(60))
        source.close()
    plain = {name: value for name, value in entity.items() if name not in {*secrets, "users_allowed", "groups_allowed"}}
    expected = Item(kind, "7", plain, {name: Secret(str(entity[name])) for name in secrets})  # type: ignore[arg-type]  # all of them text
    assert expected == item


def test_null_and_missing_fields_are_absent() -> None:
    """An empty text is a value."""
    sent = {"identifier": "11", "name": "x", "password": "", "secret_key": None, "url": None}
    with mysafe({"/api/mysafe/password/11": success(password_entity=sent)}) as server:
        source = MySafeSource(settings(server.url))
        item = source.get_item("password", "11", Deadline(60))
        source.close()
    assert {"password": Secret("")} == item.secrets
    assert {"identifier": "11", "name": "x"} == item.plain
    assert item.field("secret_key") is None


@pytest.mark.parametrize(
    ("identifier", "segment"),
    [("4/../5", "4%2F..%2F5"), ("a b?c#d", "a%20b%3Fc%23d"), ("é", "%C3%A9"), ("\udcff", "%3F")],
)
def test_an_identifier_is_one_segment_of_the_path(identifier: str, segment: str) -> None:
    """It can't lead to another call."""
    with mysafe({f"/api/mysafe/note/{segment}": success(note_entity=NOTE)}) as server:
        source = MySafeSource(settings(server.url))
        assert identifier == source.get_item("note", identifier, Deadline(60)).identifier
        source.close()


@pytest.mark.parametrize("identifier", ["", ".", ".."])
def test_an_identifier_that_is_another_path_is_refused(identifier: str) -> None:
    """Nothing is sent."""
    with mysafe({}) as server:
        source = MySafeSource(settings(server.url))
        with pytest.raises(RefusedError, match="is not an identifier of a note"):
            source.get_item("note", identifier, Deadline(60))
        source.close()
        assert [] == server.requests


def test_a_byte_that_is_no_text_can_be_asked_for() -> None:
    """It matches nothing, and that is all."""
    with mysafe({"/api/mysafe/note": success(note_on_list=[])}) as server:
        source = MySafeSource(settings(server.url))
        assert () == source.list_rows("note", (("name", "\udcff"),), Deadline(60))
        source.close()


def test_several_calls_at_once_are_faster() -> None:
    """The source says so."""
    assert MySafeSource.concurrent


def test_a_source_wants_complete_settings() -> None:
    """Before anything is sent."""
    with pytest.raises(SettingsError, match="not set"):
        MySafeSource(Settings(url="https://mysafe.example.test"))
