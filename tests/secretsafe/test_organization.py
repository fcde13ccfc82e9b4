"""The organisation API, against the emulated servers of two generations."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import mysafe_env
from mysafe_env.deadline import Deadline
from mysafe_env.emulator.secretsafe.server import SecretSafeEmulator
from mysafe_env.emulator.secretsafe.vault_file import VaultCollection
from mysafe_env.errors import BadAnswerError, NotFoundError, RefusedError, SettingsError
from mysafe_env.sources.secretsafe.api import OrganizationApi
from mysafe_env.sources.secretsafe.client import SecretSafe
from mysafe_env.sources.secretsafe.document import Document
from mysafe_env.sources.secretsafe.operations import LEFT_OUT, all_operations, compare
from mysafe_env.sources.secretsafe.records import Access, Subscription
from mysafe_env.sources.secretsafe.settings import read_secretsafe_settings
from tests.secretsafe.served import (
    PATIENCE,
    api_of,
    organization_environment,
    personal_environment,
    serving,
    settings_of,
    vault_of,
)

ADA = {"email": "ada@example.test", "status": 2, "userId": "user-ada", "name": "Ada", "externalId": "u1"}
EVENTS = (
    tuple(
        {
            "type": 1107,
            "date": f"2026-05-01T10:{minute:02}:00.1234567Z",
            "actingUserId": ["user-ada", "user-bob"][minute % 2],
        }
        for minute in range(60)
    )
    + ({"type": 1700, "date": "2026-05-02T10:00:00Z", "itemId": "item-1"},) * 51
)
RESOURCES: dict[str, tuple[dict[str, Any], ...]] = {
    "members": (ADA,),
    "groups": ({"name": "Dev", "externalId": "g1"},),
    "policies": ({"type": 1, "enabled": True, "data": {"minLength": 12}},),
    "events": EVENTS,
}
_VAULT = vault_of(resources=RESOURCES, collections=(VaultCollection("Orders", "orders"), VaultCollection("Ops")))


@pytest.fixture(params=[False, True], ids=["new", "old"])
def emulator(request: pytest.FixtureRequest) -> Iterator[SecretSafeEmulator]:
    """A server of today, and one of 2020."""
    with serving(_VAULT, old=request.param) as started:
        yield started


@pytest.fixture
def safe(emulator: SecretSafeEmulator) -> Iterator[SecretSafe]:
    """The Python client of that server."""
    with SecretSafe(settings_of(organization_environment(emulator))) as client:
        yield client


def _until() -> Deadline:
    return Deadline(PATIENCE)


def test_members(safe: SecretSafe) -> None:
    """Members are listed, read, invited, changed, put into groups and removed."""
    (ada,) = safe.list_members()
    assert ("ada@example.test", 2, 2, "Ada", "user-ada") == (ada.email, ada.type, ada.status, ada.name, ada.user_id)
    assert ada == safe.get_member(ada.id)
    (dev,) = safe.list_groups()
    bob = safe.create_member(
        "bob@example.test", type=1, external_id="u2", collections=[Access("c1", read_only=True)], groups=[dev.id]
    )
    assert (0, None, (Access("c1", read_only=True),)) == (bob.status, bob.name, bob.collections)
    assert (dev.id,) == safe.member_groups(bob.id)
    assert (bob.id,) == safe.group_members(dev.id)
    safe.reinvite_member(bob.id)
    safe.set_member_groups(bob.id, [])
    assert () == safe.group_members(dev.id)
    safe.delete_member(bob.id)
    assert [ada] == list(safe.list_members())


def test_an_update_leaves_the_rest_as_it_is(safe: SecretSafe) -> None:
    """A PUT resets what it leaves out; so what nobody changes is written back, a member's groups included."""
    (dev,) = safe.list_groups()
    bob = safe.create_member(
        "bob@example.test", external_id="u2", collections=[Access("c1", manage=True)], groups=[dev.id]
    )
    changed = safe.update_member(bob.id, type=1)
    assert ("u2", 1, (Access("c1", manage=True),)) == (changed.external_id, changed.type, changed.collections)
    assert (dev.id,) == safe.member_groups(bob.id)
    assert ("g1", "Dev 2") == (safe.update_group(dev.id, name="Dev 2").external_id, safe.get_group(dev.id).name)
    orders = next(each for each in safe.list_collections() if each.external_id == "orders")
    safe.update_collection(orders.id, groups=[Access(dev.id)])
    assert "sales" == safe.update_collection(orders.id, external_id="sales").external_id
    assert (Access(dev.id),) == safe.get_collection(orders.id).groups
    assert {"minLength": 12} == safe.update_policy(1, enabled=False).data


def test_a_member_who_is_no_longer_custom_loses_the_permissions(emulator: SecretSafeEmulator) -> None:
    """Permissions are for custom members only, so they are not written back with another type."""
    api = api_of(emulator)
    fields = {"email": "c@x.test", "type": 4, "permissions": {"manageUsers": True}}
    identifier = api.create("members", fields, _until()).required("id")
    assert {"manageUsers": True} == api.update("members", identifier, {"externalId": "c"}, _until()).to_json()[
        "permissions"
    ]
    assert None is api.update("members", identifier, {"type": 2}, _until()).to_json()["permissions"]


def test_groups(safe: SecretSafe) -> None:
    """Groups are created, filled and deleted."""
    (ada,) = safe.list_members()
    ops = safe.create_group("Ops", external_id="g2", collections=[Access("c1", hide_passwords=True)])
    assert ops == safe.get_group(ops.id)
    safe.set_group_members(ops.id, [ada.id])
    assert (ops.id,) == safe.member_groups(ada.id)
    safe.delete_group(ops.id)
    assert ["Dev"] == [group.name for group in safe.list_groups()]


def test_collections(safe: SecretSafe) -> None:
    """Collections are listed and deleted; there is no name."""
    orders, ops = safe.list_collections()
    assert ("orders", None) == (orders.external_id, ops.external_id)
    safe.delete_collection(ops.id)
    with pytest.raises(NotFoundError):
        safe.get_collection(ops.id)


def test_policies(safe: SecretSafe) -> None:
    """A policy that was never set can't be read, and can be set."""
    assert [(1, True)] == [(policy.type, policy.enabled) for policy in safe.list_policies()]
    with pytest.raises(NotFoundError):
        safe.get_policy(9)
    assert {"minutes": 5} == safe.update_policy(9, enabled=True, data={"minutes": 5}).data
    assert safe.get_policy(9).enabled


def test_revoke_and_restore() -> None:
    """Access is taken away and given back, where the server has the calls."""
    with serving(_VAULT) as emulator:
        client = SecretSafe(settings_of(organization_environment(emulator)))
        (ada,) = client.list_members()
        client.revoke_member(ada.id)
        assert -1 == client.get_member(ada.id).status
        client.restore_member(ada.id)
        assert 2 == client.get_member(ada.id).status
    with serving(_VAULT, old=True) as emulator:
        client = SecretSafe(settings_of(organization_environment(emulator)))
        with pytest.raises(NotFoundError) as caught:
            client.revoke_member(ada.id)
        assert "too old" in caught.value.hint


def test_events(emulator: SecretSafeEmulator, safe: SecretSafe) -> None:
    """Events come newest first, over as many pages as are used."""
    events = safe.events()
    assert 1700 == next(events).type
    assert 1 == sum("/events" in each.target for each in emulator.requests)
    assert len(EVENTS) - 1 == len(list(events))
    assert 3 == sum("/events" in each.target for each in emulator.requests)
    assert 51 == len(list(safe.events(item_id="item-1")))
    assert 30 == len(list(safe.events(acting_user_id="user-ada")))
    day = [datetime(2026, 5, 1, hour, tzinfo=UTC) for hour in (10, 11)]
    first = list(safe.events(*day))[-1]
    assert (datetime(2026, 5, 1, 10, 0, 0, 123456, UTC), "user-ada") == (first.date, first.acting_user_id)


def test_import(safe: SecretSafe) -> None:
    """Members and groups of a directory are added and removed by their external ids."""
    directory = {
        "members": [{"email": "eve@example.test", "externalId": "u9"}, {"externalId": "u1", "deleted": True}],
        "groups": [{"name": "New", "externalId": "g9", "memberExternalIds": []}],
    }
    safe.import_directory(directory)
    assert ["eve@example.test"] == [member.email for member in safe.list_members()]
    assert ["g1", "g9"] == [group.external_id for group in safe.list_groups()]
    safe.import_directory({"members": []})


def test_the_subscription() -> None:
    """What is paid for, as far as the organisation has that product."""
    paid = {"seats": 10, "maxAutoScaleSeats": None, "storage": 1}
    with serving(vault_of(subscription={"passwordManager": paid, "secretsManager": None})) as emulator:
        found = SecretSafe(settings_of(organization_environment(emulator))).subscription()
    assert Subscription(10, None, 1, None, None) == found
    others = {"seats": 2, "serviceAccounts": 50, "maxAutoScaleServiceAccounts": 60}
    with serving(vault_of(subscription={"secretsManager": others})) as emulator:
        found = SecretSafe(settings_of(organization_environment(emulator))).subscription()
    assert Subscription(None, None, None, 2, 50) == found


def test_no_subscription(safe: SecretSafe) -> None:
    """A server of one's own, or an old one, has no such call, and the error says why."""
    with pytest.raises(NotFoundError, match="no subscription") as caught:
        safe.subscription()
    assert "only SecretSafe's cloud" in caught.value.hint


def test_refusals(safe: SecretSafe) -> None:
    """The server's reasons are told in its own words."""
    with pytest.raises(RefusedError, match="already been invited"):
        safe.create_member("ada@example.test")
    with pytest.raises(RefusedError, match="User invalid"):
        safe.reinvite_member(safe.list_members()[0].id)
    with pytest.raises(RefusedError, match="The Email field is required"):
        safe.create_member("")
    with pytest.raises(NotFoundError):
        safe.update_member("nope", type=1)
    for identifier in ("..", ""):
        with pytest.raises(RefusedError, match="is no id"):
            safe.delete_member(identifier)
    for call in (safe.delete_member, safe.reinvite_member, safe.member_groups):
        with pytest.raises(NotFoundError, match="SecretSafe has no member nope "):
            call("nope")
    with pytest.raises(RefusedError, match="not a valid e-mail address"):
        safe.create_member("nobody")
    with pytest.raises(RefusedError, match="367 days"):
        list(safe.events(datetime(2025, 1, 1, tzinfo=UTC), datetime(2026, 5, 1, tzinfo=UTC)))
    with pytest.raises(NotFoundError):
        safe.get_member("a/b?c#d")


def test_a_person_s_key_can_t_manage(emulator: SecretSafeEmulator) -> None:
    """The organisation API wants the organisation's key, and says so before anything is sent."""
    with pytest.raises(SettingsError, match="organisation's key"):
        OrganizationApi(read_secretsafe_settings(settings_of(personal_environment(emulator))))
    assert () == emulator.requests


def test_the_package_has_the_client(emulator: SecretSafeEmulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """The client is made of the environment's variables."""
    for name, value in organization_environment(emulator).items():
        monkeypatch.setenv(name, value)
    with mysafe_env.SecretSafe.from_environment() as client:
        assert 1 == len(client.list_members())


def test_the_table_of_operations() -> None:
    """All operations of the described API are covered, but those that are left out on purpose."""
    coverage = compare(Path(__file__).with_name("organization.openapi.json").read_bytes())
    assert set(all_operations()) == set(coverage.covered)
    assert () == coverage.lacking
    assert tuple(LEFT_OUT) == coverage.beyond


def test_an_old_server_lacks_operations(emulator: SecretSafeEmulator) -> None:
    """What an old server lacks is named."""
    lacking = [str(each) for each in compare(api_of(emulator).spec(_until())).lacking]
    newer = [f"POST /public/members/{{id}}/{verb}" for verb in ("restore", "revoke")]
    assert lacking in ([], [*newer, "GET /public/organization/subscription"])


@pytest.mark.parametrize("text", [b"", b"[]", b"{}", b'{"paths": 1}', b'{"paths": {"/public/x": null}}'])
def test_no_description(text: bytes) -> None:
    """What is no OpenAPI description is a bad answer."""
    with pytest.raises(BadAnswerError):
        compare(text)


def test_a_document_shows_nothing_of_itself() -> None:
    """The repr of an answer names what it is the answer to; a wrong type is told without the value."""
    document = Document({"flag": "canary", "number": True}, "a test")
    assert "Document('a test')" == repr(document)
    with pytest.raises(BadAnswerError, match="neither true nor false"):
        document.flag("flag")
    with pytest.raises(BadAnswerError, match="not a whole number"):
        document.number("number")


def test_answers_of_an_old_server_are_shown_like_new_ones() -> None:
    """Whatever the server's age, keys are in camelCase."""
    shown = []
    for old in (False, True):
        with serving(_VAULT, old=old) as emulator:
            shown.append(json.dumps(api_of(emulator).list_all("policies", _until())[0].to_json(), sort_keys=True))
    assert shown[0] == shown[1]
