"""The nouns: a herd, what it did, and how long its clients pause."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from mysafe_env.emulator.journal import Arrival
from mysafe_env.emulator.rate_limit import RateLimit

Pause = Callable[[int, float | None, Random, float], float]
"""Seconds to wait, out of the attempts so far, the seconds that the server named, chance, and the seconds left."""


@dataclass(frozen=True, slots=True)
class Herd:
    """Starts that come at once, and the server that they come to; all times in seconds."""

    starts: int
    limit: RateLimit
    timeout: float
    """What each start has from its own beginning on."""
    requests: int = 3
    """Of one start: a token, a list, an item."""
    gathering: float = 1.0
    """Within so many seconds all of them begin."""
    round_trip: float = 0.02

    @property
    def ideal_drain(self) -> float:
        """Seconds that the server needs for all of it if no moment is lost."""
        return self.starts * self.requests * self.limit.seconds / self.limit.count

    def most_successes(self, gathered: float) -> int:
        """How many starts could succeed if no request were lost, where the last one came *gathered* seconds late."""
        windows = (self.timeout + gathered) / self.limit.seconds
        return min(self.starts, int(windows * self.limit.count / self.requests))


@dataclass(frozen=True, slots=True)
class Course:
    """What happened: every request in order of arrival; its connection stands for the client."""

    herd: Herd
    arrivals: tuple[Arrival, ...]

    def clients(self) -> list[list[Arrival]]:
        """The requests of each client, in the order in which the clients came."""
        by_client: dict[int, list[Arrival]] = {}
        for arrival in self.arrivals:
            by_client.setdefault(arrival.connection, []).append(arrival)
        return list(by_client.values())
