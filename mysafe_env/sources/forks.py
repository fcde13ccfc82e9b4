"""What a process can't share with those that it forks."""

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

    A fork inherits connections, over which two processes would get each other's answers, and locks that were held by
    threads which it has not. Who forgets to close it leaves nothing open all the same, as with urllib3's pools.
    """

    def __init__(self, make: Callable[[], _Thing]) -> None:
        """Make it for this process, and raise what *make* raises."""
        self._make = make
        self._made = self._make_here()
        # Not even let go: what closes connections may wait for one of those locks.
        self._inherited: list[_Thing] = []

    def get(self) -> _Thing:
        """That of this process."""
        process, thing = self._made
        if process != os.getpid():
            self._inherited.append(thing)
            self._made = process, thing = self._make_here()
        return thing

    def close(self) -> None:
        """Close that of this process, if there is one."""
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
