"""What any input may lead to: a result, or one of our own errors, soon, in few and harmless words."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Never

from mysafe_env.crypto.encstring import CipherError
from mysafe_env.crypto.keys import KdfError
from mysafe_env.errors import MySafeEnvError
from mysafe_env.filters.base import UnfitError
from mysafe_env.mapping.grammar import GrammarError
from mysafe_env.sources.secretsafe.totp import TotpError
from tests.fuzzing.canary import CANARY
from tests.support.scripted_server import in_all_forms

SECONDS = 30.0
"""Of the processor, so that a busy machine hangs nowhere; what waits for others keeps to deadlines of its own."""
LONGEST = 5_000
"""Characters of a message."""
# The first goes to users; the others become one of the first with a place in front.
OURS = (MySafeEnvError, GrammarError, CipherError, KdfError, TotpError, UnfitError)


@contextmanager
def judged(public: Callable[[], str] = str) -> Iterator[None]:
    """Let our own errors pass that show no canary; any other exception is a failure.

    *public* gives what of the input may be shown, for a canary that stands there.
    """
    try:
        with _alarm():
            yield
    except OURS as error:
        _judge(error, public)


def _judge(error: Exception, public: Callable[[], str]) -> None:
    reports = error.reports if isinstance(error, MySafeEnvError) else ()
    words = [text for report in reports for text in (report.message, report.hint)] or [str(error)]
    for text in words if reports else ():
        assert len(text) <= LONGEST, f"{len(text)} characters"
        assert text.isprintable(), repr(text)
    assert CANARY not in "\n".join([*words, in_all_forms(error)]) or CANARY in public(), words


class HangError(BaseException):
    """It took too long; nobody may catch it on the way."""


@contextmanager
def _alarm() -> Iterator[None]:
    before = signal.signal(signal.SIGPROF, _ring)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _ring(number: int, frame: FrameType | None) -> Never:  # noqa: ARG001  # as a handler is called
    raise HangError(f"more than {SECONDS:g} s of the processor")
