"""Answers in the server's two generations: PascalCase before December 2021, camelCase since."""

import json
from collections.abc import Mapping

from mysafe_env.emulator.exchange import JSON, Request, Response

EMPTY = Response(200, b"", ())


def json_answer(body: object, *, old: bool, status: int = 200) -> Response:
    """An answer in JSON; an old server writes its keys in PascalCase."""
    shown = _pascal_case(body) if old else body
    return Response(status, json.dumps(shown).encode(), (("Content-Type", f"{JSON}; charset=utf-8"),))


def listed(things: list[dict[str, object]], *, old: bool, token: str | None = None, paged: bool = False) -> Response:
    """A list; before February 2025 every one had a continuation token, since then only that of events has."""
    body: dict[str, object] = {"object": "list", "data": things}
    if old or paged:
        body["continuationToken"] = token
    return json_answer(body, old=old)


def failed(message: str, errors: Mapping[str, list[str]] | None = None, *, old: bool, status: int = 400) -> Response:
    """The server's error model."""
    return json_answer({"object": "error", "message": message, "errors": errors}, old=old, status=status)


def oauth_error(error: str, message: str = "") -> Response:
    """The identity service's error, which has no generations."""
    model = {"ErrorModel": {"Message": message, "Object": "error"}} if message else {}
    return json_answer({"error": error, **model}, old=False, status=400)


def nothing(status: int) -> Response:
    """A refusal without a body: 401, 403, 415, or 404 for an id that nobody has."""
    headers = (("WWW-Authenticate", "Bearer"),) if status == 401 else ()  # noqa: PLR2004  # where RFC 6750 wants it
    return Response(status, b"", headers)


def unread(request: Request) -> Response | None:
    """The refusal of a body that does not say that it is JSON: the server reads none by guessing."""
    return nothing(415) if request.body and request.content_type != JSON else None


def _pascal_case(value: object) -> object:
    """The same with every key beginning with a capital."""
    if isinstance(value, dict):
        return {key[:1].upper() + key[1:]: _pascal_case(inner) for key, inner in value.items()}
    return [_pascal_case(inner) for inner in value] if isinstance(value, list) else value
