"""How long a client waits before it asks again."""

import math
from datetime import UTC, datetime
from random import Random

import pytest

from mysafe_env.sources.http.backoff import named_wait, pause

NOON = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)


def pauses(tries: int, named: float | None = None, left: float = math.inf) -> list[float]:
    """Many waits after as many attempts."""
    random = Random(1)  # noqa: S311  # the same numbers each time
    return [pause(tries, named, random, left) for _ in range(2000)]


def test_a_wait_is_anything_up_to_its_limit() -> None:
    """Full jitter: as likely short as long, so that a herd is spread evenly."""
    waits, limit = sorted(pauses(3)), max(pauses(3))
    for part in (0.25, 0.5, 0.75):
        assert part == pytest.approx(waits[int(part * len(waits))] / limit, abs=0.05)


def test_the_limit_doubles_until_it_is_reached() -> None:
    """Each failure makes the longest wait twice as long, and none makes it endless."""
    limits = [max(pauses(tries)) for tries in range(1, 40)]
    assert 2.0 == pytest.approx(limits[1] / limits[0], rel=0.02)
    assert limits[-2] == limits[-1]
    assert limits[-1] < 60
    assert limits[-1] == max(pauses(10**6))


def test_what_the_server_names_is_the_least() -> None:
    """The jitter comes on top: nobody comes early, and not all come at once."""
    waits = pauses(2, named=30.0)
    assert min(waits) >= 30.0
    assert len(set(waits)) > 1000
    assert [wait + 29.0 for wait in pauses(2, named=1.0)] == pytest.approx(waits)


def test_a_server_that_names_a_time_is_given_more_room() -> None:
    """It has too many clients: they come back further apart than after a failure that may be over at once."""
    assert max(pauses(1, named=0.0)) > 4 * max(pauses(1))


def test_the_jitter_keeps_within_the_time_that_is_left() -> None:
    """Nobody gives up because chance was against it, until what is left is too little to come back apart."""
    longest = {left: max(pauses(9, 1.0, left)) for left in (60.0, 5.0, 4.0, 3.0, 2.0)}
    assert longest[60.0] > 8.0
    assert all(left - 0.05 < longest[left] <= left for left in (5.0, 4.0, 3.0))
    assert 3.0 == pytest.approx(longest[2.0], abs=0.05)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0.0),
        ("120", 120.0),
        (" 7 ", 7.0),
        ("Sun, 22 Nov 2026 12:00:30 GMT", 30.0),
        ("Sun, 22 Nov 2026 13:00:30 +0100", 30.0),
        ("Sun, 22 Nov 2026 12:00:30 -0000", 30.0),
        ("Sunday, 22-Nov-26 12:00:30 GMT", 30.0),
        ("Sun Nov 22 12:00:30 2026", 30.0),
        ("Sun, 22 Nov 2026 11:00:00 GMT", 0.0),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("٣", None),
        ("Sun, 22 Nov 2026", None),
        ("Sun, 99 Nov 2026 12:00:30 GMT", None),
        (f"Sun, 22 Nov {'9' * 40} 12:00:30 GMT", None),
        ("Fri, 31 Dec 9999 23:59:59 -2359", pytest.approx(2.516e11, rel=0.001)),
        ("9" * 400, float("inf")),
    ],
)
def test_the_named_time_is_seconds_or_a_date(text: str, seconds: float | None) -> None:
    """All three forms of a date of HTTP are read; a moment that has passed is no wait, and nonsense names none."""
    assert seconds == named_wait(text, NOON)
