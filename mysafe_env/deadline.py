"""One deadline for a whole resolution, handed down to every wait and call."""

import time
from collections.abc import Callable

Tell = Callable[[str, float], Callable[[], None]]
"""Called with the reason of a wait and its seconds; what it returns is called when the wait is over."""

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
        """Wait so many seconds, and tell why; the caller has checked that so much time is left."""
        if self._tell is None:
            time.sleep(seconds)
            return
        over = self._tell(why, seconds)
        try:
            time.sleep(seconds)
        finally:
            over()
