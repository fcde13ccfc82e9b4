"""Deadlines whose time passes when a test says so."""

from mysafe_env.deadline import Deadline


class Skipping(Deadline):
    """A deadline whose waits are over at once: what they would last is taken off it, and nobody sleeps.

    A busy machine changes nothing about what is waited for, as long as there are enough seconds.
    """

    __slots__ = ()

    def wait(self, seconds: float, why: str) -> None:
        """Tell of the wait, and skip it."""
        over = None if self._tell is None else self._tell(why, seconds)
        self.skip(seconds)
        if over is not None:
            over()

    def skip(self, seconds: float) -> None:
        """Let so much time pass."""
        self._at -= seconds
