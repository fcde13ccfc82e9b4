"""One connection of the emulator: HTTP on a socket, and the faults that happen there."""

import os
import socket
import struct
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from socketserver import BaseServer
from typing import ClassVar, Final, Protocol

from mysafe_env.emulator.exchange import Request, Response
from mysafe_env.emulator.faults import FaultPlan, fault_response
from mysafe_env.emulator.gateway import gateway_answer
from mysafe_env.emulator.journal import Arrival, Journal
from mysafe_env.emulator.rate_limit import RateLimiter, Verdict

_MOST_BODY: Final = 1 << 20
_DRIP: Final = 0.02
_HUGE: Final = 64 << 20
_CHUNK: Final = b" " * (1 << 16)


class Api(Protocol):
    """An API that is served: it gets a request, and gives the answer."""

    def answer(self, request: Request) -> Response:
        """The answer to a request, whatever it asks for."""
        ...


@dataclass(frozen=True, slots=True)
class Shared:
    """What all connections of one emulator share."""

    api: Api
    faults: FaultPlan
    journal: Journal
    latency: float
    """Seconds of a round trip: waited before every answer, and in a new connection."""
    stopping: threading.Event
    limiter: RateLimiter | None


class Handler(BaseHTTPRequestHandler):
    """Reads requests, asks the API, sends answers, until the client or the emulator closes the connection."""

    protocol_version = "HTTP/1.1"
    server_version = "mysafe-env-emulator"
    sys_version = ""
    # An answer leaves at once and whole: buffered here, not delayed by the kernel.
    disable_nagle_algorithm = True
    wbufsize = -1

    def __init__(self, shared: Shared, connection: socket.socket, address: object, server: BaseServer) -> None:
        self._shared = shared
        self._number = shared.journal.open_connection()
        self._limits: tuple[tuple[str, str], ...] = ()
        super().__init__(connection, address, server)

    def answer(self) -> None:
        """Read one request to its end, and answer it or play its fault."""
        body = self._read_body()
        if body is None:
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.command, self.path, headers, body)
        self._shared.journal.note(request.method, request.target, self._number)
        verdict = self._judge()
        # What the gateway refuses meets no fault behind it, and uses none up.
        what = self._shared.faults.take(request.method, request.path) if verdict.accepted else None
        self._limits = verdict.headers
        self._shared.stopping.wait(self._shared.latency)
        if not verdict.accepted:
            self._send(gateway_answer(429))
        elif what is None:
            self._send(self._shared.api.answer(request))
        elif what in self._PLAYS:
            self._PLAYS[what](self, request)
        else:
            self._send(fault_response(what))

    def __getattr__(self, name: str) -> Callable[[], None]:
        """The way that the base class looks for `do_GET` and the like: any method is asked of the API."""
        if name.startswith("do_"):
            return self.answer
        raise AttributeError(name)

    def log_message(self, *_: object) -> None:
        """Nothing: stderr belongs to the command, and a request line may hold a secret."""

    def _judge(self) -> Verdict:
        """Whether the rate limit lets the request through; the journal keeps it."""
        now = time.time()
        verdict = Verdict(accepted=True) if self._shared.limiter is None else self._shared.limiter.judge(now)
        self._shared.journal.note_arrival(Arrival(now, self._number, not verdict.accepted))
        return verdict

    def _read_body(self) -> bytes | None:
        """The whole body; None where there is none to be had, and the connection ends."""
        length = self.headers.get("Content-Length", "0")
        if "Transfer-Encoding" in self.headers or not (length.isascii() and length.isdigit()):
            self.send_error(411)
            return None
        if len(length) > len(str(_MOST_BODY)) or int(length) > _MOST_BODY:
            self.send_error(413)
            return None
        body = self.rfile.read(int(length))
        if len(body) < int(length):
            self.close_connection = True
            return None
        return body

    def _send(self, response: Response) -> None:
        self._send_head(response, len(response.body))
        if self.command != "HEAD":
            self.wfile.write(response.body)

    def _send_head(self, response: Response, length: int) -> None:
        self.send_response(response.status)
        for name, value in (*response.headers, *self._limits):
            self.send_header(name, value)
        self.send_header("Content-Length", str(length))
        if self._shared.stopping.is_set():
            self.send_header("Connection", "close")
        self.end_headers()

    def _truncate(self, request: Request) -> None:
        response = self._shared.api.answer(request)
        self._send_head(response, len(response.body))
        self.wfile.write(response.body[: len(response.body) // 2])
        self.close_connection = True

    def _slow(self, request: Request) -> None:
        response = self._shared.api.answer(request)
        self._send_head(response, len(response.body))
        for number in range(len(response.body)):
            self.wfile.flush()
            if self._shared.stopping.wait(_DRIP):
                break
            self.wfile.write(response.body[number : number + 1])

    def _slow_head(self, request: Request) -> None:
        response = self._shared.api.answer(request)
        fields = (*response.headers, ("Content-Length", str(len(response.body))))
        head = "".join((f"HTTP/1.1 {response.status} Slow\r\n", *(f"{name}: {value}\r\n" for name, value in fields)))
        for char in f"{head}\r\n":
            self.wfile.write(char.encode())
            self.wfile.flush()
            if self._shared.stopping.wait(_DRIP):
                return
        self.wfile.write(response.body)

    def _huge(self, _: Request) -> None:
        self._send_head(Response(200, b""), _HUGE)
        for _written in range(_HUGE // len(_CHUNK)):
            self.wfile.write(_CHUNK)

    def _reset(self, _: Request) -> None:
        # Closing with a linger time of zero sends RST, if nothing has shut the connection down before.
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        os.close(self.connection.detach())
        self.close_connection = True

    def _hang(self, _: Request) -> None:
        self._shared.stopping.wait()
        self.close_connection = True

    _PLAYS: ClassVar[Mapping[str, Callable[["Handler", Request], None]]] = {
        "truncate": _truncate,
        "slow": _slow,
        "slow-head": _slow_head,
        "huge": _huge,
        "reset": _reset,
        "hang": _hang,
    }
