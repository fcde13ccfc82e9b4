"""One way to start a command under several supervisors: ours, and the init programs that it is compared with."""

import os
import shutil
import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from mysafe_env.sinks import supervisor
from tests.support.process import COVERAGE_VARIABLE
from tests.support.running import Running, running

MYSAFE_RUN = str(Path(sys.executable).parent / "mysafe-run")
# The second one is the same supervisor, started without -I and -S so that coverage sees it, and nothing else of it.
OURS = ["mysafe-run", "measured"]
WITH_DUMB_INIT = [*OURS, "dumb-init"]
ALL = [*WITH_DUMB_INIT, "tini"]

# What `supervise` does, in few words.
_MEASURED = """
import contextlib, os, signal, sys
from mysafe_env.sinks.prctl import adopt_orphans
adopt_orphans()
variable, coverage, supervisor, reach, *rest = sys.argv[1:]
mask = signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
child = os.fork()
if child == 0:
    if reach == "group":
        os.setpgid(0, 0)
    signal.pthread_sigmask(signal.SIG_SETMASK, mask)
    for number in (signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(number, signal.SIG_DFL)
    os.execvp(rest[2], rest[2:])
if reach == "group":
    # Both do it, since neither waits for the other.
    with contextlib.suppress(PermissionError):
        os.setpgid(child, child)
if coverage:
    os.environ[variable] = coverage
os.execv(sys.executable, [sys.executable, "-m", supervisor, str(child), reach, *rest[:2]])
"""

# Says which signals it gets, in place of doing what they mean; it blocks them all, so it ends by itself, too.
PRINT_SIGNALS = """
import os, signal
every = signal.valid_signals()
signal.pthread_sigmask(signal.SIG_BLOCK, every)
print("ready", os.getpid(), flush=True)
while found := signal.sigtimedwait(every, 600):
    print(int(found.si_signo), flush=True)
"""
SIGNAL_PRINTER = (sys.executable, "-S", "-c", PRINT_SIGNALS)


def command_line(
    init: str,
    *argv: str,
    rewrites: Mapping[int, int] | None = None,
    single_child: bool = False,
    kill_after: str = "",
    on_terminal: bool = False,
) -> list[str]:
    """The words that run *argv* under a supervisor; skips the test where it is not installed."""
    pairs = [f"{received}:{sent}" for received, sent in (rewrites or {}).items()]
    if init == "measured":
        reach = "terminal" if on_terminal else "child" if single_child else "group"
        measuring = [COVERAGE_VARIABLE, os.environ.get(COVERAGE_VARIABLE, "")]
        options = [supervisor.__name__, reach, kill_after, ",".join(pairs)]
        return [sys.executable, "-c", _MEASURED, *measuring, *options, *argv]
    if init == "mysafe-run":
        words = [MYSAFE_RUN, "--supervise", *_options("--rewrite", pairs)]
        words += ["--single-child"] * single_child + _options("--kill-after", [kill_after] if kill_after else [])
        return [*words, "--", *argv]
    if not shutil.which(init):
        pytest.skip(f"{init} is not installed")
    if init == "tini":
        return ["tini", *["-g"] * (not single_child), "-s", "--", *argv]
    return [init, *["-c"] * single_child, *_options("-r", pairs), "--", *argv]


def _options(name: str, values: list[str]) -> list[str]:
    return [word for value in values for word in (name, value)]


@contextmanager
def signal_printer(line: list[str], folder: Path) -> Iterator[tuple[Running, int]]:
    """A supervisor that runs a printer of signals: it, and the printer's process id, once it is ready."""
    with running(*line, folder=folder, measured=False) as supervised:
        ready, pid = supervised.line().split()
        assert "ready" == ready
        yield supervised, int(pid)
        # An end that is not forced lets coverage write down what it saw.
        with suppress(OSError):
            os.kill(int(pid), signal.SIGKILL)
        supervised.send(signal.SIGCONT)
        supervised.end()
