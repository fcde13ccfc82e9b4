"""http.client's connections and answers, kept to a deadline whatever a server sends or leaves out.

A socket's own timeout begins anew with every byte, so that a server that trickles outlasts it, and nothing interrupts
a name lookup. http.client, and what stands on it, has no way to hand a deadline down to a connection or an answer: it
is known by the thread that asks.
"""

import contextlib
import io
import math
import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.client import CONTINUE, HTTPConnection, HTTPException, HTTPResponse
from queue import Empty, SimpleQueue
from typing import Any, Final, Never

from mysafe_env.deadline import Deadline

# 0 would mean: don't wait, and fail although the bytes are on their way.
_SHORTEST: Final = 0.001
_PRELIMINARY: Final = range(100, 200)
_NUMBER: Final = re.compile("[0-9]+")


class _Limits(threading.local):
    """The deadline of the connections and answers that one thread begins."""

    deadline = Deadline(math.inf)


_LIMITS: Final = _Limits()


@contextlib.contextmanager
def keeping_to(deadline: Deadline) -> Iterator[None]:
    """Within it, the connections and answers that this thread begins end at *deadline* at the latest."""
    before, _LIMITS.deadline = _LIMITS.deadline, deadline
    try:
        yield
    finally:
        _LIMITS.deadline = before


def seconds_left(at_most: float | None = None) -> float:
    """A timeout for a socket: *at_most* seconds, or what this thread's deadline leaves of them."""
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


def _seconds_of(deadline: Deadline) -> float:
    """What is left of a deadline, as the timeout of a socket; raises `TimeoutError` when nothing is."""
    left = deadline.remaining()
    if left <= 0.0:
        raise TimeoutError
    return max(_SHORTEST, left)


class _Reader(io.RawIOBase):
    """The bytes of an answer; raises `TimeoutError` when they do not come before the deadline."""

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
        self._sock.settimeout(_seconds_of(self._deadline))
        return self._bytes.readinto(buffer)

    def close(self) -> None:
        """Let go of the socket."""
        self._bytes.close()
        super().close()


class Response(HTTPResponse):
    """An answer whose head and body are read in time, and whose end is beyond doubt."""

    def __init__(self, sock: socket.socket, *arguments: Any, **options: Any) -> None:  # noqa: ANN401  # http.client's
        super().__init__(sock, *arguments, **options)
        self.fp.close()
        self.fp = io.BufferedReader(_Reader(sock))

    def begin(self) -> None:
        """Read the head; raises `HTTPException` for one of which two readers may see different ends (RFC 9112, 6.3)."""
        super().begin()
        lengths = {length.strip() for length in self.headers.get_all("Content-Length", ())}
        if len(lengths) > 1 or not all(map(_NUMBER.fullmatch, lengths)):
            raise HTTPException

    def _read_status(self) -> tuple[str, int, str]:
        # http.client skips 100 and no other preliminary answer (RFC 9110, 15.2): what follows one would be read as
        # the answer to the next call.
        version, status, reason = super()._read_status()  # type: ignore[misc]  # not in typeshed
        return version, CONTINUE if status in _PRELIMINARY else status, reason


class InTime(HTTPConnection):
    """A connection over which whole requests are sent, and whole answers read, in time."""

    response_class = Response

    def send(self, data: Any) -> None:  # noqa: ANN401  # http.client's signature
        """Send bytes, as long as the server takes them in time; raises `TimeoutError`."""
        if self.sock is None:
            # It connects, or says that it may not.
            super().send(b"")
        rest = memoryview(data)
        while rest:
            self.sock.settimeout(_seconds_of(_LIMITS.deadline))
            rest = rest[self.sock.send(rest) :]

    def close(self) -> None:
        """Close the connection."""
        super().close()
        # http.client would send the beginning of an interrupted request before the next one.
        self._buffer.clear()  # type: ignore[attr-defined]  # not in typeshed


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
