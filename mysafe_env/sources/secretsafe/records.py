"""SecretSafe's answers as the Python client returns them.

Numbers to which a newer server may add values are plain `int`s. What an old server does not send is None or empty.
"""

from dataclasses import dataclass
from datetime import datetime

from mysafe_env.errors import BadAnswerError
from mysafe_env.sources.secretsafe.document import Document


@dataclass(frozen=True, slots=True)
class Access:
    """What a member or group may do with a collection; `id` is the other side's."""

    id: str
    read_only: bool = False
    hide_passwords: bool = False
    manage: bool = False


@dataclass(frozen=True, slots=True)
class Member:
    """A member; `user_id` and `name` are None until the invitation is accepted."""

    id: str
    email: str
    type: int
    """0 owner, 1 admin, 2 user, 3 manager (old servers), 4 custom."""
    status: int
    """-1 revoked, 0 invited, 1 accepted, 2 confirmed, 3 staged."""
    name: str | None
    user_id: str | None
    external_id: str | None
    two_factor_enabled: bool
    collections: tuple[Access, ...]
    """In lists of old servers empty."""


@dataclass(frozen=True, slots=True)
class Group:
    """A group of members."""

    id: str
    name: str
    external_id: str | None
    collections: tuple[Access, ...]


@dataclass(frozen=True, slots=True)
class Collection:
    """A collection; its name is encrypted end to end, and never sent here."""

    id: str
    external_id: str | None
    groups: tuple[Access, ...]
    """In lists of old servers empty."""


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy by its number: 0 two-step login, 1 master password, 2 generator, and so on."""

    type: int
    enabled: bool
    data: dict[str, object] | None


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the event log; ids are None where the event is not about such a thing."""

    type: int
    date: datetime
    device: int | None
    ip_address: str | None
    acting_user_id: str | None
    member_id: str | None
    item_id: str | None
    collection_id: str | None
    group_id: str | None
    policy_id: str | None


@dataclass(frozen=True, slots=True)
class Subscription:
    """What the organisation pays for; None stands for what it does not have, or for no limit."""

    seats: int | None
    """Seats of the password manager."""
    max_autoscale_seats: int | None
    storage: int | None
    """GB besides those that every organisation has."""
    secrets_manager_seats: int | None
    service_accounts: int | None


def read_subscription(document: Document) -> Subscription:
    """The subscription."""
    passwords, secrets = document.document("passwordManager"), document.document("secretsManager")
    return Subscription(
        seats=passwords.number("seats") if passwords is not None else None,
        max_autoscale_seats=passwords.number("maxAutoScaleSeats") if passwords is not None else None,
        storage=passwords.number("storage") if passwords is not None else None,
        secrets_manager_seats=secrets.number("seats") if secrets is not None else None,
        service_accounts=secrets.number("serviceAccounts") if secrets is not None else None,
    )


def read_member(document: Document) -> Member:
    """One member."""
    return Member(
        id=document.required("id"),
        email=document.required("email"),
        type=_number(document, "type"),
        status=_number(document, "status"),
        name=document.text("name"),
        user_id=document.text("userId"),
        external_id=document.text("externalId"),
        two_factor_enabled=document.flag("twoFactorEnabled"),
        collections=_access(document, "collections"),
    )


def read_group(document: Document) -> Group:
    """One group."""
    return Group(
        document.required("id"),
        document.required("name"),
        document.text("externalId"),
        _access(document, "collections"),
    )


def read_collection(document: Document) -> Collection:
    """One collection."""
    return Collection(document.required("id"), document.text("externalId"), _access(document, "groups"))


def read_policy(document: Document) -> Policy:
    """One policy."""
    data = document.document("data")
    return Policy(_number(document, "type"), document.flag("enabled"), None if data is None else data.to_json())


def read_event(document: Document) -> Event:
    """One event."""
    return Event(
        type=_number(document, "type"),
        date=_date(document.required("date")),
        device=document.number("device"),
        ip_address=document.text("ipAddress"),
        acting_user_id=document.text("actingUserId"),
        member_id=document.text("memberId"),
        item_id=document.text("itemId"),
        collection_id=document.text("collectionId"),
        group_id=document.text("groupId"),
        policy_id=document.text("policyId"),
    )


def access_to_json(access: Access) -> dict[str, object]:
    """The API's object of an access."""
    return {
        "id": access.id,
        "readOnly": access.read_only,
        "hidePasswords": access.hide_passwords,
        "manage": access.manage,
    }


def _access(document: Document, name: str) -> tuple[Access, ...]:
    return tuple(
        Access(each.required("id"), each.flag("readOnly"), each.flag("hidePasswords"), each.flag("manage"))
        for each in document.documents(name)
    )


def _number(document: Document, name: str) -> int:
    number = document.number(name)
    if number is None:
        raise BadAnswerError(f'the field "{name}" is missing in an answer of SecretSafe', "check SECRETSAFE_URL")
    return number


def _date(text: str) -> datetime:
    # The server writes seven digits after the second, and Python reads any number of them.
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise BadAnswerError("the date of an event is none", "check SECRETSAFE_URL") from None
