"""Start the command as a child, and become its supervisor."""

import os
import signal
import sys
import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Never

from mysafe_env.errors import LaunchError
from mysafe_env.sinks.execute import flush_streams, replace_process
from mysafe_env.sinks.prctl import adopt_orphans
from mysafe_env.sinks.value_files import ValueFiles

_SUPERVISOR: Final = os.path.join(os.path.dirname(os.path.abspath(__file__)), "supervisor.py")  # noqa: PTH100, PTH118, PTH120  # as on every other way of a start
# Without them an interpreter may not find its own libraries.
_LOADER_VARIABLES: Final = (b"LD_LIBRARY_PATH", b"DYLD_LIBRARY_PATH", b"DYLD_FRAMEWORK_PATH")


@dataclass(frozen=True, slots=True)
class Supervision:
    """How a command is supervised."""

    kill_after: float | None = None
    """Seconds from SIGTERM to SIGKILL; None: never."""
    rewrites: Mapping[int, int] = field(default_factory=dict)
    """The signal to send instead of a received one; 0 drops it."""
    single_child: bool = False
    """Whether only the command itself gets signals, in our process group."""


def supervise(
    argv: Sequence[str], environment: Mapping[bytes, bytes], supervision: Supervision, files: ValueFiles
) -> Never:
    """Run *argv* as a child; this process, with its pid, becomes the supervisor, which removes *files* at the end.

    All signals are blocked from before the fork: none is lost, and none arrives before there is somebody to pass it on.
    Raises what `replace_process` raises, in the child; `LaunchError` in this process, and nothing runs then.
    """
    _check_system()
    reach = _reach(single_child=supervision.single_child)
    adopt_orphans()
    flush_streams()
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    # Whoever ignores SIGCHLD is not told how its children end.
    on_child = signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    gate, latch = os.pipe()
    child = _fork()
    if child == 0:
        os.close(latch)
        _wait_for_supervisor(gate)
        signal.signal(signal.SIGCHLD, on_child)
        _restore_signals(mask)
        replace_process(argv, environment)
    if reach == "group":
        os.setpgid(child, child)
    for descriptor in files.descriptors:
        os.close(descriptor)
    _become_supervisor(child, [str(child), reach, *_words(supervision), *files.left])


def _check_system() -> None:
    if not hasattr(signal, "sigwaitinfo"):  # macOS
        raise LaunchError(
            "--supervise needs sigwaitinfo(2), which this system does not have",
            "leave it out: the command then takes the place of mysafe-run, and gets every signal itself",
        )


def _reach(*, single_child: bool) -> str:
    """Who gets the signals, as `supervisor.py` names it."""
    if _has_terminal():
        return "terminal"
    return "child" if single_child else "group"


def _has_terminal() -> bool:
    try:
        os.close(os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY))
    except OSError:
        return False
    return True


def _fork() -> int:
    try:
        with warnings.catch_warnings():
            # Python 3.12 warns of threads; ours are idle, hold no lock, and the child only execs.
            warnings.simplefilter("ignore", DeprecationWarning)
            return os.fork()
    except OSError as error:  # pragma: no cover  # tested as a user whose files coverage can't write
        raise LaunchError(
            f"can't start a process for the command: {error.strerror}", "raise the limit of processes (ulimit -u)"
        ) from None


def _wait_for_supervisor(gate: int) -> None:
    # Nothing is ever written: the other end closes when the parent execs.
    os.read(gate, 1)


def _restore_signals(mask: Iterable[int]) -> None:
    """The mask that we were started with; a signal that is pending now ends the child as it would end the command."""
    for number in (signal.SIGINT, signal.SIGTERM):
        if callable(signal.getsignal(number)):
            signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, mask)


def _words(supervision: Supervision) -> tuple[str, str]:
    kill_after = "" if supervision.kill_after is None else str(supervision.kill_after)
    return kill_after, ",".join(f"{int(received)}:{int(sent)}" for received, sent in supervision.rewrites.items())


def _become_supervisor(child: int, arguments: list[str]) -> Never:
    environment = {name: os.environb[name] for name in _LOADER_VARIABLES if name in os.environb}
    # -I and -S: nothing but the standard library, whatever lies in the working folder or in site-packages.
    command = [sys.executable, "-I", "-S", _SUPERVISOR, *arguments]
    try:
        os.execve(sys.executable, command, environment)  # noqa: S606  # no shell is the point
    except OSError as error:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        raise LaunchError(
            f"can't start the supervisor with {sys.executable}: {error.strerror}", "the words are the system's own"
        ) from None
