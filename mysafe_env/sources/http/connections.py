"""urllib3's connections, made and answering in time, and pools that take in what was connected elsewhere."""

import socket
import ssl
from queue import LifoQueue
from typing import Any, Final

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
    """The same with TLS; the session tickets that TLS 1.3 sends after the handshake do not make it count as closed."""

    @property
    def is_connected(self) -> bool:
        """Whether the server has neither closed the connection nor sent anything but session tickets."""
        return self.sock is not None and is_idle(self.sock)


class _Idle(LifoQueue[Any]):
    """The connections of a pool that are not in use; None stands for one that nobody has needed yet."""

    def exchange(self, connection: HTTPConnection) -> bool:
        """Whether *connection* has taken the place of one that is not open, and is the next to be used.

        It happens in one step: whoever came in between would be given one that is closed, and open it.
        """
        with self.mutex:
            for number, other in enumerate(self.queue):
                if other is None or other.is_closed:
                    del self.queue[number]
                    self.queue.append(connection)
                    return True
        return False


class _Adopting(HTTPConnectionPool):
    """Goes on with sockets that are connected already. urllib3 has no public way to do so."""

    QueueCls = _Idle

    def adopt(self, sock: socket.socket) -> bool:
        """Whether a connection was neither in use nor open, so that one goes on with *sock* in its place."""
        connection: Any = self._new_conn()
        connection.adopt(sock)
        return isinstance(self.pool, _Idle) and self.pool.exchange(connection)


class _Pool(_Adopting):
    ConnectionCls = Punctual


class _SecurePool(_Adopting, HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


POOLS: Final[dict[str, type]] = {"http": _Pool, "https": _SecurePool}
"""The pools for urllib3's managers, by scheme."""


def is_socks(proxy: str) -> bool:
    """Whether a proxy's address is one of SOCKS."""
    return proxy.lower().startswith("socks")
