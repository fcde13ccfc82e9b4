"""What a course shows: who succeeded, how long it took, what the server had to bear."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from math import sqrt
from random import Random

from mysafe_env.emulator.journal import Arrival
from tests.simulation.herd import Course, Pause

SLOT = 0.1
"""Seconds in which arrivals are counted to see whether they come evenly."""


class _Drawn(Random):
    """Chance that always draws the same share."""

    def __init__(self, share: float) -> None:
        super().__init__()
        self._share = share

    def random(self) -> float:
        """The share."""
        return self._share


@dataclass(frozen=True, slots=True)
class Figures:
    """Numbers of one course; times in seconds, ratios to what the server's limit makes possible."""

    starts: int
    succeeded: int
    most_successes: int
    gave_up_early: float
    """The most time that a start had left when it gave up."""
    drain: float
    """From the first arrival to the last one that was let through."""
    ideal_drain: float
    arrivals_per_answer: float
    """Of all starts together: what the server had to bear for each request that it let through."""
    first_second: float
    """Arrivals in the first second, as a multiple of the limit: the starts themselves, which nobody can spread."""
    later_peak: float
    """Most arrivals in any later second, likewise."""
    beyond_limit: int
    """Requests that were let through in a window beyond its limit."""
    beyond_jitter: int
    """Slots with more repeated requests than jitter allows; see `allowed`."""

    @property
    def drain_ratio(self) -> float:
        """Total time to the ideal."""
        return self.drain / self.ideal_drain


def measure(course: Course, pause: Pause) -> Figures:
    """The figures of a course whose clients waited as *pause* says."""
    herd, clients = course.herd, course.clients()
    accepted = [arrival.at for arrival in course.arrivals if not arrival.refused]
    begin = course.arrivals[0].at
    seconds = Counter(int(arrival.at - begin) for arrival in course.arrivals)
    per_second = herd.limit.count / herd.limit.seconds
    return Figures(
        starts=len(clients),
        succeeded=sum(_has_all(client, herd.requests) for client in clients),
        most_successes=herd.most_successes(clients[-1][0].at - begin),
        gave_up_early=max((_left(client, herd.timeout) for client in clients if client[-1].refused), default=0.0),
        drain=accepted[-1] - begin,
        ideal_drain=herd.ideal_drain,
        arrivals_per_answer=len(course.arrivals) / len(accepted),
        first_second=seconds[0] / per_second,
        later_peak=max((count for second, count in seconds.items() if second > 0), default=0) / per_second,
        beyond_limit=max(0, max(_windows(course).values()) - herd.limit.count),
        beyond_jitter=_beyond_jitter(course, pause),
    )


def allowed(expected: float) -> float:
    """How many repeated requests may come in a slot where *expected* are expected, by chance alone.

    Each wait is drawn evenly from an interval that `pause` and the refusal fix, so the number expected in a slot is
    the sum of the parts of all intervals that lie in it. Four standard deviations and four requests more are chance;
    what is beyond is a herd that moves in step.
    """
    return expected + 4 * sqrt(expected) + 4


def _has_all(client: list[Arrival], requests: int) -> bool:
    return requests == sum(not arrival.refused for arrival in client)


def _left(client: list[Arrival], timeout: float) -> float:
    return client[0].at + timeout - client[-1].at


def _windows(course: Course) -> Counter[int]:
    """How many requests were let through in each window of the limit."""
    seconds = course.herd.limit.seconds
    return Counter(int(arrival.at // seconds) for arrival in course.arrivals if not arrival.refused)


def _beyond_jitter(course: Course, pause: Pause) -> int:
    came: Counter[int] = Counter()
    expected: defaultdict[int, float] = defaultdict(float)
    for client in course.clients():
        for earliest, latest, at in _repetitions(course, client, pause):
            came[int(at / SLOT)] += 1
            _spread(expected, earliest, latest)
    return sum(count > allowed(expected[slot]) for slot, count in came.items())


def _repetitions(course: Course, client: list[Arrival], pause: Pause) -> Iterator[tuple[float, float, float]]:
    """For each repeated request: the earliest and the latest moment at which it could come, and when it did."""
    herd, tries, end = course.herd, 0, client[0].at + course.herd.timeout
    for before, after in pairwise(client):
        tries = tries + 1 if before.refused else 0
        if before.refused:
            now = before.at + herd.round_trip
            named = herd.limit.reset(before.at)
            shortest, longest = (pause(tries, named, _Drawn(share), end - now) for share in (0.0, 1.0))
            yield now + shortest, now + longest, after.at


def _spread(expected: defaultdict[int, float], earliest: float, latest: float) -> None:
    """Share one request out evenly among the slots between two moments."""
    first, last = int(earliest / SLOT), int(latest / SLOT)
    for slot in range(first, last + 1):
        part = min(latest, (slot + 1) * SLOT) - max(earliest, slot * SLOT)
        expected[slot] += part / (latest - earliest) if latest > earliest else 1.0
