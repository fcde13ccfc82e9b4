"""How long to wait before a call is repeated: exponential back-off with full jitter.

Clients that failed together would come back together; a wait of any length up to the limit spreads them evenly
("full jitter", AWS Architecture Blog, "Exponential Backoff And Jitter").
"""

import math
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from random import Random
from typing import Final

_FIRST: Final = 0.25
# A server that names a time has too many clients: the wider they come back, the fewer it has to refuse again.
# Both numbers, and the next, are those of the herd in tests/simulation.
_FIRST_NAMED: Final = 2.0
_LONGEST: Final = 8.0
# Whose time runs out tries again in what is left, and not in ever smaller pieces of it.
_NARROWEST: Final = 2.0
# Twice as long each time, until the longest is reached for certain.
_DOUBLINGS: Final = 16


def pause(tries: int, named: float | None, random: Random, left: float = math.inf) -> float:
    """Seconds to wait after *tries* failed attempts, at least one; pure but for what it draws from *random*.

    *named* are the seconds that the server asked for (Retry-After): the wait is never shorter, and the jitter comes on
    top, because many clients are told the same. The jitter keeps within the seconds that are *left* as long as that
    leaves room for any; a wait beyond them is for the caller not to begin.
    """
    least = named or 0.0
    first = _FIRST if named is None else _FIRST_NAMED
    limit = min(_LONGEST, math.ldexp(first, min(tries - 1, _DOUBLINGS)), max(_NARROWEST, left - least))
    return least + random.uniform(0.0, limit)  # nosec B311  # nobody gains by guessing a wait


def named_wait(text: str, now: datetime) -> float | None:
    """The seconds of a Retry-After header, which is a number or a date (RFC 9110, 10.2.3); None where it is neither."""
    text = text.strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
        # A date without a zone is meant in UTC, like every date of HTTP.
        return max(0.0, (moment.replace(tzinfo=moment.tzinfo or UTC) - now).total_seconds())
    except (ValueError, OverflowError):
        return None
