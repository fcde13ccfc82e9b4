"""Calls that are repeated where that is safe and may help: the one place of repetition for both systems.

Neither urllib3's `Retry` nor a library does it: what is repeated depends on the body and on `Call.once`, every wait
has to fit the deadline, and what a server asked of one thread holds for the others.
"""

from contextlib import AbstractContextManager
from datetime import UTC, datetime
from random import Random
from typing import Final, NamedTuple

from mysafe_env.deadline import Deadline
from mysafe_env.errors import OutageError, TimedOutError
from mysafe_env.settings import Settings
from mysafe_env.sources.http.answers import is_busy, is_json, is_web_page
from mysafe_env.sources.http.backoff import named_wait, pause
from mysafe_env.sources.http.calls import Answer, Call
from mysafe_env.sources.http.client import HttpClient

# A server that restarts is back in seconds; a wrong port never answers, and somebody waits for the error.
_LOST: Final = 5
# Something else answers: a gateway that starts, or, mostly, whatever is at a wrong address.
_STRANGE: Final = 3
_SUCCESS: Final = range(200, 300)
_TOO_MANY: Final = 429
# A rate limit that names no time (nginx's) has too many clients all the same; it is mostly one per second.
_UNNAMED: Final = 1.0


class _Failure(NamedTuple):
    """Why an attempt may be repeated, and how many such attempts to make; None: as many as the deadline allows."""

    why: str
    attempts: int | None
    named: float | None = None
    """The seconds of Retry-After."""


class RetryingClient:
    """Calls to one server, repeated inside their deadline; may be used from several threads.

    A server that says that it is busy is asked again as long as the deadline allows. Connections that were refused,
    lost or not made, and answers that another server gave, are given up after a few attempts.
    A wait that would leave no time for another attempt is not begun: the last real reason is told at once.
    """

    def __init__(self, settings: Settings, setting: str = "MYSAFE_URL") -> None:
        """Nothing is sent yet; *setting* is the one that messages name for the server's address."""
        self._client = HttpClient(settings, setting)
        self._random = Random()  # nosec B311  # noqa: S311  # nobody gains by guessing a wait
        self._quiet = Deadline(0.0)

    def send(self, call: Call, deadline: Deadline) -> Answer:
        """The answer to *call*, whatever its status; raises `OutageError` when there is none before *deadline*.

        A call that is to be sent once is repeated only if it surely never left this machine, and raises
        `UncertainError` where nobody knows whether it was done.
        """
        patience = _Patience(deadline, self._random)
        while True:
            self._keep_quiet(deadline)
            before = deadline.remaining()
            outcome = self._attempt(call, deadline)
            reason = patience.reason(outcome)
            failure = self._failure(call, outcome)
            if failure is None or not patience.waits(failure, before - deadline.remaining()):
                return _told(reason)

    def connected(self, deadline: Deadline) -> AbstractContextManager[None]:
        """Hold a connection while waiting for something else; see `HttpClient.connected`."""
        return self._client.connected(deadline)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _attempt(self, call: Call, deadline: Deadline) -> Answer | OutageError:
        try:
            return self._client.send(call, deadline)
        except OutageError as error:
            return error

    def _keep_quiet(self, deadline: Deadline) -> None:
        """Wait as the server asked another thread to; where that does not fit, it may say so once more."""
        if self._quiet.passed:
            return
        left = deadline.remaining()
        seconds = pause(1, self._quiet.remaining(), self._random, left)
        if seconds < left:
            deadline.wait(seconds, f"{self._client.server} asked for fewer requests")

    def _failure(self, call: Call, outcome: Answer | OutageError) -> _Failure | None:
        """Why the call may be repeated; None for what is final."""
        if isinstance(outcome, OutageError):
            return _Failure(outcome.message, _LOST) if outcome.transient else None
        if is_busy(outcome):
            named = named_wait(outcome.retry_after, datetime.now(UTC))
            if named is None and outcome.status == _TOO_MANY:
                named = _UNNAMED
            if named is not None and named > self._quiet.remaining():
                self._quiet = Deadline(named)
            # Its words may repeat what was sent, and who knows the secrets in that sees them after the last attempt.
            failure = _Failure(f"{self._client.server} answered with status {outcome.status}", None, named)
        elif _is_strange(call, outcome):
            failure = _Failure(f"{self._client.server} answered with something that is not JSON", _STRANGE)
        else:
            return None
        return None if call.once else failure


class _Patience:
    """The attempts at one call: whether another one is worth waiting for, and what to tell if not."""

    def __init__(self, deadline: Deadline, random: Random) -> None:
        self._deadline = deadline
        self._random = random
        self._tries = 0
        self._counted = 0
        self._reason: Answer | OutageError | None = None

    def reason(self, outcome: Answer | OutageError) -> Answer | OutageError:
        """The outcome to tell if no attempt follows: the latest one, unless a timeout hides an earlier reason."""
        if self._reason is None or not isinstance(outcome, TimedOutError):
            self._reason = outcome
        return self._reason

    def waits(self, failure: _Failure, took: float) -> bool:
        """Wait for the next attempt, after one that took so long; false, at once, where none is worth it or fits."""
        self._tries += 1
        self._counted += failure.attempts is not None
        if failure.attempts is not None and self._counted >= failure.attempts:
            return False
        # A server that takes its time to say that it is busy will do so again.
        left = self._deadline.remaining() - (took if failure.attempts is None else 0.0)
        seconds = pause(self._tries, failure.named, self._random, left)
        if seconds >= left:
            return False
        self._deadline.wait(seconds, failure.why)
        return True


def _is_strange(call: Call, answer: Answer) -> bool:
    """Whether a success can't come from the server that was asked: it is a web page, or half of a document."""
    if answer.status not in _SUCCESS or (call.silent and not answer.body):
        return False
    return is_web_page(answer) or not is_json(answer)


def _told(outcome: Answer | OutageError) -> Answer:
    if isinstance(outcome, OutageError):
        raise outcome
    return outcome
