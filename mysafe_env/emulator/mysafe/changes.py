"""The bodies of create and update requests, checked more strictly than MySafe is known to."""

import json
from dataclasses import dataclass, field

from mysafe_env.emulator.exchange import JSON, Request
from mysafe_env.items import Grant, Grants
from mysafe_env.vault.records import WRITABLE_FIELDS


class ChangeError(Exception):
    """A body that no documented client sends; the text says what is wrong and shows no value."""


@dataclass(frozen=True, slots=True)
class Change:
    """The fields of an item that a client sent; a kind of sharing is None when it was left out."""

    fields: dict[str, str] = field(repr=False)
    users_allowed: Grants | None
    groups_allowed: Grants | None


def read_change(kind: str, request: Request) -> Change:
    """What a create or update asks for; raises `ChangeError`."""
    body = _read_object(request)
    users = _read_grants(body, "users_allowed", "username")
    groups = _read_grants(body, "groups_allowed", "name")
    return Change(dict(_read_field(kind, name, value) for name, value in body.items()), users, groups)


def _read_object(request: Request) -> dict[str, object]:
    if request.content_type != JSON:
        raise ChangeError(f"the content type is not {JSON}")
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise ChangeError("the body is not a JSON object")
    return body


def _read_field(kind: str, name: str, value: object) -> tuple[str, str]:
    if name not in WRITABLE_FIELDS[kind]:
        raise ChangeError(f"Parameter '{name}' is not known")
    if not isinstance(value, str):
        raise ChangeError(f"Parameter '{name}' is not a string")
    return name, value


def _read_grants(body: dict[str, object], name: str, who: str) -> Grants | None:
    if name not in body:
        return None
    value = body.pop(name)
    if not isinstance(value, list):
        raise ChangeError(f"Parameter '{name}' is not an array")
    return tuple(_read_grant(entry, name, who) for entry in value)


def _read_grant(entry: object, name: str, who: str) -> Grant:
    if not isinstance(entry, dict) or not isinstance(entry.get(who), str):
        raise ChangeError(f"Parameter '{name}' holds an entry without '{who}'")
    if not entry.keys() <= {who, "can_edit"}:
        raise ChangeError(f"Parameter '{name}' holds an entry with more than '{who}' and 'can_edit'")
    can_edit = entry.get("can_edit", False)
    if not isinstance(can_edit, bool):
        raise ChangeError(f"Parameter '{name}' holds a 'can_edit' that is not a boolean")
    return Grant(entry[who], can_edit)
