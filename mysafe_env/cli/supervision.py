"""The flags of `--supervise`, and what they become."""

import math
import signal
from collections.abc import Iterable

from mysafe_env.errors import UsageError
from mysafe_env.sinks.supervise import Supervision

# The first two can't be caught, and the third tells the supervisor of its children.
_OURS = (signal.SIGKILL, signal.SIGSTOP, signal.SIGCHLD)


def read_supervision(kill_after: str | None, rewrites: Iterable[str], *, single_child: bool) -> Supervision:
    """How the command is supervised; raises `UsageError`."""
    return Supervision(_seconds(kill_after), dict(_rewrite(text) for text in rewrites), single_child)


def _seconds(text: str | None) -> float | None:
    if text is None:
        return None
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    # A million seconds are eleven days; the system's clocks end somewhere beyond.
    if not 0 < seconds <= 1e6:  # noqa: PLR2004  # see above
        raise UsageError(f'--kill-after is "{text}"', "write a number of seconds above 0, such as 8")
    return seconds


def _rewrite(text: str) -> tuple[int, int]:
    received, colon, sent = text.partition(":")
    number, instead = _number(received), 0 if sent == "0" else _number(sent)
    if not colon or number is None or instead is None:
        raise UsageError(
            f'--rewrite is "{text}"', "write FROM:TO with signals by name or number, such as TERM:QUIT, or TERM:0"
        )
    if number in _OURS:
        raise UsageError(f'--rewrite is "{text}", but {received} can\'t be passed on', "name another signal")
    return number, instead


def _number(text: str) -> int | None:
    """The number of a signal given as `TERM`, `SIGTERM`, `term` or `15`; None when there is none."""
    if text.isdecimal():
        return int(text) if int(text) in signal.valid_signals() else None
    name = f"SIG{text.upper().removeprefix('SIG')}"
    return next((member.value for member in signal.Signals if member.name == name), None)
