"""Calls that are repeated when the server is busy: after the time that it names, or ever more slowly."""

import time
from datetime import UTC, datetime
from random import Random
from typing import Final

from mysafe_env.deadline import Deadline
from mysafe_env.sources.backoff import named_wait, pause
from mysafe_env.sources.http import Answer, Call, HttpClient

ATTEMPTS: Final = 6
_TOO_MANY: Final = 429
_UNAVAILABLE: Final = frozenset({502, 503, 504})
_RANDOM: Final = Random()  # noqa: S311  # nobody gains by guessing a wait


def patiently(client: HttpClient, call: Call, deadline: Deadline) -> Answer:
    """The answer to *call*; a busy server is asked again, as long as the deadline allows the wait."""
    for attempt in range(ATTEMPTS - 1):
        answer = client.send(call, deadline)
        wait = pause(attempt + 1, named_wait(answer.retry_after, datetime.now(UTC)), _RANDOM)
        if not _is_worth_it(call, answer) or wait >= deadline.remaining():
            return answer
        time.sleep(wait)
    return client.send(call, deadline)


def _is_worth_it(call: Call, answer: Answer) -> bool:
    """Whether the same call may succeed, and can have done nothing yet that a repetition would do twice."""
    return answer.status == _TOO_MANY or (answer.status in _UNAVAILABLE and call.method != "POST")
