"""An access token that threads share: requested once, renewed when it is old or refused, and on wish kept for later."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING, Final, NamedTuple

from mysafe_env.deadline import Deadline
from mysafe_env.errors import OutageError, TimedOutError
from mysafe_env.secret import Secret

if TYPE_CHECKING:
    from mysafe_env.sources.keyring import Keyring

PURPOSE: Final = "an access token"
"""What a token request is for, as messages say it."""
DEFAULT_LIFETIME: Final = 3600.0
"""Seconds, for a token of which nobody says how long it lasts: the lifetime that both systems document."""


class AccessToken(NamedTuple):
    """A token, and the moment from which on another one is requested."""

    value: Secret
    renewal: Deadline


class SharedToken:
    """The token that all calls of one client carry; may be used from several threads.

    However many threads want it, one request is made: *request* makes it, and raises `OutageError`. A failure holds
    for its whole resolution, which is known by its deadline, because 16 wrong logins might lock an account.
    With a *keyring*, the token is kept there for later runs as well.
    """

    def __init__(self, request: Callable[[Deadline], AccessToken], keyring: "Keyring | None") -> None:
        """Nothing is requested yet."""
        self._request = request
        self._keyring = keyring
        self._lock = Lock()
        self._token: AccessToken | None = None
        self._failed: tuple[Deadline, OutageError] | None = None

    @property
    def is_being_requested(self) -> bool:
        """Whether there is no token yet, and another thread is asking for one."""
        return self._token is None and self._lock.locked()

    def get(self, deadline: Deadline) -> Secret:
        """The token to use; whoever comes while it is being requested waits for it. Raises `OutageError`."""
        with self._turn(deadline):
            if self._token is None or self._token.renewal.passed:
                self._token = self._recalled() or self._requested(deadline)
            return self._token.value

    def forget(self, token: Secret, deadline: Deadline) -> None:
        """Drop a token that the server refused, unless another thread has replaced it already."""
        with self._turn(deadline):
            if self._token is not None and self._token.value is token:
                self._token = None
                if self._keyring is not None:
                    self._keyring.forget()

    @contextmanager
    def _turn(self, deadline: Deadline) -> Iterator[None]:
        """Hold the lock; raises `TimedOutError` when it is not to be had in time."""
        if not self._lock.acquire(timeout=deadline.remaining()):
            raise TimedOutError(
                f"timed out after {deadline.seconds:g} s waiting for {PURPOSE}, which another call is asking for",
                "raise it with --timeout or MYSAFE_TIMEOUT, or see why the server is slow",
            )
        try:
            yield
        finally:
            self._lock.release()

    def _recalled(self) -> AccessToken | None:
        """The token of an earlier run, once: the keyring drops it at its end, and the server says if it is refused."""
        value = self._keyring.recall() if self._keyring is not None and self._token is None else None
        return None if value is None else AccessToken(value, Deadline(DEFAULT_LIFETIME))

    def _requested(self, deadline: Deadline) -> AccessToken:
        """A new token; raises the `OutageError` of an earlier request of the same resolution again."""
        if self._failed is not None and self._failed[0] is deadline:
            earlier = self._failed[1]
            raise type(earlier)(earlier.message, earlier.hint)
        try:
            token = self._request(deadline)
        except OutageError as error:
            self._failed = (deadline, error)
            raise
        if self._keyring is not None:
            self._keyring.keep(token.value, token.renewal.remaining())
        return token


def open_keyring(server: str, client_id: str, tenant: str = "") -> "Keyring":
    """The keyring for the tokens of one client of one server."""
    from mysafe_env.sources.keyring import Keyring  # noqa: PLC0415  # ctypes is slow to import

    return Keyring(server, client_id, tenant)
