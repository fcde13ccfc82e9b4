"""The requests and connections that an emulator has seen, for tests; never headers, bodies or secrets."""

import re
import threading
from typing import Final, NamedTuple

from mysafe_env.secret import MASK

# A client that was told to may send its secret in the query.
_SECRET_PARAMETER: Final = re.compile(r"(?<=[?&]client_secret=)[^&]*")


class Asked(NamedTuple):
    """One request as it is kept: its method, its path with the query, and the number of its connection."""

    method: str
    target: str
    connection: int


class Arrival(NamedTuple):
    """When a request arrived, in seconds of the clock, on which connection, and whether the rate limit refused it."""

    at: float
    connection: int
    refused: bool


class Journal:
    """Requests in the order in which they arrived."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._connections = 0
        self._requests: list[Asked] = []
        self._arrivals: list[Arrival] = []

    def open_connection(self) -> int:
        """The number of a new connection, counted from 1."""
        with self._lock:
            self._connections += 1
            return self._connections

    def note(self, method: str, target: str, connection: int) -> None:
        """Keep one request; a client secret in its query is masked."""
        asked = Asked(method, _SECRET_PARAMETER.sub(MASK, target), connection)
        with self._lock:
            self._requests.append(asked)

    def note_arrival(self, arrival: Arrival) -> None:
        """Keep when one request arrived, and what the rate limit made of it."""
        with self._lock:
            self._arrivals.append(arrival)

    @property
    def connections(self) -> int:
        """How many connections there were."""
        with self._lock:
            return self._connections

    @property
    def requests(self) -> tuple[Asked, ...]:
        """Every request so far."""
        with self._lock:
            return tuple(self._requests)

    @property
    def arrivals(self) -> tuple[Arrival, ...]:
        """When every request so far arrived; those that were refused, too."""
        with self._lock:
            return tuple(self._arrivals)
