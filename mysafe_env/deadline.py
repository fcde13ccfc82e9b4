"""One deadline for a whole resolution."""

import time
from collections.abc import Callable

Tell = Callable[[str, float], Callable[[], None]]
"""Somebody who is told of a wait, why and how many seconds; what is returned is called at its end."""

# Thirty years: the system's clocks take no longer waits.
_LONGEST = 1e9


class Deadline:
    """A moment that must not be passed, on the monotonic clock."""

    __slots__ = ("_at", "_tell", "seconds")

    def __init__(self, seconds: float, tell: Tell | None = None) -> None:
        self.seconds: float = seconds
        self._at = time.monotonic() + min(seconds, _LONGEST)
        self._tell = tell

    def remaining(self) -> float:
        """Seconds that are left; never negative."""
        return max(0.0, self._at - time.monotonic())

    @property
    def passed(self) -> bool:
        """Whether no time is left."""
        return self.remaining() <= 0.0

    def wait(self, seconds: float, why: str) -> None:
        """Wait so long, and say so; the caller has seen that the time is left."""
        if self._tell is None:
            time.sleep(seconds)
            return
        over = self._tell(why, seconds)
        try:
            time.sleep(seconds)
        finally:
            over()
