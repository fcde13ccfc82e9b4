"""Clients that each process has of its own, since a process can't share connections with those that it forks."""

import os
from collections.abc import Callable
from typing import Generic, Protocol, TypeVar
from weakref import finalize

from mysafe_env.late_imports import IMPORTING


class _Closable(Protocol):
    def close(self) -> None: ...


_Thing = TypeVar("_Thing", bound=_Closable)


class PerProcess(Generic[_Thing]):
    """Something with connections, made once in each process that uses it; may be used from several threads.

    A forked process inherits connections, over which it would get answers meant for its parent, and locks held by
    threads that it does not have. What nobody closes is closed when this object goes, as with urllib3's pools.
    """

    def __init__(self, make: Callable[[], _Thing]) -> None:
        """Make it for this process, and raise what *make* raises."""
        self._make = make
        self._made = self._make_here()
        # Kept, because closing what a parent made may wait for one of those locks.
        self._inherited: list[_Thing] = []

    def get(self) -> _Thing:
        """The one of this process, made now if the process was forked since."""
        process, thing = self._made
        if process != os.getpid():
            self._inherited.append(thing)
            self._made = process, thing = self._make_here()
        return thing

    def close(self) -> None:
        """Close the one of this process, if there is one."""
        _close_own(*self._made)

    def _make_here(self) -> tuple[int, _Thing]:
        with IMPORTING:  # of what not every server needs
            process, thing = os.getpid(), self._make()
        finalize(self, _close_own, process, thing)
        return process, thing


def _close_own(process: int, thing: _Closable) -> None:
    """Close what this process made; what was inherited is left to its maker."""
    if process == os.getpid():
        thing.close()
