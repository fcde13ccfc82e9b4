"""Signals that end a run: what the run has begun is taken back before it ends."""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

_ENDING: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class _EndedError(BaseException):
    """A signal has come."""


class Endings:
    """Notices signals that end a run: at once, or, while it is deferred, where `check` is called."""

    def __init__(self) -> None:
        self.came: int | None = None
        """The first signal."""
        self._deferring = False

    def hear(self, number: int, _frame: FrameType | None) -> None:
        """Remember a signal, and unwind unless that has begun, or is deferred."""
        self.came = self.came or number
        if not self._deferring:
            self.check()

    def check(self) -> None:
        """Unwind if a signal has come; what comes from now on changes nothing."""
        if self.came is not None:
            self._deferring = True
            raise _EndedError

    @contextmanager
    def deferred(self) -> Iterator[None]:
        """Within it, and while it is left with an error, only `check` acts on a signal."""
        self._deferring = True
        yield
        self._deferring = False
        self.check()


@contextmanager
def ending_orderly() -> Iterator[Endings]:
    """Within it, a signal unwinds what is going on, and then does what it would have done without this.

    A signal that is ignored, as under nohup, stays ignored.
    """
    endings = Endings()
    handlers = _handlers()
    for number in handlers:
        signal.signal(number, endings.hear)
    try:
        yield endings
    except _EndedError:
        pass
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
        if endings.came is not None:
            os.kill(os.getpid(), endings.came)
            sys.exit(128 + endings.came)


@contextmanager
def told_how_children_end() -> Iterator[None]:
    """Within it, SIGCHLD is not ignored, as some daemons hand it on: the system would not keep how a child ended."""
    is_ignored = _is_main_thread() and signal.getsignal(signal.SIGCHLD) is signal.SIG_IGN
    if is_ignored:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    try:
        yield
    finally:
        if is_ignored:
            signal.signal(signal.SIGCHLD, signal.SIG_IGN)


def _is_main_thread() -> bool:
    return threading.current_thread() is threading.main_thread()


def _handlers() -> "dict[signal.Signals, signal._HANDLER]":
    """What is done about each signal that is not ignored; only the main thread can change it."""
    if not _is_main_thread():
        return {}
    handlers = {number: signal.getsignal(number) for number in _ENDING}
    return {number: handler for number, handler in handlers.items() if handler not in {signal.SIG_IGN, None}}
