"""Where the bodies of an edition differ from the common envelope, as its pages print them.

    v3-32   activating and deactivating: no `code`, no `detail`, and two spaces in one text
            errors of passwords: `error_code` 0
            a password's one-time code as a bare number
    v3-33   passwords that are read: `Message` in place of `mensagem`
            1006 of notes: no colon after the code

An update of an API secret is 200 in both: the English page of v3-33 prints the answer to a create, which the
Portuguese one corrects.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from mysafe_env.emulator.exchange import Request, Response

Body = dict[str, Any]


def as_printed(edition: str, request: Request, response: Response) -> Response:
    """*response* as the edition's pages print it."""
    body = json.loads(response.body)
    if not _PRINTERS[edition](request, body):
        return response
    return replace(response, body=json.dumps(body).encode())


def _print_v3_32(request: Request, body: Body) -> bool:
    """Change *body* to what v3-32 prints; true if there was anything to change."""
    envelope, (_, _, kind, *rest) = body["response"], request.segments
    if rest[:1] in (["active"], ["inactive"]) and not envelope["error"]:
        del body["code"], envelope["detail"]
        _reword(envelope, "Api secret successfully deactivated", "Api secret  successfully deactivated")
        return True
    if kind == "password" and envelope["error"]:
        envelope["error_code"] = envelope["cod_erro"] = 0
        return True
    entity = body.get("password_entity", {})
    if entity.get("token"):
        entity["token"] = int(entity["token"])
        return True
    return False


def _print_v3_33(request: Request, body: Body) -> bool:
    """Change *body* to what v3-33 prints; true if there was anything to change."""
    envelope, kind = body["response"], request.segments[2]
    if kind == "password" and request.method == "GET" and not envelope["error"]:
        body["response"] = {("Message" if key == "mensagem" else key): text for key, text in envelope.items()}
        return True
    if kind == "note" and envelope["message"].startswith("1006:"):
        _reword(envelope, "1006:", "1006")
        body["exception"]["message"] = envelope["message"]
        return True
    return False


def _reword(envelope: Body, old: str, new: str) -> None:
    for name in ("message", "mensagem"):
        envelope[name] = envelope[name].replace(old, new)


_PRINTERS: Final[Mapping[str, Callable[[Request, Body], bool]]] = {
    "v3-32": _print_v3_32,
    "v3-33": _print_v3_33,
}
