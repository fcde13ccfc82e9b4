"""Connections whose every wait ends with a deadline, whatever a server sends or leaves out.

A socket's own timeout begins anew with every byte, so that a server that trickles outlasts it, and nothing interrupts
a name lookup. requests has no way to hand a deadline down to a connection: it is known by the thread that asks.
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

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError
from urllib3.poolmanager import PoolManager

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


class _Response(HTTPResponse):
    """An answer whose head and body are read in time."""

    def __init__(self, sock: socket.socket, *arguments: Any, **options: Any) -> None:  # noqa: ANN401  # http.client's
        super().__init__(sock, *arguments, **options)
        self.fp.close()
        self.fp = io.BufferedReader(_Reader(sock))


class Punctual(HTTPConnection):
    """A connection that is made, and answers, in time; its timeout is that for one address of the host."""

    response_class = _Response

    def _new_conn(self) -> socket.socket:
        deadline = _LIMITS.deadline
        try:
            sock = made_within(deadline.remaining(), super()._new_conn)
        except TimeoutError:
            raise ConnectTimeoutError(self, "no connection in time") from None
        # For what follows at once: a proxy's greeting, the TLS handshake.
        sock.settimeout(max(_SHORTEST, min(deadline.remaining(), sock.gettimeout() or deadline.remaining())))
        return sock


class _SecureConnection(Punctual, HTTPSConnection):
    """The same with TLS, not taken for dropped because of what TLS 1.3 sends after the handshake."""

    @property
    def is_connected(self) -> bool:
        """Whether the server has neither closed the connection nor sent anything; session tickets are read here."""
        if self.sock is None:
            return False
        seconds = self.sock.gettimeout()
        self.sock.settimeout(0)
        try:
            self.sock.recv(1)
        except ssl.SSLWantReadError:
            return True
        except OSError:
            return False
        finally:
            self.sock.settimeout(seconds)
        return False


class _Pool(HTTPConnectionPool):
    ConnectionCls = Punctual


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


def make_punctual(manager: PoolManager, proxy: str = "") -> None:
    """Have the connections of urllib3's manager, and of a manager for *proxy*, made in time."""
    if is_socks(proxy):
        from mysafe_env.sources.socks import SOCKS_POOLS  # noqa: PLC0415  # an extra

        manager.pool_classes_by_scheme = SOCKS_POOLS
    else:
        manager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}


def is_socks(proxy: str) -> bool:
    """Whether a proxy's address is one of SOCKS."""
    return proxy.lower().startswith("socks")


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
