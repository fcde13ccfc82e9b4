"""A server on loopback: it accepts connections, hands their requests to an API, and can be started and stopped."""

import contextlib
import signal
import socket
import socketserver
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Final, Self, cast

from mysafe_env.emulator.faults import Fault, FaultPlan
from mysafe_env.emulator.handler import Api, Handler, Shared
from mysafe_env.emulator.journal import Arrival, Asked, Journal
from mysafe_env.emulator.rate_limit import RateLimit, RateLimiter
from mysafe_env.errors import MySafeEnvError, UsageError

if TYPE_CHECKING:
    import ssl

HOST: Final = "127.0.0.1"
_PATIENCE: Final = 10.0
_GRACE: Final = 5.0
_POLL: Final = 0.05
_FREE_PORT: Final = "use --port 0 for a free one"


class LoopbackServer:
    """Serves an API on loopback only; a context manager that starts and stops it.

    `latency` is the round trip of a network, in seconds. It is waited for before every answer, and in a new connection
    once, or twice with TLS, for the handshakes that come before a request (RFC 8446). `rate_limit` is what the gateway
    in front lets through, `port` 0 takes a free one, and `tls` is a context with the server's certificate.
    """

    def __init__(  # noqa: PLR0913  # each is one thing that a test or a user may turn
        self,
        api: Api,
        *,
        latency: float = 0.0,
        faults: Iterable[Fault] = (),
        rate_limit: RateLimit | None = None,
        port: int = 0,
        tls: "ssl.SSLContext | None" = None,
    ) -> None:
        self._journal = Journal()
        self._stopping = threading.Event()
        limiter = RateLimiter(rate_limit) if rate_limit else None
        self._shared = Shared(api, FaultPlan(faults), self._journal, latency, self._stopping, limiter)
        self._port = port
        self._tls = tls
        self._running: tuple[_Server, threading.Thread] | None = None

    @property
    def url(self) -> str:
        """The server's address, once it is started."""
        return f"{'https' if self._tls else 'http'}://{HOST}:{self._port}"

    @property
    def requests(self) -> tuple[Asked, ...]:
        """Every request so far, in order of arrival."""
        return self._journal.requests

    @property
    def arrivals(self) -> tuple[Arrival, ...]:
        """When every request so far arrived; those that the rate limit refused, too."""
        return self._journal.arrivals

    @property
    def connections(self) -> int:
        """How many connections clients opened so far."""
        return self._journal.connections

    def start(self) -> None:
        """Serve in the background; raises `MySafeEnvError` for a port that can't be had, `UsageError` for none."""
        try:
            server = _Server(self._port, self._shared, self._tls)
        except OverflowError:
            raise UsageError(f"can't listen on port {self._port}: not a port", _FREE_PORT) from None
        except OSError as error:
            raise MySafeEnvError(f"can't listen on port {self._port}: {error.strerror}", _FREE_PORT) from None
        self._port = server.port
        thread = threading.Thread(target=server.serve_forever, args=(_POLL,), daemon=True)
        thread.start()
        self._running = server, thread

    def stop(self) -> None:
        """End every connection and close the port; a second call does nothing."""
        if self._running is None:
            return
        server, thread = self._running
        self._running = None
        self._stopping.set()
        server.shutdown()
        thread.join()
        server.server_close()
        server.end_connections()

    def serve_until_stopped(self, announce: Callable[[], None]) -> None:
        """Serve until SIGTERM or SIGINT; *announce* is called when both the port and the signals are ready."""
        # Blocked and waited for, not handled: a handler that runs just before the waiting begins would wake nobody.
        numbers = {signal.SIGTERM, signal.SIGINT}
        before = signal.pthread_sigmask(signal.SIG_BLOCK, numbers)
        try:
            with self:
                announce()
                signal.sigwait(numbers)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


class _Server(socketserver.ThreadingMixIn, socketserver.TCPServer):
    """Accepts connections, a thread for each.

    Not `http.server.HTTPServer`, which asks DNS for its own name before it listens.
    """

    allow_reuse_address = True
    daemon_threads = True
    # Clients open 16 connections at once; one that does not fit is tried again a second later.
    request_queue_size = 128

    def __init__(self, port: int, shared: Shared, tls: "ssl.SSLContext | None") -> None:
        self._shared = shared
        self._tls = tls
        self._serving = 0
        self._open: set[socket.socket] = set()
        self._changed = threading.Condition()
        super().__init__((HOST, port), socketserver.BaseRequestHandler)
        self.port: int = self.socket.getsockname()[1]

    def process_request(self, request: socket.socket, client_address: object) -> None:  # type: ignore[override]  # TCP only
        """Start the thread of one connection, for which `end_connections` waits from here on."""
        super().process_request(request, client_address)
        self._count(1)

    def process_request_thread(self, request: socket.socket, client_address: object) -> None:  # type: ignore[override]  # TCP only
        """Serve one connection, and tell of a failure, until nothing is left to be done; called in its own thread."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._count(-1)

    def finish_request(self, request: socket.socket, client_address: object) -> None:  # type: ignore[override]  # TCP only
        """Serve one connection to its end."""
        self._shared.stopping.wait(self._shared.latency * (1 if self._tls is None else 2))
        connection = self._wrapped(request)
        with self._kept(connection), contextlib.closing(connection):
            if not self._shared.stopping.is_set():
                self._greet(connection)
                Handler(self._shared, connection, client_address, self)

    def handle_error(self, request: object, client_address: object) -> None:
        """Show a failure that is ours; clients that go away are daily business."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]  # passed on as it came

    def end_connections(self) -> None:
        """Read no more requests, let what was asked be answered, and wait until every thread is done."""
        # Only the half that is read first: shutting both would race with an answer that is on its way out.
        self._shut(socket.SHUT_RD, _GRACE)
        self._shut(socket.SHUT_RDWR, _PATIENCE)

    def _shut(self, half: int, patience: float) -> None:
        """Shut every connection that is open, and wait *patience* seconds at most until all have ended."""
        with self._changed:
            for connection in self._open:
                with contextlib.suppress(OSError):
                    # Not `SSLSocket.shutdown`, after which another thread's answer would leave unencrypted.
                    socket.socket.shutdown(connection, half)
            self._changed.wait_for(lambda: not self._serving, timeout=patience)

    def _count(self, more: int) -> None:
        with self._changed:
            self._serving += more
            self._changed.notify_all()

    def _wrapped(self, connection: socket.socket) -> socket.socket:
        """The connection, over which nothing was said yet, under TLS where that is spoken."""
        if self._tls is None:
            return connection
        return self._tls.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)

    def _greet(self, connection: socket.socket) -> None:
        if self._tls is not None:
            connection.settimeout(_PATIENCE)
            cast("ssl.SSLSocket", connection).do_handshake()
            connection.settimeout(None)

    @contextlib.contextmanager
    def _kept(self, connection: socket.socket) -> Iterator[None]:
        with self._changed:
            self._open.add(connection)
        try:
            yield
        finally:
            with self._changed:
                self._open.discard(connection)
