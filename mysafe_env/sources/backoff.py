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
_LONGEST: Final = 8.0
# Twice as long each time, until the longest is reached for certain.
_DOUBLINGS: Final = 16


def pause(tries: int, named: float | None, random: Random) -> float:
    """Seconds to wait after *tries* failed attempts, at least one; pure but for what it draws from *random*.

    *named* are the seconds that the server asked for (Retry-After): the wait is never shorter, and the jitter comes on
    top, because many clients are told the same.
    """
    limit = min(_LONGEST, math.ldexp(_FIRST, min(tries - 1, _DOUBLINGS)))
    return (named or 0.0) + random.uniform(0.0, limit)


def named_wait(text: str, now: datetime) -> float | None:
    """The seconds of a Retry-After header, which is a number or a date (RFC 9110, 10.2.3); None where it is neither."""
    text = text.strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    # A date without a zone is meant in UTC, like every date of HTTP.
    return max(0.0, (moment.replace(tzinfo=moment.tzinfo or UTC) - now).total_seconds())
