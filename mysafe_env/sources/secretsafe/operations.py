"""The operations of the organisation API that this client uses, and how they compare with a server's description."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from mysafe_env.errors import BadAnswerError
from mysafe_env.sources.json_text import parse_json


class Operation(NamedTuple):
    """A method and a path below the API's address; `{id}` stands for an id, or for the number of a policy."""

    method: str
    path: str

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


_METHODS: Final = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE"})

OPERATIONS: Final[Mapping[str, Mapping[str, Operation]]] = {
    "members": {
        "list": Operation("GET", "/public/members"),
        "get": Operation("GET", "/public/members/{id}"),
        "create": Operation("POST", "/public/members"),
        "update": Operation("PUT", "/public/members/{id}"),
        "delete": Operation("DELETE", "/public/members/{id}"),
        "groups": Operation("GET", "/public/members/{id}/group-ids"),
        "set-groups": Operation("PUT", "/public/members/{id}/group-ids"),
        "reinvite": Operation("POST", "/public/members/{id}/reinvite"),
        "revoke": Operation("POST", "/public/members/{id}/revoke"),
        "restore": Operation("POST", "/public/members/{id}/restore"),
    },
    "groups": {
        "list": Operation("GET", "/public/groups"),
        "get": Operation("GET", "/public/groups/{id}"),
        "create": Operation("POST", "/public/groups"),
        "update": Operation("PUT", "/public/groups/{id}"),
        "delete": Operation("DELETE", "/public/groups/{id}"),
        "members": Operation("GET", "/public/groups/{id}/member-ids"),
        "set-members": Operation("PUT", "/public/groups/{id}/member-ids"),
    },
    "collections": {
        "list": Operation("GET", "/public/collections"),
        "get": Operation("GET", "/public/collections/{id}"),
        "update": Operation("PUT", "/public/collections/{id}"),
        "delete": Operation("DELETE", "/public/collections/{id}"),
    },
    "policies": {
        "list": Operation("GET", "/public/policies"),
        "get": Operation("GET", "/public/policies/{id}"),
        "update": Operation("PUT", "/public/policies/{id}"),
    },
    "events": {
        "list": Operation("GET", "/public/events"),
    },
    "organization": {
        "import": Operation("POST", "/public/organization/import"),
        "subscription": Operation("GET", "/public/organization/subscription"),
    },
}
"""By resource and verb."""


LEFT_OUT: Final[Mapping[Operation, str]] = {
    Operation("PUT", "/public/organization/subscription"): "it buys seats and storage, which is left to the web safe",
}
"""Operations that are left out on purpose, each with the reason."""


def all_operations() -> Iterator[Operation]:
    """Every operation of the table, in its order."""
    return (operation for verbs in OPERATIONS.values() for operation in verbs.values())


class Coverage(NamedTuple):
    """What a server's description and the table have in common, and what only one of them has."""

    covered: tuple[Operation, ...]
    beyond: tuple[Operation, ...]
    """The server's operations that this client does not cover."""
    lacking: tuple[Operation, ...]
    """This client's operations that the server does not have."""


def compare(description: bytes) -> Coverage:
    """The table compared with a server's OpenAPI description; raises `BadAnswerError` for anything else."""
    ours, theirs = set(all_operations()), set(_described(description))
    return Coverage(_sorted(ours & theirs), _sorted(theirs - ours), _sorted(ours - theirs))


def _described(description: bytes) -> Iterator[Operation]:
    try:
        document: Any = parse_json(description)
        found = [(path, str(method)) for path, methods in document["paths"].items() for method in methods]
    except (ValueError, LookupError, TypeError, AttributeError):
        raise BadAnswerError("the server's swagger.json is no OpenAPI description", "check SECRETSAFE_URL") from None
    for path, method in found:
        # A path item may have other members than methods.
        if path.startswith("/public/") and method.upper() in _METHODS:
            yield Operation(method.upper(), re.sub(r"\{[^}]*\}", "{id}", path))


def _sorted(operations: set[Operation]) -> tuple[Operation, ...]:
    return tuple(sorted(operations, key=lambda operation: (operation.path, operation.method)))
