"""urllib3's connections, made and answering in time, and pools that take in what was connected elsewhere."""

import socket
import ssl
from contextlib import ExitStack
from threading import Lock
from typing import Any, Final

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, EmptyPoolError

from mysafe_env.sources.http.in_time import InTime, is_idle, made_within, seconds_left


class Punctual(InTime, HTTPConnection):
    """A connection that is made, and answers, in time; its timeout is that for one address of the host."""

    def _new_conn(self) -> socket.socket:
        try:
            sock = made_within(seconds_left(), super()._new_conn)
        except TimeoutError:
            raise ConnectTimeoutError(self, "no connection in time") from None
        # For what follows at once: a proxy's greeting, the TLS handshake.
        sock.settimeout(seconds_left(sock.gettimeout()))
        return sock

    def adopt(self, sock: socket.socket) -> None:
        """Go on with a socket that is connected already; one with TLS has seen the server's certificate."""
        self.sock = sock
        self.is_verified = isinstance(sock, ssl.SSLSocket)


class _SecureConnection(Punctual, HTTPSConnection):
    """The same with TLS; the session tickets that TLS 1.3 sends after the handshake do not make it count as closed."""

    @property
    def is_connected(self) -> bool:
        """Whether the server has neither closed the connection nor sent anything but session tickets."""
        return self.sock is not None and is_idle(self.sock)


class _Adopting(HTTPConnectionPool):
    """Goes on with sockets that are connected already. urllib3 has no public way to do so."""

    def __init__(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401  # urllib3's
        super().__init__(*arguments, **options)
        self._choosing = Lock()

    def adopt(self, sock: socket.socket) -> bool:
        """Whether a connection was not in use and closed, and goes on with *sock* now."""
        with self._choosing, ExitStack() as stack:
            while (connection := self._unused()) is not None:
                stack.callback(self._put_conn, connection)
                if connection.is_closed:
                    connection.adopt(sock)
                    return True
        return False

    def _unused(self) -> Any:  # noqa: ANN401  # a connection of our class, which urllib3 does not know
        try:
            return super()._get_conn(0.0)
        except EmptyPoolError:
            return None

    def _get_conn(self, timeout: float | None = None) -> Any:  # noqa: ANN401  # urllib3's
        # Who came while the open ones are being looked through would be given a closed one, and open it.
        with self._choosing:
            return super()._get_conn(timeout)


class _Pool(_Adopting):
    ConnectionCls = Punctual


class _SecurePool(_Adopting, HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


POOLS: Final[dict[str, type]] = {"http": _Pool, "https": _SecurePool}
"""The pools for urllib3's managers, by scheme."""


def is_socks(proxy: str) -> bool:
    """Whether a proxy's address is one of SOCKS."""
    return proxy.lower().startswith("socks")
