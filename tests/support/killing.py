"""Our command in a process that is killed for good at an exact place: where Python is about to make a system call."""

import signal
from collections.abc import Mapping
from pathlib import Path

from tests.support.process import run_python

# Python tells its audit hooks of a call just before it makes it: "os.rename", "os.link", "subprocess.Popen".
_KILLED_AT = """
import os, signal, sys
from mysafe_env.cli.main import mysafe_env
event, left = sys.argv.pop(1), int(sys.argv.pop(1))
def kill(name, arguments):
    global left
    left -= name == event
    if name == event and not left:
        os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(kill)
sys.exit(mysafe_env())
"""


def kill_at(event: str, number: int, *arguments: str, folder: Path, environment: Mapping[str, str]) -> None:
    """Run mysafe-env with *arguments* up to the place before its *number*-th call that Python names *event*."""
    done = run_python(_KILLED_AT, event, str(number), *arguments, environment=environment, folder=folder)
    assert -signal.SIGKILL == done.code, done.stderr
