"""Our command in a process that a signal hits at an exact place: where Python is about to make a system call."""

import signal
from collections.abc import Mapping
from pathlib import Path

from tests.support.process import WITHOUT_BYTECODE, Finished, run_python

# Python tells its audit hooks of a call just before it makes it: "os.rename", "os.link", "subprocess.Popen".
_HIT_AT = """
import os, sys
from mysafe_env.cli.main import mysafe_env
event, left, number = sys.argv.pop(1), int(sys.argv.pop(1)), int(sys.argv.pop(1))
def hit(name, arguments):
    global left
    left -= name == event
    if name == event and not left:
        os.kill(os.getpid(), number)
sys.addaudithook(hit)
sys.exit(mysafe_env())
"""


def hit_at(
    event: str, number: int, *arguments: str, by: signal.Signals, folder: Path, environment: Mapping[str, str]
) -> Finished:
    """Run mysafe-env with *arguments*, hit by a signal before its *number*-th call that Python names *event*."""
    line = (event, f"{number}", f"{by:d}", *arguments)
    # Python renames, too, when it caches a module that it has not imported before.
    done = run_python(_HIT_AT, *line, environment={**environment, **WITHOUT_BYTECODE}, folder=folder)
    assert -by == done.code, done.stderr
    return done


def kill_at(event: str, number: int, *arguments: str, folder: Path, environment: Mapping[str, str]) -> None:
    """The same with SIGKILL."""
    hit_at(event, number, *arguments, by=signal.SIGKILL, folder=folder, environment=environment)
