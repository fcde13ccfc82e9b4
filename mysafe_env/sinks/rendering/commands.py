"""The commands of entries: each is owed since a file changed, and until it has succeeded."""

import os
import shlex
import signal
import subprocess
from collections.abc import Iterable, Mapping
from contextlib import ExitStack, suppress

from mysafe_env.errors import OwedCommandError, SinkError
from mysafe_env.mapping.model import Render
from mysafe_env.sinks.rendering.debts import Debts
from mysafe_env.sinks.rendering.marks import removal
from mysafe_env.sinks.rendering.signals import Endings, told_how_children_end


def run_commands(renders: Mapping[Render, bool], debts: Debts, environ: Mapping[str, str], endings: Endings) -> None:
    """Run the command of each entry that owes it, one after the other; one that fails stays owed, and the others run.

    Each entry comes with whether it has changed now. What the commands print goes to standard error.
    Raises `SinkError` at the end, `OwedCommandError` if none of those that failed has changed now.
    """
    failures = []
    for render in renders:
        if debts.includes(render) and (why := _run(render, environ, endings)):
            failures.append((render, why))
        else:
            debts.settle(render)
    if failures:
        removals = [removal(debts.marks(render)) for render, _ in failures]
        has_changed = any(renders[render] for render, _ in failures)
        raise _failed(failures, removals, SinkError if has_changed else OwedCommandError)


def _failed(failures: Iterable[tuple[Render, str]], removals: Iterable[str], kind: type[SinkError]) -> SinkError:
    commands = "; ".join(shlex.join(render.command) for render, _ in failures)
    told = "; ".join(f"{render.place.at('command')}: {render.command[0]} {why}" for render, why in failures)
    return kind(
        told,
        f"the files are in place; until it succeeds, every render runs it again: {commands}; "
        f"to give it up: {'; '.join(removals)}",
    )


def _run(render: Render, environ: Mapping[str, str], endings: Endings) -> str:
    """Why the command failed; empty if it did not."""
    with told_how_children_end(), ExitStack() as stack:
        # A signal in the middle of a start would leave a process that nobody knows of.
        with endings.deferred():
            process = _start(render, environ)
            if isinstance(process, str):
                return process
            stack.callback(_end, process)
        try:
            code = process.wait(render.timeout)
        except subprocess.TimeoutExpired:
            return f"was killed after {render.timeout:g} seconds"
    return f"ended with code {code}" if code > 0 else f"was ended by signal {-code}" if code else ""


def _start(render: Render, environ: Mapping[str, str]) -> "subprocess.Popen[bytes] | str":
    """The process, or why there is none."""
    try:
        return subprocess.Popen(  # noqa: S603  # the user's own command, without a shell
            render.command, env=environ, stdin=subprocess.DEVNULL, stdout=_standard_error(), start_new_session=True
        )
    except (OSError, ValueError) as error:
        return f"can't be started: {getattr(error, 'strerror', None) or 'not a command line'}"


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Kill it with what it has started, when it took too long, or when we are interrupted."""
    # Of one that has just ended, macOS says that it may not be killed.
    if process.poll() is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _standard_error() -> int:
    try:
        os.fstat(2)
    except OSError:
        return subprocess.DEVNULL
    return 2
