"""The organisation API: what `/public/...` does with members, groups, collections, policies and events."""

import json
import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final

from mysafe_env.emulator.exchange import Request, Response
from mysafe_env.emulator.secretsafe.bodies import EMPTY, failed, json_answer, listed, nothing
from mysafe_env.emulator.secretsafe.sealing import Json, stable_id
from mysafe_env.emulator.secretsafe.vault_file import ServedVault

PAGE: Final = 50
_LONGEST: Final = timedelta(days=367)
_INVALID: Final = "The request's model state is invalid."
_INVITED, _REVOKED, _CONFIRMED = 0, -1, 2

# Every property of the newest answers, with what stands there when nobody has set it.
_MEMBER: Final[Json] = {
    "object": "member",
    "id": None,
    "userId": None,
    "name": None,
    "email": None,
    "twoFactorEnabled": False,
    "status": _INVITED,
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


class Organization:
    """One organisation, changed by calls and kept in memory; safe for several threads."""

    def __init__(self, vault: ServedVault, *, old: bool) -> None:
        self._old = old
        self._lock = threading.Lock()
        self._group_members: dict[str, list[str]] = {}
        things = {resource: [_filled(resource, each) for each in given] for resource, given in vault.resources.items()}
        self._subscription: Json = {**vault.subscription}
        self._events: list[Json] = things.pop("events", [])
        self._things: dict[str, dict[str, Json]] = {
            resource: {_key(resource, each): each for each in things.get(resource, [])}
            for resource in ("members", "groups", "policies")
        }
        self._things["collections"] = {
            stable_id("collection", each.name): {
                "object": "collection",
                "id": stable_id("collection", each.name),
                "externalId": each.external_id,
                "groups": [],
            }
            for each in vault.collections
        }

    def answer(self, request: Request, rest: list[str]) -> Response | None:
        """The answer to a call below `/public`, or None where there is no such call."""
        with self._lock:
            call = self._route(request, rest)
            return call() if call else None

    def _route(  # noqa: PLR0911  # the table of the API
        self, request: Request, rest: list[str]
    ) -> Callable[[], Response] | None:
        match request.method, rest:
            case "GET", ["events"]:
                return lambda: self._list_events(dict(request.query))
            case "POST", ["organization", "import"]:
                return lambda: self._import(request)
            case "GET", ["organization", "subscription"] if self._subscription and not self._old:
                return lambda: self._show(self._subscription)
            case "GET", [resource] if resource in self._things:
                return lambda: self._list(resource)
            case "POST", ["members" | "groups" as resource]:
                return lambda: self._create(resource, request)
            case method, [resource, key] if resource in self._things:
                return self._one(method, resource, key, request)
            case method, ["members" as resource, key, "group-ids"]:
                return self._ids(method, resource, key, request)
            case method, ["groups" as resource, key, "member-ids"]:
                return self._ids(method, resource, key, request)
            case "POST", ["members", key, "reinvite" | "revoke" | "restore" as verb]:
                return lambda: self._switch(key, verb)
        return None

    def _one(self, method: str, resource: str, key: str, request: Request) -> Callable[[], Response] | None:
        if method == "PUT":
            return lambda: self._update(resource, key, request)
        if key not in self._things[resource]:
            return lambda: nothing(404)
        if method == "GET":
            return lambda: self._show(self._things[resource][key])
        if method == "DELETE" and resource != "policies":
            return lambda: self._delete(resource, key)
        return None

    def _list(self, resource: str) -> Response:
        things = list(self._things[resource].values())
        if self._old and resource != "policies":
            relation = "groups" if resource == "collections" else "collections"
            things = [{**each, relation: None} for each in things]
        return listed(things, old=self._old)

    def _create(self, resource: str, request: Request) -> Response:
        body = _body(request)
        wrong = self._wrong(body, "email", "type") if resource == "members" else self._wrong(body, "name")
        if wrong is not None:
            return wrong
        if resource == "members" and body["email"] in {each["email"] for each in self._things["members"].values()}:
            return failed("This user has already been invited.", old=self._old)
        key = stable_id(resource, str(body.get("email") or body.get("name")), str(len(self._things[resource])))
        made = {**_OBJECTS[resource], "id": key, **_known(_WRITABLE[resource], body)}
        if resource == "members":
            made["email"] = body["email"]
            self._join(key, body.get("groups"))
        self._things[resource][key] = made
        return self._show(made)

    def _update(self, resource: str, key: str, request: Request) -> Response:
        body = _body(request)
        required = {"members": ("type",), "groups": ("name",), "policies": ("enabled",), "collections": ()}[resource]
        wrong = self._wrong(body, *required)
        if wrong is not None:
            return wrong
        if key not in self._things[resource]:
            if resource != "policies" or not key.isdigit():
                return nothing(404)
            self._things[resource][key] = _filled("policies", {"type": int(key)})
        if body.get("permissions") is not None and body.get("type") != 4:  # noqa: PLR2004  # a custom member
            return failed("Permissions are for custom members only.", old=self._old)
        self._things[resource][key] |= _known(_WRITABLE[resource], body)
        if resource == "members":
            self._join(key, body.get("groups") or [])
        return self._show(self._things[resource][key])

    def _delete(self, resource: str, key: str) -> Response:
        del self._things[resource][key]
        return EMPTY

    def _ids(self, method: str, resource: str, key: str, request: Request) -> Callable[[], Response] | None:
        if method not in {"GET", "PUT"}:
            return None
        if key not in self._things[resource]:
            return lambda: nothing(404)
        if method == "GET":
            return lambda: json_answer(self._related(resource, key), old=self._old)
        return lambda: self._set_ids(resource, key, _body(request))

    def _related(self, resource: str, key: str) -> list[str]:
        if resource == "groups":
            return self._group_members.get(key, [])
        return [group for group, members in self._group_members.items() if key in members]

    def _set_ids(self, resource: str, key: str, body: Json) -> Response:
        if resource == "groups":
            self._group_members[key] = _texts(body.get("memberIds"))
        else:
            self._join(key, body.get("groupIds"))
        return EMPTY

    def _join(self, member: str, groups: object) -> None:
        if groups is None:
            return
        for members in self._group_members.values():
            if member in members:
                members.remove(member)
        for group in _texts(groups):
            self._group_members.setdefault(group, []).append(member)

    def _switch(self, key: str, verb: str) -> Response:
        member = self._things["members"].get(key)
        # Revoke and restore are calls of 2026.
        if member is None or (self._old and verb != "reinvite"):
            return nothing(404)
        if verb == "reinvite" and member["status"] != _INVITED:
            return failed("User invalid.", old=self._old)
        if verb != "reinvite":
            member["status"] = _REVOKED if verb == "revoke" else _CONFIRMED
        return EMPTY

    def _list_events(self, query: dict[str, str]) -> Response:
        if _is_too_long(query):
            return failed("Date range must be < 367 days.", old=self._old)
        found = [each for each in self._events if _is_asked_for(each, query)]
        found.sort(key=lambda each: str(each["date"]), reverse=True)
        start = int(query.get("continuationToken", "0").removeprefix("page&"))
        following = f"page&{start + PAGE}" if start + PAGE < len(found) else None
        return listed(found[start : start + PAGE], old=self._old, token=following, paged=True)

    def _import(self, request: Request) -> Response:
        body = _body(request)
        wrong = self._wrong(body, "overwriteExisting")
        if wrong is not None:
            return wrong
        if body.get("groups") is None or body.get("members") is None:
            return failed("An unhandled server error has occurred.", old=self._old, status=500)
        for member in _objects(body["members"]):
            self._import_one("members", member, {"email": member.get("email"), "type": 2})
        for group in _objects(body["groups"]):
            self._import_one("groups", group, {"name": group.get("name")})
        return EMPTY

    def _import_one(self, resource: str, given: Json, values: Json) -> None:
        external = given.get("externalId")
        present = {key: each for key, each in self._things[resource].items() if each["externalId"] == external}
        if given.get("deleted"):
            for key in present:
                del self._things[resource][key]
        elif not present:
            key = stable_id(resource, str(external))
            self._things[resource][key] = {**_OBJECTS[resource], "id": key, "externalId": external, **values}

    def _show(self, thing: Json) -> Response:
        return json_answer(thing, old=self._old)

    def _wrong(self, body: Json, *required: str) -> Response | None:
        """The refusal of a body that lacks something."""
        if not body:
            return failed(_INVALID, {"": ["Body is empty."]}, old=self._old)
        if self._old and "email" in body:
            required = (*required, "accessAll")
        missing = [name[:1].upper() + name[1:] for name in required if body.get(name) in {None, ""}]
        errors = {name: [f"The {name} field is required."] for name in missing}
        if "email" in required and not missing and "@" not in str(body["email"]):
            errors["Email"] = ["The Email field is not a valid e-mail address."]
        return failed(_INVALID, errors, old=self._old) if errors else None


def _filled(resource: str, given: Mapping[str, object]) -> Json:
    label = str(given.get("email") or given.get("name") or given.get("type"))
    # An event is the one thing without an id.
    identity = {} if resource == "events" else {"id": stable_id(resource, label)}
    return {**_OBJECTS[resource], **identity, **given}


def _key(resource: str, thing: Json) -> str:
    return str(thing["type"] if resource == "policies" else thing["id"])


def _known(writable: Json, body: Json) -> Json:
    return {name: body.get(name, reset) for name, reset in writable.items()}


def _body(request: Request) -> Json:
    try:
        body = json.loads(request.body)
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _objects(value: object) -> list[Json]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _texts(value: object) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else []


def _is_too_long(query: Mapping[str, str]) -> bool:
    """Whether a range of events is longer than the server looks back; what is no time is not read."""
    try:
        first, last = (datetime.fromisoformat(query[name]) for name in ("start", "end"))
        return abs(last - first) >= _LONGEST
    except (KeyError, TypeError, ValueError):
        return False


def _is_asked_for(event: Json, query: dict[str, str]) -> bool:
    # Of start and end, one alone is ignored; of the others, the first one counts.
    if "start" in query and "end" in query:
        first, last = sorted((query["start"], query["end"]))
        if not first <= str(event["date"]) <= last:
            return False
    for name in ("actingUserId", "itemId"):
        if name in query:
            return event[name] == query[name]
    return True
