"""The gateway's rate limit, which counts requests as Kong's rate-limiting plugin does.

Windows are those of the clock, a second or a minute long. A request beyond the limit gets 429, and is not counted.
`Retry-After` and `RateLimit-Reset` are whole seconds, 1 at least, so that a limit per second always says 1: whoever is
refused within a second is told the same. (Kong, plugins/rate-limiting/handler.lua.)
"""

import re
import threading
from dataclasses import dataclass
from typing import Final

from mysafe_env.errors import UsageError

_SPEC: Final = re.compile(r"(?P<count>[1-9][0-9]{0,5})(?:/(?P<window>[sm]))?")
_WINDOWS: Final = {"s": (1, "Second"), "m": (60, "Minute")}


@dataclass(frozen=True, slots=True)
class RateLimit:
    """At most `count` requests in every window of so many seconds."""

    count: int
    seconds: int = 1

    def reset(self, now: float) -> int:
        """Whole seconds from *now* to the next window."""
        return self.seconds - int(now) % self.seconds


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a request goes through, and the headers of its answer."""

    accepted: bool
    headers: tuple[tuple[str, str], ...] = ()


def read_rate_limit(text: str) -> RateLimit:
    """The limit that *text* asks for, `100`, `100/s` or `600/m`; raises `UsageError` for anything else."""
    found = _SPEC.fullmatch(text)
    if not found:
        raise UsageError(f'"{text}" is not a rate limit', "write N, N/s or N/m, such as 100/s")
    seconds, _ = _WINDOWS[found["window"] or "s"]
    return RateLimit(int(found["count"]), seconds)


class RateLimiter:
    """The count of the current window; may be asked from several threads."""

    def __init__(self, limit: RateLimit) -> None:
        self._limit = limit
        self._name = next(name for seconds, name in _WINDOWS.values() if seconds == limit.seconds)
        self._lock = threading.Lock()
        self._window = -1
        self._used = 0

    def judge(self, now: float) -> Verdict:
        """What happens to a request that arrives at *now*, in seconds of the clock."""
        window = int(now) // self._limit.seconds
        with self._lock:
            if window > self._window:
                self._window, self._used = window, 0
            accepted = self._used < self._limit.count
            self._used += accepted
            left = self._limit.count - self._used
        return Verdict(accepted, self._headers(left, self._limit.reset(now), accepted=accepted))

    def _headers(self, left: int, reset: int, *, accepted: bool) -> tuple[tuple[str, str], ...]:
        told = (
            (f"X-RateLimit-Limit-{self._name}", str(self._limit.count)),
            (f"X-RateLimit-Remaining-{self._name}", str(left)),
            ("RateLimit-Limit", str(self._limit.count)),
            ("RateLimit-Remaining", str(left)),
            ("RateLimit-Reset", str(reset)),
        )
        return told if accepted else (*told, ("Retry-After", str(reset)))
