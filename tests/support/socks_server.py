"""A SOCKS 5 proxy on loopback (RFC 1928, logins as in RFC 1929) that leads everything to one address."""

import socket
import struct
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Self

from tests.support.scripted_server import Address, relay

_NO_LOGIN, _PASSWORD, _NO_METHOD = 0, 2, 255
_NAME, _IPV4 = 3, 1
_REFUSED = 5


class SocksServer:
    """The proxy; it wants *login*, where one is given, and refuses what it is asked for where *leads_to* is None.

    `asked` are the hosts and ports that clients named, and `logins` what they said they were.
    """

    def __init__(self, leads_to: Address | None, login: tuple[str, str] | None = None) -> None:
        self._leads_to = leads_to
        self._login = login
        self.asked: list[tuple[str, int]] = []
        self.logins: list[tuple[str, str]] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address: Address = self._listener.getsockname()
        self._threads = [threading.Thread(target=self._accept)]

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(60)

    def url(self, scheme: str = "socks5h", login: str = "") -> str:
        """The address for a proxy variable."""
        return f"{scheme}://{login}{'@' if login else ''}127.0.0.1:{self.address[1]}"

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                self._threads.append(threading.Thread(target=self._serve, args=(client,)))
                self._threads[-1].start()

    def _serve(self, client: socket.socket) -> None:
        with client, client.makefile("rb") as stream:
            if not self._greeted(client, stream.read):
                return
            self.asked.append(_read_target(stream.read))
            if self._leads_to is None:
                client.sendall(bytes([5, _REFUSED, 0, _IPV4, 0, 0, 0, 0, 0, 0]))
                return
            client.sendall(bytes([5, 0, 0, _IPV4, 0, 0, 0, 0, 0, 0]))
            with socket.create_connection(self._leads_to) as server:
                back = threading.Thread(target=relay, args=(server, client))
                back.start()
                relay(client, server)
                # Who has nothing more to say wants no more answers either.
                with suppress(OSError):
                    server.shutdown(socket.SHUT_RDWR)
                back.join()

    def _greeted(self, client: socket.socket, read: Callable[[int], bytes]) -> bool:
        _version, count = read(2)
        offered = read(count)
        wanted = _PASSWORD if self._login else _NO_LOGIN
        client.sendall(bytes([5, wanted if wanted in offered else _NO_METHOD]))
        if wanted not in offered:
            return False
        if self._login is None:
            return True
        read(1)
        self.logins.append((read(read(1)[0]).decode(), read(read(1)[0]).decode()))
        client.sendall(bytes([1, self.logins[-1] != self._login]))
        return self.logins[-1] == self._login


def _read_target(read: Callable[[int], bytes]) -> tuple[str, int]:
    _version, _command, _reserved, kind = read(4)
    host = read(read(1)[0]).decode() if kind == _NAME else socket.inet_ntoa(read(4))
    (port,) = struct.unpack("!H", read(2))
    return host, port
