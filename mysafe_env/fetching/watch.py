"""The observer of a fetch: `Voice` tells the user, `NoWatch` nobody."""

from collections.abc import Callable
from typing import Protocol

from mysafe_env.references import Lookup


class Watch(Protocol):
    """Somebody who wants to know what is being fetched; names only, never values."""

    def asked(self, call: Lookup) -> None:
        """A call is about to be made."""
        ...

    def answered(self, done: int, total: int) -> None:
        """So many of the calls known by now have been answered."""
        ...

    def waiting(self, why: str, seconds: float) -> Callable[[], None]:
        """A call is repeated after so many seconds; what is returned is called when they are over."""
        ...


class NoWatch:
    """Nobody watches."""

    def asked(self, call: Lookup) -> None:
        """Say nothing."""

    def answered(self, done: int, total: int) -> None:
        """Say nothing."""

    def waiting(self, why: str, seconds: float) -> Callable[[], None]:  # noqa: ARG002  # nobody is told
        """Say nothing."""
        return _nothing


def _nothing() -> None:
    pass
