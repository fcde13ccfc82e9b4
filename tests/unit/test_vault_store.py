"""MySafe's rules in the local vault."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from mysafe_env.items import Grant
from mysafe_env.references import Selectors
from mysafe_env.vault.records import Record
from mysafe_env.vault.store import Vault, VaultRefusal


def refusal_of(call: Callable[[], object]) -> str:
    """MySafe's words for what it does not do."""
    with pytest.raises(VaultRefusal) as caught:
        call()
    assert caught.value.text.startswith(f"{caught.value.code}: ")
    return caught.value.text


@pytest.fixture
def vault() -> Vault:
    """A vault with two items of each kind that can be told apart."""
    return Vault(
        [
            Record("password", "1", {"name": "a", "username": "u", "url": "x", "tags": "prod, db", "password": "p1"}),
            Record("password", "2", {"name": "b", "username": "u", "url": "y", "tags": "db2"}, active=False),
            Record("note", "1", {"name": "a", "tags": "prod", "note": "n1"}),
            Record("note", "9", {"name": "a"}),
            Record("secretapi", "1", {"name": "a", "identifier_code": "one", "tags": "prod"}),
            Record("secretapi", "2", {"name": "a", "identifier_code": "two"}),
        ]
    )


@pytest.mark.parametrize(
    ("kind", "filters", "identifiers"),
    [
        ("password", (), ["1", "2"]),
        ("password", (("tag", "db"),), ["1"]),
        ("password", (("tag", "prod, db"),), []),
        ("password", (("username", "u"),), ["1", "2"]),
        ("password", (("username", "u"), ("url", "y")), ["2"]),
        ("password", (("name", "A"),), []),
        ("password", (("url", "x"), ("tag", "db2")), []),
        ("note", (("name", "a"),), ["1", "9"]),
        ("note", (("tag", "prod"),), ["1"]),
        ("note", (("username", "u"),), ["1", "9"]),
        ("secretapi", (("identifier_code", "two"),), ["2"]),
        ("secretapi", (("name", "nobody"),), ["1", "2"]),
    ],
)
def test_lists(vault: Vault, kind: str, filters: Selectors, identifiers: list[str]) -> None:
    """Filters match whole texts and single tags, narrow together, and are ignored where MySafe has none such."""
    assert identifiers == [record.identifier for record in vault.list(kind, filters)]


def test_get(vault: Vault) -> None:
    """An item is had by its kind and number."""
    assert "n1" == vault.get("note", "1").fields["note"]


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("password", "1005: Password not found"),
        ("note", "1005: Note not found"),
        ("secretapi", "1005: API secret not found"),
    ],
)
def test_no_such_item(vault: Vault, kind: str, text: str) -> None:
    """Each kind has its own words for a number that is not there, whatever is asked of it."""
    assert text == refusal_of(lambda: vault.get(kind, "404"))
    assert text == refusal_of(lambda: vault.update(kind, "404", {}))
    assert text == refusal_of(lambda: vault.activate(kind, "404"))
    assert text == refusal_of(lambda: vault.deactivate(kind, "404"))


@pytest.mark.parametrize("identifier", ["", "stripe-live", "-1", "1.0", "²", "\uff11", "1 "])
def test_an_identifier_is_a_number(vault: Vault, identifier: str) -> None:
    """Whatever is not ASCII digits is refused before it is looked for."""
    assert "1010: Unexpected identifier type" == refusal_of(lambda: vault.get("note", identifier))


@pytest.mark.parametrize(
    "record",
    [
        Record("note", "1", {"name": "n"}, can_view=False),
        Record("note", "1", {"name": "n"}, need_justify=True),
        Record("note", "1", {"name": "n"}, need_approval=True),
        Record("note", "1", {"name": "n"}, can_view=False, active=False),
    ],
)
def test_no_access(record: Record) -> None:
    """An item that may not be viewed, or only with a reason or a consent, is listed and not handed out."""
    vault = Vault([record])
    assert (record,) == vault.list("note")
    assert "1006: User does not have access" == refusal_of(lambda: vault.get("note", "1"))


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("password", "1009: Inactive password"),
        ("note", "1009: Inactive note"),
        ("secretapi", "1009: Inactive api secret"),
    ],
)
def test_inactive(kind: str, text: str) -> None:
    """An inactive item is listed and not handed out."""
    record = Record(kind, "1", {"name": "n"}, active=False)
    vault = Vault([record])
    assert (record,) == vault.list(kind)
    assert text == refusal_of(lambda: vault.get(kind, "1"))


def test_a_code_is_made_when_it_is_asked_for() -> None:
    """An item with a seed has the code of the moment, unless it has a token of its own."""
    seed = {"name": "n", "secret_key": "MFRG GZDF"}
    vault = Vault([Record("password", "1", seed), Record("password", "2", {**seed, "token": "000000"})])
    assert 6 == len(vault.get("password", "1").fields["token"])
    assert "000000" == vault.get("password", "2").fields["token"]
    assert "token" not in vault.list("password")[0].fields


def test_a_seed_that_is_none_gives_no_code() -> None:
    """A server takes any text as a seed; there is then no code."""
    vault = Vault([Record("password", "1", {"name": "n", "secret_key": "no base32: 01"})])
    assert "token" not in vault.get("password", "1").fields


def test_create(vault: Vault) -> None:
    """A new item gets the next number, and its creator may read it and write it."""
    grants = (Grant("ana.dev", can_edit=True),)
    created = vault.create("note", {"name": "new", "note": "text"}, users_allowed=grants)
    assert Record("note", "10", {"name": "new", "note": "text"}, users_allowed=grants) == created
    assert created == vault.get("note", "10")


def test_the_first_item_is_number_one() -> None:
    """An empty vault starts counting at 1."""
    assert "1" == Vault().create("note", {"name": "new", "note": "text"}).identifier


@pytest.mark.parametrize(
    ("kind", "fields", "missing"),
    [
        ("password", {"username": "u", "password": "p"}, "name"),
        ("password", {"name": "n", "password": "p"}, "username"),
        ("password", {"name": "n", "username": "u"}, "password"),
        ("note", {"note": "t"}, "name"),
        ("note", {"name": "n", "note": ""}, "note"),
        ("secretapi", {"url": "u", "client_id": "c"}, "name"),
        ("secretapi", {"name": "n", "client_id": "c"}, "url"),
        ("secretapi", {"name": "n", "url": "u"}, "client_id"),
    ],
)
def test_required_fields(vault: Vault, kind: str, fields: dict[str, str], missing: str) -> None:
    """A create without a required field, or with an empty one, is refused naming the field."""
    assert f"1001: Parameter '{missing}' was not informed!" == refusal_of(lambda: vault.create(kind, fields))


def test_a_note_has_at_most_900_characters(vault: Vault) -> None:
    """900 characters are taken, by create and by update; one more is refused."""
    text = "1001: Parameter note limited to 900 characters"
    assert text == refusal_of(lambda: vault.create("note", {"name": "n", "note": "é" * 901}))
    assert text == refusal_of(lambda: vault.update("note", "1", {"note": "é" * 901}))
    assert 900 == len(vault.update("note", "1", {"note": "é" * 900}).fields["note"])


def test_an_identifier_code_is_taken_once(vault: Vault) -> None:
    """Another item's identifier_code is refused; an item's own is not."""
    text = "1001: Identifier already found in another API key of this user"
    fields = {"name": "n", "url": "u", "client_id": "c", "identifier_code": "one"}
    assert text == refusal_of(lambda: vault.create("secretapi", fields))
    assert text == refusal_of(lambda: vault.update("secretapi", "2", {"identifier_code": "one"}))
    assert "one" == vault.update("secretapi", "1", {"identifier_code": "one"}).fields["identifier_code"]


def test_update_changes_what_is_given(vault: Vault) -> None:
    """An update keeps what it does not name."""
    updated = vault.update("password", "1", {"password": "p2"})
    assert ("p2", "u") == (updated.fields["password"], updated.fields["username"])
    assert updated == vault.get("password", "1")


def test_an_empty_list_ends_sharing() -> None:
    """Sharing that is left out stays; an empty tuple removes it."""
    user, group = (Grant("ana.dev"),), (Grant("Platform team"),)
    vault = Vault([Record("note", "1", {"name": "n"}, users_allowed=user, groups_allowed=group)])
    assert (user, group) == sharing(vault.update("note", "1", {}))
    assert ((), group) == sharing(vault.update("note", "1", {}, users_allowed=()))
    assert ((), ()) == sharing(vault.update("note", "1", {}, groups_allowed=()))


def sharing(record: Record) -> tuple[tuple[Grant, ...], tuple[Grant, ...]]:
    """Whom an item is shared with."""
    return record.users_allowed, record.groups_allowed


def test_writing_needs_the_right_to_edit() -> None:
    """An item that may only be viewed is neither changed nor switched."""
    vault = Vault([Record("note", "1", {"name": "n"}, can_write=False)])
    text = "1006: User does not have access"
    assert text == refusal_of(lambda: vault.update("note", "1", {"name": "m"}))
    assert text == refusal_of(lambda: vault.activate("note", "1"))
    assert text == refusal_of(lambda: vault.deactivate("note", "1"))


def test_switching_off_and_on(vault: Vault) -> None:
    """Deactivating and activating tell whether anything changed, and doing it twice does no harm."""
    assert [True, False] == [vault.deactivate("note", "1") for _ in range(2)]
    assert "1009: Inactive note" == refusal_of(lambda: vault.get("note", "1"))
    assert [True, False] == [vault.activate("note", "1") for _ in range(2)]
    assert "n1" == vault.get("note", "1").fields["note"]


def test_every_thread_gets_its_own_number() -> None:
    """Items created at once never share a number."""
    vault = Vault()
    with ThreadPoolExecutor(8) as pool:
        created = list(pool.map(lambda _: vault.create("note", {"name": "n", "note": "t"}), range(200)))
    assert 200 == len({record.identifier for record in created}) == len(vault.list("note"))


def test_no_value_is_in_a_repr(vault: Vault) -> None:
    """The repr of a record shows its kind and number, not its fields."""
    assert "p1" not in repr(vault.get("password", "1"))


def test_a_list_tells_of_what_changed_since_the_last_one(vault: Vault) -> None:
    """A new item, a changed field and a deactivated item show in the next list by the same filter."""
    by_name: Selectors = (("name", "a"),)
    before = vault.list("password", by_name)
    created = vault.create("password", {"name": "a", "username": "n", "password": "p3"})
    vault.update("password", "1", {"name": "c"})
    vault.deactivate("password", created.identifier)
    assert (["1"], ["3"]) == (
        [each.identifier for each in before],
        [each.identifier for each in vault.list("password", by_name)],
    )
    assert not vault.list("password", by_name)[0].active
    assert ["1"] == [each.identifier for each in vault.list("password", (("name", "c"),))]
