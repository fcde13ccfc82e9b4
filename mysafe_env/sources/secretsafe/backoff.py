"""Calls that are repeated when the server is busy: after the time that it names, or ever more slowly."""

import math
import random
import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from mysafe_env.deadline import Deadline
from mysafe_env.sources.http import Answer, Call, HttpClient

ATTEMPTS: Final = 6
_TOO_MANY: Final = 429
_UNAVAILABLE: Final = frozenset({502, 503, 504})
_FIRST_WAIT: Final = 0.5
_LONGEST_WAIT: Final = 8.0


def patiently(client: HttpClient, call: Call, deadline: Deadline) -> Answer:
    """The answer to *call*; a busy server is asked again, as long as the deadline allows the wait."""
    for attempt in range(ATTEMPTS - 1):
        answer = client.send(call, deadline)
        wait = _wait(answer, attempt)
        if not _is_worth_it(call, answer) or wait >= deadline.remaining():
            return answer
        time.sleep(wait)
    return client.send(call, deadline)


def _is_worth_it(call: Call, answer: Answer) -> bool:
    """Whether the same call may succeed, and can have done nothing yet that a repetition would do twice."""
    return answer.status == _TOO_MANY or (answer.status in _UNAVAILABLE and call.method != "POST")


def _wait(answer: Answer, attempt: int) -> float:
    """Seconds; what the server names, or twice as long each time, spread so that many clients don't come at once."""
    named = _named_wait(answer.retry_after.strip())
    if named is not None:
        return named
    return min(_LONGEST_WAIT, _FIRST_WAIT * math.ldexp(1, attempt)) * random.uniform(0.5, 1.0)  # noqa: S311  # nobody gains by guessing it


def _named_wait(text: str) -> float | None:
    """The seconds of a Retry-After header, which is a number or a date; None where it is neither."""
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    # A date without a zone is meant in UTC, like every date of HTTP.
    seconds = (moment.replace(tzinfo=moment.tzinfo or UTC) - datetime.now(UTC)).total_seconds()
    return max(0.0, math.ceil(seconds))
