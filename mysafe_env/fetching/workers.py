"""Threads that work through calls, and never keep the process alive.

`concurrent.futures` joins its threads when the interpreter ends, so that one hanging name lookup
would outlive the deadline; daemon threads are left behind, and exec takes them away.
"""

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Generic, Never, TypeVar

_Call = TypeVar("_Call")
_Result = TypeVar("_Result")


class Workers(Generic[_Call, _Result]):
    """At most *limit* threads, started as calls come; each call's result comes back once.

    They wait for more calls until `stop`.
    """

    def __init__(self, limit: int, work: Callable[[_Call], _Result]) -> None:
        self._limit = limit
        self._work = work
        self._given = 0
        self._started = 0
        self._calls: SimpleQueue[_Call | None] = SimpleQueue()
        self._results: SimpleQueue[Callable[[], tuple[_Call, _Result]]] = SimpleQueue()

    def give(self, call: _Call) -> None:
        """Have *call* worked on."""
        self._calls.put(call)
        self._given += 1
        if self._started < min(self._limit, self._given):
            self._started += 1
            Thread(target=self._run, daemon=True).start()

    def take(self, seconds: float) -> tuple[_Call, _Result] | None:
        """The next result; None when there is none after so many seconds. Raises what the work raised."""
        try:
            return self._results.get(timeout=seconds)()
        except Empty:
            return None

    def stop(self) -> None:
        """Have nothing more worked on; a thread ends when it is done with the call that it has."""
        with suppress(Empty):
            while True:
                self._calls.get_nowait()
        for _ in range(self._started):
            self._calls.put(None)

    def _run(self) -> None:
        while (call := self._calls.get()) is not None:
            try:
                result = self._work(call)
            except BaseException as error:  # noqa: BLE001  # it is raised again where it can be handled
                self._results.put(partial(_raise, error))
            else:
                self._results.put(partial(_pair, call, result))


def _raise(error: BaseException) -> Never:
    raise error


def _pair(call: _Call, result: _Result) -> tuple[_Call, _Result]:
    return call, result
