"""A single connection of http.client, for runs that need no more.

Importing requests takes longer than everything else that a run with one item does (tests/benchmarks tells how long).
"""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPException, HTTPResponse, IncompleteRead
from threading import Lock
from urllib.parse import urlencode, urlsplit

from mysafe_env.deadline import Deadline
from mysafe_env.sources.http.calls import Answer, Call
from mysafe_env.sources.http.dialing import dial
from mysafe_env.sources.http.in_time import InTime, is_idle, keeping_to
from mysafe_env.sources.http.receiving import Received, read_answer
from mysafe_env.sources.http.sending import target
from mysafe_env.sources.http.server import Server
from mysafe_env.sources.http.unreachable import Attempt, explain, timed_out


class _Connection(InTime):
    """A connection that is made elsewhere."""

    auto_open = 0

    def __init__(self, server: Server) -> None:
        # The one that the Host header leaves out.
        self.default_port = server.default_port
        super().__init__(server.host, server.port)


class SingleConnection:
    """Calls to one server, one after the other; whoever has the turn may make one."""

    def __init__(self, server: Server) -> None:
        """Nothing is sent yet."""
        self._server = server
        self._turn = Lock()
        self._connection = _Connection(server)

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
        attempt = self._server.attempt(call.purpose, deadline.seconds)
        if deadline.passed:
            raise timed_out(attempt)
        try:
            if not self._is_open():
                self._connection.sock = dial(self._server, call.purpose, deadline)
            with keeping_to(deadline):
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
            # A server may refuse what it has not read to its end: its answer says why.
            with suppress(BrokenPipeError, ConnectionResetError):
                self._request(call)
            with self._connection.getresponse() as response:
                return self._answer(response, call, attempt)
        except (HTTPException, OSError, ValueError) as error:
            raise explain(error, attempt) from None

    def _answer(self, response: HTTPResponse, call: Call, attempt: Attempt) -> Answer:
        received = Received(self._server.base + call.path, response.status, response.getheader, response.read1)
        answer = read_answer(received, call.body_limit, attempt)
        # http.client leaves it to its users to see that a body is shorter than it was said to be.
        if response.length:
            raise IncompleteRead(b"", response.length)
        return answer

    def _request(self, call: Call) -> None:
        form = urlencode(call.form).encode()
        form_type = {"Content-Type": "application/x-www-form-urlencoded"} if form else {}
        path = urlsplit(self._server.base).path + target(call)
        headers = {**self._server.headers, **form_type, **call.headers}
        self._connection.request(call.method, path, body=form or call.body or None, headers=headers)
