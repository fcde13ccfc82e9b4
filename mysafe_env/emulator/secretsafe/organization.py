"""The organisation API: what `/public/...` does with members, groups, collections, policies and events."""

import json
import threading
from collections.abc import Callable
from typing import Final

from mysafe_env.emulator.exchange import Request, Response
from mysafe_env.emulator.secretsafe.bodies import EMPTY, failed, json_answer, listed, nothing
from mysafe_env.emulator.secretsafe.encryption import Json, stable_id
from mysafe_env.emulator.secretsafe.events import list_events
from mysafe_env.emulator.secretsafe.objects import CONFIRMED, INVITED, REVOKED, filled, key_of, made, writable
from mysafe_env.emulator.secretsafe.vault_file import ServedVault

_INVALID: Final = "The request's model state is invalid."


class Organization:
    """One organisation, changed by calls and kept in memory; safe for several threads."""

    def __init__(self, vault: ServedVault, *, old: bool) -> None:
        self._old = old
        self._lock = threading.Lock()
        self._group_members: dict[str, list[str]] = {}
        things = {resource: [filled(resource, each) for each in given] for resource, given in vault.resources.items()}
        self._subscription: Json = {**vault.subscription}
        self._events: list[Json] = things.pop("events", [])
        self._things: dict[str, dict[str, Json]] = {
            resource: {key_of(resource, each): each for each in things.get(resource, [])}
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
                return lambda: list_events(self._events, dict(request.query), old=self._old)
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
        thing = made(resource, id=key, **writable(resource, body))
        if resource == "members":
            thing["email"] = body["email"]
            self._join(key, body.get("groups"))
        self._things[resource][key] = thing
        return self._show(thing)

    def _update(self, resource: str, key: str, request: Request) -> Response:
        body = _body(request)
        required = {"members": ("type",), "groups": ("name",), "policies": ("enabled",), "collections": ()}[resource]
        wrong = self._wrong(body, *required)
        if wrong is not None:
            return wrong
        if key not in self._things[resource]:
            if resource != "policies" or not key.isdigit():
                return nothing(404)
            self._things[resource][key] = filled("policies", {"type": int(key)})
        if body.get("permissions") is not None and body.get("type") != 4:  # noqa: PLR2004  # a custom member
            return failed("Permissions are for custom members only.", old=self._old)
        self._things[resource][key] |= writable(resource, body)
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
        if verb == "reinvite" and member["status"] != INVITED:
            return failed("User invalid.", old=self._old)
        if verb != "reinvite":
            member["status"] = REVOKED if verb == "revoke" else CONFIRMED
        return EMPTY

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
            self._things[resource][key] = made(resource, id=key, externalId=external, **values)

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
