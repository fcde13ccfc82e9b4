"""The entry points of both console scripts. They import little, and provide for Ctrl-C before anything slow does."""

import gc
import signal
import sys

# Type checkers take it for true; `typing` is slow to import.
TYPE_CHECKING = False

if TYPE_CHECKING:
    from mysafe_env.cli.voice import Voice


def mysafe_run() -> int:
    """Run as `mysafe-run`."""
    return _start("mysafe-run", sys.argv[1:])


def mysafe_env() -> int:
    """Run as `mysafe-env`."""
    return _start("mysafe-env", sys.argv[1:])


def _start(program: str, arguments: list[str]) -> int:
    # The exception would show whatever is just being imported, and at the end whatever is being cleared away.
    _on_ctrl_c(signal.default_int_handler, signal.SIG_DFL)
    # Python would look for garbage after every 700 new objects, and what is imported is none.
    gc.set_threshold(100_000)
    from mysafe_env.cli.exit_codes import INTERRUPTED, exit_code  # noqa: PLC0415  # see above

    runs = program == "mysafe-run" or arguments[:1] == ["run"]
    code = exit_code(lambda voice: _work(program, arguments, voice), program, runs=runs)
    _on_ctrl_c(signal.default_int_handler, signal.SIG_DFL)
    if code == INTERRUPTED:
        _die_of_ctrl_c()
    return code


def _die_of_ctrl_c() -> None:
    """End by the signal: a shell gives its script up at Ctrl-C only if the command died of it."""
    from mysafe_env.sinks.execute import flush_streams  # noqa: PLC0415  # seldom needed

    flush_streams()
    signal.raise_signal(signal.SIGINT)


def _on_ctrl_c(before: object, after: "signal._HANDLER") -> None:
    # An ignored Ctrl-C, as nohup and background jobs have it, stays ignored.
    if signal.getsignal(signal.SIGINT) is before:
        signal.signal(signal.SIGINT, after)


def _work(program: str, arguments: list[str], voice: "Voice") -> int:
    """Do what was typed, as the exit code of a success."""
    _on_ctrl_c(signal.SIG_DFL, signal.default_int_handler)
    from mysafe_env.cli.plain import read_plain  # noqa: PLC0415  # see above

    options = read_plain(program, arguments)
    if options is not None:
        from mysafe_env.cli.running import run  # noqa: PLC0415  # the other commands do not need it

        run(options, voice)
    from mysafe_env.cli.commands import call  # noqa: PLC0415  # click is slow to import

    return call(program, arguments, voice)
