"""http.client's part of keeping to a deadline, whatever a server sends or leaves out.

A socket's own timeout begins anew with every byte, so that a server that trickles outlasts it, and nothing interrupts
a name lookup. http.client, and what stands on it, has no way to hand a deadline down to a connection or an answer: it
is known by the thread that asks.
"""

import contextlib
import io
import math
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.client import HTTPResponse
from queue import Empty, SimpleQueue
from typing import Any, Final, Never

from mysafe_env.deadline import Deadline

# 0 would mean: don't wait, and fail although the bytes are on their way.
_SHORTEST: Final = 0.001


class _Limits(threading.local):
    """What holds for the connections and answers that one thread begins."""

    deadline = Deadline(math.inf)


_LIMITS: Final = _Limits()


@contextlib.contextmanager
def keeping_to(deadline: Deadline) -> Iterator[None]:
    """Have the connections and answers that this thread begins end with *deadline*."""
    before, _LIMITS.deadline = _LIMITS.deadline, deadline
    try:
        yield
    finally:
        _LIMITS.deadline = before


def seconds_left(at_most: float | None = None) -> float:
    """What this thread's deadline leaves of *at_most* seconds, as the timeout of a socket."""
    left = _LIMITS.deadline.remaining()
    return max(_SHORTEST, left if at_most is None else min(left, at_most))


def is_idle(sock: socket.socket) -> bool:
    """Whether the server has neither closed a connection nor sent anything; TLS 1.3's session tickets are read here."""
    seconds = sock.gettimeout()
    sock.settimeout(0)
    try:
        sock.recv(1)
    except (BlockingIOError, ssl.SSLWantReadError):
        return True
    except OSError:
        return False
    finally:
        sock.settimeout(seconds)
    return False


class _Reader(io.RawIOBase):
    """The bytes of an answer, as long as they come in time; raises `TimeoutError`."""

    def __init__(self, sock: socket.socket) -> None:
        super().__init__()
        self._sock = sock
        self._bytes = sock.makefile("rb", buffering=0)
        self._deadline = _LIMITS.deadline

    def readable(self) -> bool:
        """Whether it is for reading, which it is."""
        return True

    def readinto(self, buffer: Any, /) -> int | None:  # noqa: ANN401  # any buffer
        """Fill a buffer with what is there, or comes in time."""
        left = self._deadline.remaining()
        if left <= 0.0:
            raise TimeoutError
        self._sock.settimeout(max(_SHORTEST, left))
        return self._bytes.readinto(buffer)

    def close(self) -> None:
        """Let go of the socket."""
        self._bytes.close()
        super().close()


class Response(HTTPResponse):
    """An answer whose head and body are read in time."""

    def __init__(self, sock: socket.socket, *arguments: Any, **options: Any) -> None:  # noqa: ANN401  # http.client's
        super().__init__(sock, *arguments, **options)
        self.fp.close()
        self.fp = io.BufferedReader(_Reader(sock))


def made_within(seconds: float, connect: Callable[[], socket.socket]) -> socket.socket:
    """The socket that *connect* makes in a thread of its own; raises `TimeoutError`, and closes it if it comes late."""
    results: SimpleQueue[Callable[[], socket.socket]] = SimpleQueue()
    late = threading.Event()

    def run() -> None:
        results.put(_outcome(connect))
        if late.is_set():
            _close_unwanted(results)

    threading.Thread(target=run, daemon=True).start()
    try:
        result = results.get(timeout=seconds)
    except Empty:
        late.set()
        _close_unwanted(results)
        raise TimeoutError from None
    return result()


def _outcome(connect: Callable[[], socket.socket]) -> Callable[[], socket.socket]:
    try:
        sock = connect()
    except Exception as error:  # noqa: BLE001  # it is raised again where it can be handled
        return partial(_raise, error)
    return lambda: sock


def _raise(error: Exception) -> Never:
    raise error


def _close_unwanted(results: SimpleQueue[Callable[[], socket.socket]]) -> None:
    with contextlib.suppress(Empty, Exception):
        results.get_nowait()().close()
