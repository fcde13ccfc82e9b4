"""The client of SecretSafe's organisation API for Python programs.

with SecretSafe.from_environment() as safe:
    ada = safe.create_member("ada@example.test", collections=[Access(orders.id, read_only=True)])
    safe.set_group_members(developers.id, [ada.id])
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime

from mysafe_env.deadline import Deadline
from mysafe_env.settings import Settings
from mysafe_env.sources.client import Client
from mysafe_env.sources.secretsafe.api import OrganizationApi
from mysafe_env.sources.secretsafe.records import (
    Access,
    Collection,
    Event,
    Group,
    Member,
    Policy,
    Subscription,
    access_to_json,
    read_collection,
    read_event,
    read_group,
    read_member,
    read_policy,
    read_subscription,
)
from mysafe_env.sources.secretsafe.settings import read_secretsafe_settings


class SecretSafe(Client):
    """Typed calls to one organisation, over kept connections; may be used from several threads, and after a fork.

    Raises `SettingsError` when a setting is missing, or the key is a person's.

    Every call takes at most `settings.timeout` seconds, and asks a busy server again within them.
    Every call raises `CredentialsError` when the key is refused, `UnreachableError` and `TimedOutError` when there is
    no answer, `BadAnswerError` when the answer is not SecretSafe's, and `OutageError`, the class above them.
    Calls with an id raise `NotFoundError`, calls that change something `RefusedError` with the server's own words,
    and a create or a repeated invitation whose answer was lost raises `UncertainError`.

    An update reads the object, changes what is given, and writes it back: None leaves a property as it is, and
    collections or groups that are given take the place of all those before.
    """

    def __init__(self, settings: Settings) -> None:
        self._api = OrganizationApi(read_secretsafe_settings(settings))
        self._timeout = settings.timeout

    def close(self) -> None:
        """Close the connections."""
        self._api.close()

    def list_members(self) -> tuple[Member, ...]:
        """All members, invited ones included."""
        return tuple(read_member(each) for each in self._api.list_all("members", self._until()))

    def get_member(self, member_id: str) -> Member:
        """One member."""
        return read_member(self._api.get("members", member_id, self._until()))

    def create_member(
        self,
        email: str,
        *,
        type: int = 2,  # noqa: A002  # the API's name
        external_id: str | None = None,
        collections: Iterable[Access] = (),
        groups: Iterable[str] = (),
    ) -> Member:
        """Invite somebody."""
        fields = {
            "email": email,
            "type": type,
            "externalId": external_id,
            "collections": [access_to_json(each) for each in collections],
            "groups": list(groups),
        }
        return read_member(self._api.create("members", fields, self._until()))

    def update_member(
        self,
        member_id: str,
        *,
        type: int | None = None,  # noqa: A002  # the API's name
        external_id: str | None = None,
        collections: Iterable[Access] | None = None,
        groups: Iterable[str] | None = None,
    ) -> Member:
        """Change a member."""
        changes = _given(
            type=type,
            externalId=external_id,
            collections=_accesses(collections),
            groups=None if groups is None else list(groups),
        )
        return read_member(self._api.update("members", member_id, changes, self._until()))

    def delete_member(self, member_id: str) -> None:
        """Remove a member; the person's account stays."""
        self._api.delete("members", member_id, self._until())

    def reinvite_member(self, member_id: str) -> None:
        """Send the invitation again; refused for one that was accepted."""
        self._api.act("members", "reinvite", member_id, self._until())

    def revoke_member(self, member_id: str) -> None:
        """Take a member's access away; `NotFoundError` on servers before 2026."""
        self._api.act("members", "revoke", member_id, self._until())

    def restore_member(self, member_id: str) -> None:
        """Give a revoked member's access back; `NotFoundError` on servers before 2026."""
        self._api.act("members", "restore", member_id, self._until())

    def member_groups(self, member_id: str) -> tuple[str, ...]:
        """The ids of a member's groups."""
        return self._api.ids("members", member_id, self._until())

    def set_member_groups(self, member_id: str, groups: Iterable[str]) -> None:
        """Replace a member's groups."""
        self._api.set_ids("members", member_id, list(groups), self._until())

    def list_groups(self) -> tuple[Group, ...]:
        """All groups."""
        return tuple(read_group(each) for each in self._api.list_all("groups", self._until()))

    def get_group(self, group_id: str) -> Group:
        """One group."""
        return read_group(self._api.get("groups", group_id, self._until()))

    def create_group(self, name: str, *, external_id: str | None = None, collections: Iterable[Access] = ()) -> Group:
        """A new group without members."""
        fields = {"name": name, "externalId": external_id, "collections": _accesses(collections)}
        return read_group(self._api.create("groups", fields, self._until()))

    def update_group(
        self,
        group_id: str,
        *,
        name: str | None = None,
        external_id: str | None = None,
        collections: Iterable[Access] | None = None,
    ) -> Group:
        """Change a group."""
        changes = _given(name=name, externalId=external_id, collections=_accesses(collections))
        return read_group(self._api.update("groups", group_id, changes, self._until()))

    def delete_group(self, group_id: str) -> None:
        """Delete a group; its members stay."""
        self._api.delete("groups", group_id, self._until())

    def group_members(self, group_id: str) -> tuple[str, ...]:
        """The ids of a group's members."""
        return self._api.ids("groups", group_id, self._until())

    def set_group_members(self, group_id: str, members: Iterable[str]) -> None:
        """Replace a group's members."""
        self._api.set_ids("groups", group_id, list(members), self._until())

    def list_collections(self) -> tuple[Collection, ...]:
        """All collections but the members' own."""
        return tuple(read_collection(each) for each in self._api.list_all("collections", self._until()))

    def get_collection(self, collection_id: str) -> Collection:
        """One collection."""
        return read_collection(self._api.get("collections", collection_id, self._until()))

    def update_collection(
        self, collection_id: str, *, external_id: str | None = None, groups: Iterable[Access] | None = None
    ) -> Collection:
        """Change a collection."""
        changes = _given(externalId=external_id, groups=_accesses(groups))
        return read_collection(self._api.update("collections", collection_id, changes, self._until()))

    def delete_collection(self, collection_id: str) -> None:
        """Delete a collection."""
        self._api.delete("collections", collection_id, self._until())

    def list_policies(self) -> tuple[Policy, ...]:
        """The policies that were ever set."""
        return tuple(read_policy(each) for each in self._api.list_all("policies", self._until()))

    def get_policy(self, number: int) -> Policy:
        """One policy; `NotFoundError` for one that was never set."""
        return read_policy(self._api.get("policies", str(number), self._until()))

    def update_policy(
        self, number: int, *, enabled: bool | None = None, data: Mapping[str, object] | None = None
    ) -> Policy:
        """Set a policy."""
        changes = _given(enabled=enabled, data=None if data is None else dict(data))
        return read_policy(self._api.update("policies", str(number), changes, self._until()))

    def events(
        self,
        start: datetime | None = None,
        end: datetime | None = None,
        *,
        acting_user_id: str | None = None,
        item_id: str | None = None,
    ) -> Iterator[Event]:
        """The event log, newest first; pages are fetched as they are used.

        The server wants *start* and *end* both, at most 367 days apart, or none: then it is the last 30 days.
        Of *acting_user_id* and *item_id* it takes the first.
        """
        times = {"start": start, "end": end}
        filters = {name: _stamp(moment) for name, moment in times.items() if moment is not None}
        filters |= {
            name: value for name, value in (("actingUserId", acting_user_id), ("itemId", item_id)) if value is not None
        }
        return (read_event(each) for each in self._api.events(tuple(filters.items()), self._until))

    def import_directory(self, directory: Mapping[str, object]) -> None:
        """Create, update and remove members and groups; *directory* is the API's object of an import."""
        self._api.import_directory(directory, self._until())

    def subscription(self) -> Subscription:
        """What the organisation pays for; `NotFoundError` from self-hosted servers, which have no subscription."""
        return read_subscription(self._api.subscription(self._until()))

    def _until(self) -> Deadline:
        return Deadline(self._timeout)


def _given(**fields: object) -> dict[str, object]:
    return {name: value for name, value in fields.items() if value is not None}


def _accesses(collections: Iterable[Access] | None) -> list[dict[str, object]] | None:
    return None if collections is None else [access_to_json(each) for each in collections]


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
