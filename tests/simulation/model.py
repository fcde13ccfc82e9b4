"""A herd as events on a clock, with the product's waits and the emulator's limit."""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

from mysafe_env.emulator.journal import Arrival
from mysafe_env.emulator.rate_limit import RateLimiter, Verdict
from tests.simulation.herd import Course, Herd, Pause


@dataclass(frozen=True, slots=True, order=True)
class _Sent:
    """One request on its way: when it arrives, whose it is, and what went before."""

    at: float
    client: int
    deadline: float
    answered: int = 0
    """Requests of this client that went through."""
    refused: int = 0
    """Attempts of this request that did not."""


def simulate(herd: Herd, pause: Pause, seed: int, beginnings: Sequence[float] = ()) -> Course:
    """The course of a herd; one seed gives one course. Whoever is refused waits, as `HttpClient` does.

    *beginnings* are the moments of the first requests, on a clock whose whole seconds are the windows of the limit;
    without them they are spread evenly by chance.
    """
    random = Random(seed)  # noqa: S311  # the same herd each time
    moments = beginnings or sorted(random.uniform(0.0, herd.gathering) for _ in range(herd.starts))
    waiting = [_Sent(at, client, at + herd.timeout) for client, at in enumerate(moments)]
    heapq.heapify(waiting)
    limiter = RateLimiter(herd.limit)
    arrivals = []
    while waiting:
        sent = heapq.heappop(waiting)
        verdict = limiter.judge(sent.at)
        arrivals.append(Arrival(sent.at, sent.client, refused=not verdict.accepted))
        following = _follow(herd, sent, verdict, pause, random)
        if following is not None:
            heapq.heappush(waiting, following)
    return Course(herd, tuple(arrivals))


def _follow(herd: Herd, sent: _Sent, verdict: Verdict, pause: Pause, random: Random) -> _Sent | None:
    """The next request of a client that got its answer; None when it has everything, or no time left."""
    now = sent.at + herd.round_trip
    if verdict.accepted:
        following = replace(sent, at=now, answered=sent.answered + 1, refused=0)
        return following if following.answered < herd.requests and now < sent.deadline else None
    wait = pause(sent.refused + 1, float(dict(verdict.headers)["Retry-After"]), random, sent.deadline - now)
    return replace(sent, at=now + wait, refused=sent.refused + 1) if now + wait < sent.deadline else None
