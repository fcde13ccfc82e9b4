"""A loopback HTTP/1.1 server that answers by script, records what it is asked, and misbehaves on request.

With *tunnel_to* it is a proxy as well: CONNECT leads to that address, whatever name was asked for.
"""

import json
import socket
import ssl
import threading
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from io import BufferedReader
from typing import Self

Address = tuple[str, int]

_TLS_HANDSHAKE = b"\x16"


@dataclass(frozen=True)
class Request:
    """What a client sent; header names are in lower case."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes
    connection: int

    @property
    def path(self) -> str:
        """The target without its query."""
        return self.target.partition("?")[0]


@dataclass(frozen=True)
class Reply:
    """An ordinary answer with a Content-Length."""

    status: int = 200
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "application/json"),)

    def head(self) -> bytes:
        """Status line and headers."""
        lines = [f"HTTP/1.1 {self.status} Scripted", f"Content-Length: {len(self.body)}"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        return "\r\n".join([*lines, "", ""]).encode()


@dataclass(frozen=True)
class Raw:
    """Bytes as they are, after which the connection is closed; none of them is a close without an answer."""

    data: bytes = b""


@dataclass(frozen=True)
class Trickle:
    """The pieces of an answer, one at each call of *pause*; the connection stays open after the last.

    *pause* returns when the next piece is due.
    """

    pieces: Sequence[bytes]
    pause: Callable[[], object]


@dataclass(frozen=True)
class Silence:
    """No answer until the server stops."""


Script = Reply | Raw | Trickle | Silence


def json_reply(document: object, status: int = 200) -> Reply:
    """A JSON document as an answer."""
    return Reply(status, json.dumps(document).encode())


@dataclass
class ScriptedServer:
    """The server; *answer* maps a request to what happens."""

    answer: Callable[[Request], Script]
    tls: ssl.SSLContext | None = None
    tunnel_to: Address | None = None
    requests: list[Request] = field(default_factory=list)
    connections: int = 0

    def __post_init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address: Address = self._listener.getsockname()
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._sockets: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept, daemon=True)]

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._stopping.set()
            doomed = [self._listener, *self._sockets]
        for one in doomed:
            # Wakes the threads that wait in accept or recv, which a close alone would not.
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(60)
        for one in doomed:
            one.close()

    @property
    def url(self) -> str:
        """The base URL."""
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self.address[1]}"

    def asked(self, path: str) -> list[Request]:
        """The requests for one path."""
        return [request for request in self.requests if request.path == path]

    def _accept(self) -> None:
        while not self._stopping.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with self._lock:
                if self._stopping.is_set():
                    connection.close()
                    return
                self.connections += 1
                self._sockets.append(connection.dup())
                thread = threading.Thread(target=self._serve, args=(connection, self.connections), daemon=True)
                # Those that have ended are let go: from Python 3.13 on, one that is held keeps its stack.
                self._threads = [*filter(threading.Thread.is_alive, self._threads), thread]
            thread.start()

    def _serve(self, connection: socket.socket, number: int) -> None:
        with suppress(OSError), self._secured(connection) as secured:
            with secured.makefile("rb") as stream:
                self._converse(secured, stream, number)
            # Other descriptors hold the socket open: only a shutdown is seen by the client.
            secured.shutdown(socket.SHUT_RDWR)

    def _converse(self, connection: socket.socket, stream: BufferedReader, number: int) -> None:
        """Requests and answers, until one of them ends the connection."""
        if stream.peek(1)[:1] == _TLS_HANDSHAKE:
            # As web servers do whose plain port is spoken to in TLS.
            connection.sendall(Reply(400).head())
            return
        while (request := _read_request(stream, number)) is not None:
            with self._lock:
                self.requests.append(request)
            if request.method == "CONNECT" and self.tunnel_to is not None:
                self._tunnel(connection)
                return
            if not self._reply(connection, self.answer(request)):
                return

    @contextmanager
    def _secured(self, connection: socket.socket) -> Iterator[socket.socket]:
        if self.tls is None:
            with connection:
                yield connection
            return
        with connection.dup() as kept:
            try:
                wrapped = self.tls.wrap_socket(connection, server_side=True)
            except OSError:
                # What the client has sent meanwhile is read, or the system would reset
                # the connection and the client might never see the alert.
                while kept.recv(65536):
                    pass
                raise
        with wrapped:
            yield wrapped

    def _reply(self, connection: socket.socket, script: Script) -> bool:
        """Whether the connection is kept."""
        match script:
            case Reply():
                connection.sendall(script.head() + script.body)
                return True
            case Raw():
                connection.sendall(script.data)
            case Trickle():
                for piece in script.pieces:
                    script.pause()
                    connection.sendall(piece)
                self._stopping.wait()
            case Silence():
                self._stopping.wait()
        return False

    def _tunnel(self, client: socket.socket) -> None:
        assert self.tunnel_to is not None
        with socket.create_connection(self.tunnel_to) as server:
            client.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
            back = threading.Thread(target=relay, args=(server, client))
            back.start()
            relay(client, server)
            back.join()


def relay(source: socket.socket, sink: socket.socket) -> None:
    """Pass on what comes, until its end."""
    with suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)


def _read_request(stream: BufferedReader, connection: int) -> Request | None:
    """The next request, or None when the client has closed."""
    first = stream.readline()
    if not first:
        return None
    method, target, _ = first.decode().split()
    headers = {}
    while (line := stream.readline()) not in {b"\r\n", b""}:
        name, _, value = line.decode().partition(":")
        headers[name.lower()] = value.strip()
    body = stream.read(int(headers.get("content-length", "0")))
    return Request(method, target, headers, body, connection)


def in_turn(*scripts: Script) -> Callable[[Request], Script]:
    """Answers in the order given; the last one is given ever after."""
    waiting = list(scripts)
    lock = threading.Lock()

    def answer(_: Request) -> Script:
        with lock:
            return waiting.pop(0) if len(waiting) > 1 else waiting[0]

    return answer


def in_all_forms(error: BaseException) -> str:
    """Everything that an error may show: its message, repr, arguments and traceback."""
    return "\n".join([str(error), repr(error), repr(error.args), *traceback.format_exception(error)])
