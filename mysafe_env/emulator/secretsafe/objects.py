"""The objects of an organisation's API: which properties each resource has, and which of them a PUT writes."""

from collections.abc import Mapping
from typing import Final

from mysafe_env.emulator.secretsafe.encryption import Json, stable_id

INVITED, REVOKED, CONFIRMED = 0, -1, 2
"""The states of a member."""

# Every property of the newest answers, with what stands there when nobody has set it.
_MEMBER: Final[Json] = {
    "object": "member",
    "id": None,
    "userId": None,
    "name": None,
    "email": None,
    "twoFactorEnabled": False,
    "status": INVITED,
    "type": 2,
    "externalId": None,
    "permissions": None,
    "resetPasswordEnrolled": False,
    "ssoExternalId": None,
    "collections": [],
}
_GROUP: Final[Json] = {"object": "group", "id": None, "name": None, "externalId": None, "collections": []}
_POLICY: Final[Json] = {"object": "policy", "id": None, "type": 0, "enabled": False, "data": None}
_EVENT: Final[Json] = {
    "object": "event",
    "type": 1000,
    "itemId": None,
    "collectionId": None,
    "groupId": None,
    "policyId": None,
    "memberId": None,
    "actingUserId": None,
    "installationId": None,
    "date": "2026-05-01T10:00:00.0000000Z",
    "device": 9,
    "ipAddress": "192.0.2.7",
}
# What a PUT replaces; a property that it leaves out is reset to the value here.
_WRITABLE: Final[Mapping[str, Json]] = {
    "members": {"type": None, "externalId": None, "permissions": None, "collections": []},
    "groups": {"name": None, "externalId": None, "collections": []},
    "collections": {"externalId": None, "groups": []},
    "policies": {"enabled": None, "data": None},
}
_OBJECTS: Final = {"members": _MEMBER, "groups": _GROUP, "policies": _POLICY, "events": _EVENT}


def filled(resource: str, given: Mapping[str, object]) -> Json:
    """One object with the properties that a vault file gives, and, unless it gives one, an id made of its name."""
    label = str(given.get("email") or given.get("name") or given.get("type"))
    # An event is the one thing without an id.
    identity = {} if resource == "events" else {"id": stable_id(resource, label)}
    return made(resource, **{**identity, **given})


def made(resource: str, **values: object) -> Json:
    """One object with these properties, and the defaults of all others."""
    return {**_OBJECTS[resource], **values}


def key_of(resource: str, thing: Json) -> str:
    """The key of an object in paths: a policy's number, the id of any other."""
    return str(thing["type"] if resource == "policies" else thing["id"])


def writable(resource: str, body: Json) -> Json:
    """The properties that the body of a PUT writes; those that it leaves out are reset."""
    return {name: body.get(name, reset) for name, reset in _WRITABLE[resource].items()}
