"""Calls to one server: over a single connection as long as that is enough, and by requests from then on."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from threading import BoundedSemaphore, Lock, Semaphore, Thread
from typing import TYPE_CHECKING

from mysafe_env.deadline import Deadline
from mysafe_env.errors import OutageError
from mysafe_env.late_imports import IMPORTING
from mysafe_env.settings import Settings
from mysafe_env.sources.http.calls import Answer, Call
from mysafe_env.sources.http.dialing import dial, is_plain
from mysafe_env.sources.http.server import server_of
from mysafe_env.sources.http.single import SingleConnection
from mysafe_env.sources.http.unreachable import timed_out

if TYPE_CHECKING:
    from mysafe_env.sources.http.pooled import PooledClient


class HttpClient:
    """Calls to one server, one attempt for each; may be used from several threads.

    requests is imported as soon as the single connection is in use, or can't be used, while the call there goes on.
    TLS is always verified, redirects are not followed, .netrc is not read.
    Raises `SettingsError` for what can't be used: certificate files, a referer, a proxy.
    """

    def __init__(self, settings: Settings, setting: str = "MYSAFE_URL") -> None:
        """Nothing is sent yet; *setting* is the one that messages name for the server's address."""
        self._server = server_of(settings, setting)
        self.server = self._server.name
        """Host and port, as messages name them."""
        self._plain = is_plain(self._server.base)
        self._single = SingleConnection(self._server) if self._plain else None
        # Where all connections are in use, urllib3 would wait without end.
        self._places = BoundedSemaphore(settings.concurrency)
        # One is always left for the call that those who hold the others may be waiting for.
        self._held = Semaphore(settings.concurrency - 1)
        self._lock = Lock()
        self._importing = False
        self._client: PooledClient | None = None
        if self._single is None:
            self._pooled()

    def send(self, call: Call, deadline: Deadline) -> Answer:
        """The answer to *call*, whatever its status; raises `OutageError` when there is none before *deadline*.

        For a call that is to be sent once that is `UncertainError`, unless it surely never left this machine.
        """
        with self._place(deadline.remaining()) as free:
            if not free:
                raise timed_out(self._server.attempt(call.purpose, deadline.seconds))
            with self._single_for(call) as single:
                return (single or self._pooled()).send(call, deadline)

    @contextmanager
    def connected(self, deadline: Deadline) -> Iterator[None]:
        """Open a connection and keep it while the caller waits for something else, such as a token, before its call.

        Where that is not possible nothing happens: the call itself will connect, or say why it can't.
        """
        # A proxy is asked for something, or for nothing at all; and later on there are connections.
        if not self._plain or self._client is not None or not self._held.acquire(blocking=False):
            yield
            return
        try:
            with self._place(0.0) as free, self._dialed(deadline) if free else nullcontext():
                yield
        finally:
            self._held.release()

    def close(self) -> None:
        """Close the connections."""
        if self._single is not None:
            self._single.close()
        if self._client is not None:
            self._client.close()

    @contextmanager
    def _dialed(self, deadline: Deadline) -> Iterator[None]:
        """Open a connection while requests is being imported, and hand it over at the end."""
        self._begin_import()
        try:
            sock = dial(self._server, "a connection", deadline)
        except OutageError:
            yield
            return
        try:
            yield
        except BaseException:
            sock.close()
            raise
        self._pooled().adopt(sock)

    @contextmanager
    def _place(self, seconds: float) -> Iterator[bool]:
        """Whether one of the connections may be used; waited for no longer than *seconds*."""
        free = self._places.acquire(timeout=seconds)
        try:
            yield free
        finally:
            if free:
                self._places.release()

    @contextmanager
    def _single_for(self, call: Call) -> Iterator[SingleConnection | None]:
        """The single connection, for the caller alone; None where the call has to go, or can go, by requests."""
        single = self._single
        if single is None or self._client is not None or call.once:
            yield None
            return
        with single.turn() as free:
            # It may have been handed over in between.
            yield single if free and self._single is single else None

    def _begin_import(self) -> None:
        with self._lock:
            begun, self._importing = self._importing or self._client is not None, True
        if not begun:
            Thread(target=_pooled_class, daemon=True).start()

    def _pooled(self) -> "PooledClient":
        """The client of all other calls."""
        if self._client is not None and self._single is None:
            return self._client
        with self._lock:
            if self._client is None:
                self._client = _pooled_class()(self._server)
            if self._single is not None:
                self._hand_over(self._single, self._client)
            return self._client

    def _hand_over(self, single: SingleConnection, client: "PooledClient") -> None:
        """Have *client* go on with the single connection, as soon as that is free."""
        with single.turn() as free:
            if not free:
                return
            connection = single.take()
            if connection is not None:
                client.adopt(connection)
            self._single = None


def _pooled_class() -> "type[PooledClient]":
    """The class, which takes longer to import than a call takes."""
    with IMPORTING:
        from mysafe_env.sources.http.pooled import PooledClient  # noqa: PLC0415  # see above

    return PooledClient
