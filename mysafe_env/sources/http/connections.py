"""urllib3's connections, made and answering in time."""

import socket
import ssl
from typing import Final

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError

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
    """The same with TLS, not taken for dropped because of what TLS 1.3 sends after the handshake."""

    @property
    def is_connected(self) -> bool:
        """Whether the server has neither closed the connection nor sent anything but session tickets."""
        return self.sock is not None and is_idle(self.sock)


class _Pool(HTTPConnectionPool):
    ConnectionCls = Punctual


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


POOLS: Final[dict[str, type]] = {"http": _Pool, "https": _SecurePool}
"""The pools for urllib3's managers, by scheme."""


def is_socks(proxy: str) -> bool:
    """Whether a proxy's address is one of SOCKS."""
    return proxy.lower().startswith("socks")
