"""Faults that the emulator can play instead of, or on top of, its answers.

A fault is written `WHAT[@[METHOD:]PATH][*COUNT]`: what happens, to requests of this method (default: any) whose path
begins so (default: all, the token request too), and how many times (default: always). The first one that fits a
request is played.

    503                             every request gets 503
    429@/api/mysafe*2               the first two calls after the token get 429, the rest go through
    hang@/api/mysafe/password       passwords never answer
    truncate@POST:/api/mysafe/note  notes are created, and nobody learns of it

WHAT is a status from 400 to 599, or a name of `NAMED`.
"""

import re
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from mysafe_env.emulator.exchange import JSON, Response
from mysafe_env.emulator.gateway import TEXTS, gateway_answer
from mysafe_env.emulator.mysafe import bodies
from mysafe_env.errors import UsageError
from mysafe_env.suggest import did_you_mean

NAMED: Final[Mapping[str, str]] = {
    "no-route": "the gateway knows no such route (404)",
    "not-authorized": "the gateway does not accept the token (401)",
    "upstream": "the gateway got no valid answer from MySafe (502)",
    "upstream-timeout": "the gateway waited too long for MySafe (504)",
    "encryption": "MySafe fails to encrypt a long note (500)",
    "redirect": "302 to a login page",
    "html": "a login page with status 200",
    "not-json": "status 200 with a body that is not JSON",
    "truncate": "half of the answer's body, then the end of the connection",
    "slow": "the answer's body byte by byte, fifty a second",
    "slow-head": "the answer's status and headers byte by byte",
    "huge": "a body of 64 MiB",
    "reset": "the connection is reset without an answer",
    "hang": "no answer at all",
}
"""Every named fault, with what it does."""

_SPEC: Final = re.compile(
    r"(?P<what>[a-z0-9-]+)(?:@(?:(?P<method>[A-Z]+):)?(?P<prefix>/[^*]*))?(?:\*(?P<count>[1-9][0-9]{0,5}))?"
)
_STATUS: Final = re.compile(r"[45][0-9][0-9]")
_LOGIN_PAGE: Final = b"<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body>Sign in</body></html>\n"


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong, where, and how many times: always when `count` is None, for any method when it is empty."""

    what: str
    prefix: str = "/"
    count: int | None = None
    method: str = ""


def read_fault(text: str) -> Fault:
    """The fault that *text* asks for; raises `UsageError` with a hint that lists what there is."""
    found = _SPEC.fullmatch(text)
    if not found:
        raise UsageError(
            f'"{text}" is not a fault', "write WHAT[@[METHOD:]PATH][*COUNT], such as 503 or hang@/api/mysafe/password*2"
        )
    what, prefix, count = found["what"], found["prefix"] or "/", found["count"]
    if what not in NAMED and not _STATUS.fullmatch(what):
        hint = f"a status from 400 to 599, or one of: {', '.join(NAMED)}"
        raise UsageError(f'there is no fault "{what}"; {did_you_mean(what, NAMED)}', hint)
    return Fault(what, prefix, int(count) if count else None, found["method"] or "")


class FaultPlan:
    """Which fault a request meets; counts are kept across threads."""

    def __init__(self, faults: Iterable[Fault] = ()) -> None:
        self._lock = threading.Lock()
        self._faults = tuple(faults)
        self._left = [fault.count for fault in self._faults]

    def take(self, method: str, path: str) -> str | None:
        """The fault that a request meets, which is then used up once; None when it meets none."""
        with self._lock:
            for number, fault in enumerate(self._faults):
                if fault.method in {"", method} and path.startswith(fault.prefix) and self._spend(number):
                    return fault.what
        return None

    def _spend(self, number: int) -> bool:
        left = self._left[number]
        if left is None:
            return True
        self._left[number] = max(0, left - 1)
        return left > 0


def fault_response(what: str) -> Response:
    """The answer that stands in for the real one; the request never reaches the vault."""
    special = _SPECIAL.get(what)
    if special is not None:
        return special
    status = _STATUSES.get(what) or int(what)
    if status == 429:  # noqa: PLR2004  # the one status with a header of its own
        return gateway_answer(429, Retry_After="1")
    if status in TEXTS:
        return gateway_answer(status)
    return bodies.failed(status, status, "Unexpected error.")


_STATUSES: Final = {"no-route": 404, "not-authorized": 401, "upstream": 502, "upstream-timeout": 504}
_SPECIAL: Final[Mapping[str, Response]] = {
    # The documentation's one case of exception.code 400 below a status of 500; its words are Portuguese there too.
    "encryption": bodies.failed(500, 400, "Unexpected error", cause="Ocorreu um erro ao criptografar o texto"),
    "redirect": Response(302, b"", (("Location", "/login"),)),
    "html": Response(200, _LOGIN_PAGE, (("Content-Type", "text/html; charset=utf-8"),)),
    "not-json": Response(200, b"OK", (("Content-Type", JSON),)),
}
