"""The end of a run: every failure is told in words, and becomes an exit code."""

from collections.abc import Callable
from typing import Final

from mysafe_env.cli.voice import Voice
from mysafe_env.errors import CommandNotFoundError, MySafeEnvError, NotExecutableError, Report, UsageError

INTERRUPTED: Final = 130
_RUN_FAILED: Final = 125
_NOT_EXECUTABLE: Final = 126
_NOT_FOUND: Final = 127
_FAILED: Final = 1
_USAGE: Final = 2


def exit_code(work: Callable[[Voice], int], program: str, *, runs: bool) -> int:
    """The exit code that *work* returns, or that of its failure, which is told; *runs*: as `mysafe-run` has them."""
    voice = Voice(program)
    try:
        return work(voice)
    except MySafeEnvError as error:
        voice.errors(error.reports)
        return _code_of(error, runs=runs)
    except KeyboardInterrupt:
        voice.end_line()
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001  # a traceback could show values
        voice.errors([_internal_report(error)])
        return _RUN_FAILED if runs else _FAILED


def _code_of(error: MySafeEnvError, *, runs: bool) -> int:
    if not runs:
        return _USAGE if isinstance(error, UsageError) else _FAILED
    if isinstance(error, CommandNotFoundError):
        return _NOT_FOUND
    return _NOT_EXECUTABLE if isinstance(error, NotExecutableError) else _RUN_FAILED


def _internal_report(error: Exception) -> Report:
    """What went wrong inside, without the exception's own words: they may quote a value."""
    frame = error.__traceback__
    while frame and frame.tb_next:
        frame = frame.tb_next
    place = f"{frame.tb_frame.f_code.co_qualname}, line {frame.tb_lineno}" if frame else "an unknown place"
    return Report(
        f"internal error: {type(error).__name__} in {place}", "this is a bug of mysafe-env; please report this line"
    )
