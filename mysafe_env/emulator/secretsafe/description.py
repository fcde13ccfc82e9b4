"""The server's own OpenAPI description, as `/specs/public/swagger.json` has it."""

from typing import Final

_MEMBER: Final = "/public/members/{id}"
_OPERATIONS: Final = (
    ("get post", "/public/members"),
    ("get put delete", _MEMBER),
    ("get put", f"{_MEMBER}/group-ids"),
    ("post", f"{_MEMBER}/reinvite"),
    ("get post", "/public/groups"),
    ("get put delete", "/public/groups/{id}"),
    ("get put", "/public/groups/{id}/member-ids"),
    ("get", "/public/collections"),
    ("get put delete", "/public/collections/{id}"),
    ("get", "/public/policies"),
    ("get put", "/public/policies/{type}"),
    ("get", "/public/events"),
    ("post", "/public/organization/import"),
)
_NEWER: Final = (
    ("post", f"{_MEMBER}/revoke"),
    ("post", f"{_MEMBER}/restore"),
    ("get put", "/public/organization/subscription"),
)


def description(*, old: bool) -> dict[str, object]:
    """The description of an old server, or of one of today."""
    paths = {
        path: {method: {"responses": {"200": {"description": "Success"}}} for method in methods.split()}
        for methods, path in (_OPERATIONS if old else _OPERATIONS + _NEWER)
    }
    return {"openapi": "3.0.1", "info": {"title": "SecretSafe Public API", "version": "latest"}, "paths": paths}
