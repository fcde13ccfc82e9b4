"""A single connection of http.client's, which costs a run nothing but itself.

requests takes longer to import than everything else that a run with one item does (tests/benchmarks tells how long).
Where the way to the server is not plain, by a proxy for one, it is left to requests.
"""

import os
import re
import socket
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException, HTTPResponse, IncompleteRead
from ssl import SSLSocket
from threading import Lock
from typing import Final
from urllib.parse import urlencode, urlsplit

from mysafe_env.deadline import Deadline
from mysafe_env.server_url import is_loopback
from mysafe_env.sources.http.calls import Answer, Call
from mysafe_env.sources.http.in_time import Response, is_idle, keeping_to, made_within, seconds_left
from mysafe_env.sources.http.receiving import Received, read_answer
from mysafe_env.sources.http.sending import address_seconds, target
from mysafe_env.sources.http.server import Server
from mysafe_env.sources.http.unreachable import Attempt, explain, not_connected, timed_out

# What requests writes into a request as it is: no name in other letters, no IPv6, no path to be tidied up.
_LABEL: Final = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_PLAIN_HOST: Final = re.compile(rf"{_LABEL}(\.{_LABEL})*")
_PLAIN_PATH: Final = re.compile(r"(/[A-Za-z0-9_~-][A-Za-z0-9_.~-]*)*")
_PORTS: Final = {"http": 80, "https": 443}


def is_plain(base: str) -> bool:
    """Whether requests would go straight to the server at *base*, by the address that stands there."""
    parts = urlsplit(base)
    host = parts.hostname or ""
    if not (_PLAIN_HOST.fullmatch(host) and _PLAIN_PATH.fullmatch(parts.path)):
        return False
    return (parts.scheme == "http" and is_loopback(host)) or not _may_have_proxy(os.environ)


def _may_have_proxy(environ: Mapping[str, str]) -> bool:
    # Both of these know proxies outside of the environment.
    if sys.platform in {"darwin", "win32"}:
        return True
    names = {name.lower() for name, value in environ.items() if value} - {"no_proxy"}
    return any(name.endswith("_proxy") for name in names)


class _Connection(HTTPConnection):
    """A connection whose answers come in time; it is made elsewhere."""

    response_class = Response
    auto_open = 0

    def __init__(self, base: str) -> None:
        parts = urlsplit(base)
        # The one that the Host header leaves out.
        self.default_port = _PORTS[parts.scheme]
        super().__init__(parts.hostname or "", parts.port or self.default_port)


class SingleConnection:
    """Calls to one server, one after the other: who has its turn may make one."""

    def __init__(self, server: Server) -> None:
        """Nothing is sent yet."""
        self._server = server
        self._turn = Lock()
        self._connection = _Connection(server.base)

    @contextmanager
    def turn(self) -> Iterator[bool]:
        """Whether the connection is free; if it is, it is for the caller alone until the end."""
        free = self._turn.acquire(blocking=False)
        try:
            yield free
        finally:
            if free:
                self._turn.release()

    def send(self, call: Call, deadline: Deadline) -> Answer:
        """The answer to *call*, whatever its status; raises `OutageError` when there is none before *deadline*."""
        attempt = self._server.attempt(call, deadline.seconds)
        if deadline.passed:
            raise timed_out(attempt)
        try:
            with keeping_to(deadline):
                if not self._is_open():
                    self._connection.sock = _connected(self._connection, attempt, deadline)
                return self._exchange(call, attempt)
        except BaseException:
            self._connection.close()
            raise

    def take(self) -> socket.socket | None:
        """The connection, which is the caller's from now on; None where there is none."""
        taken, self._connection.sock = self._connection.sock, None
        return taken

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _is_open(self) -> bool:
        """Whether there is a connection that the server has not closed since the last call."""
        if self._connection.sock is not None and not is_idle(self._connection.sock):
            self._connection.close()
        return self._connection.sock is not None

    def _exchange(self, call: Call, attempt: Attempt) -> Answer:
        """The answer to *call* over a connection that is made; raises `OutageError`."""
        try:
            self._secure()
            self._request(call)
            with self._connection.getresponse() as response:
                return self._answer(response, call, attempt)
        except (HTTPException, OSError, ValueError) as error:
            raise explain(error, attempt) from None

    def _answer(self, response: HTTPResponse, call: Call, attempt: Attempt) -> Answer:
        received = Received(self._server.base + call.path, response.status, response.headers.get, response.read)
        answer = read_answer(received, call.body_limit, attempt)
        # http.client leaves it to its users to see that a body is shorter than it was said to be.
        if response.length:
            raise IncompleteRead(b"", response.length)
        return answer

    def _secure(self) -> None:
        """Speak TLS, if the server does, and it is not spoken already."""
        sock, context = self._connection.sock, self._server.context
        if context is not None and not isinstance(sock, SSLSocket):
            sock.settimeout(seconds_left(sock.gettimeout()))
            self._connection.sock = context.wrap_socket(sock, server_hostname=self._connection.host)

    def _request(self, call: Call) -> None:
        form = urlencode(call.form).encode()
        form_type = {"Content-Type": "application/x-www-form-urlencoded"} if form else {}
        self._connection.sock.settimeout(seconds_left())
        path = urlsplit(self._server.base).path + target(call)
        headers = {**self._server.headers, **form_type, **call.headers}
        self._connection.request(call.method, path, body=form or call.body or None, headers=headers)


def _connected(connection: _Connection, attempt: Attempt, deadline: Deadline) -> socket.socket:
    """A connection to one of the host's addresses; raises `OutageError`."""
    before = deadline.remaining()
    address = (connection.host, connection.port)
    seconds = address_seconds(deadline.seconds)
    try:
        sock = made_within(seconds_left(), lambda: socket.create_connection(address, seconds))
    except TimeoutError:
        raise not_connected(attempt, before - deadline.remaining()) from None
    except OSError as error:
        raise explain(error, attempt) from None
    # As http.client has it: the end of a request is not kept back until the server has confirmed its beginning.
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return sock
