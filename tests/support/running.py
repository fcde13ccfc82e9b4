"""Processes that a test talks to while they run: their lines are waited for, and all of them end with the test."""

import os
import re
import select
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.support.process import DEADLINE_SECONDS, Finished, environment_for

# Longer than a busy machine takes for an end that has begun: a second Ctrl-C then would be another story.
_PATIENCE_SECONDS = 10.0

STATE = re.compile(r"^State:\s+(\S)", re.MULTILINE)
PARENT = re.compile(r"^PPid:\s+(\d+)", re.MULTILINE)


def eventually(condition: Callable[[], object], what: str) -> None:
    """Wait until *condition* holds; fails at the deadline."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, f"it never happened: {what}"
        select.select([], [], [], 0.01)


def state_of(pid: int) -> str:
    """The letter of proc(5): R or S for running, T for stopped, Z for a zombie; empty for a process that is gone."""
    found = STATE.search(_status(pid))
    return found[1] if found else ""


def is_alive(pid: int) -> bool:
    """Whether the process runs or is stopped."""
    return state_of(pid) not in {"", "Z", "X"}


def children_of(pid: int) -> list[int]:
    """The process ids of its children, zombies too."""
    found = ((int(path.name), PARENT.search(_status(int(path.name)))) for path in Path("/proc").glob("[0-9]*"))
    return sorted(child for child, parent in found if parent and int(parent[1]) == pid)


def _status(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/status").read_text("utf-8", "replace")
    except OSError:
        return ""


@dataclass
class Running:
    """A process with its output, read line by line."""

    process: "subprocess.Popen[bytes]"
    seen: bytes = b""

    @property
    def pid(self) -> int:
        """Its process id."""
        return self.process.pid

    def line(self) -> str:
        """The next line of its standard output, without the end of line; fails at the deadline."""
        assert self.process.stdout is not None
        deadline = time.monotonic() + DEADLINE_SECONDS
        while b"\n" not in self.seen:
            ready = select.select([self.process.stdout], [], [], max(0.0, deadline - time.monotonic()))[0]
            assert ready, f"no line came, only {self.seen!r}"
            piece = os.read(self.process.stdout.fileno(), 65536)
            assert piece, f"the output ended at {self.seen!r}"
            self.seen += piece
        line, self.seen = self.seen.split(b"\n", 1)
        return line.decode()

    def send(self, number: int) -> None:
        """Signal the process, and it alone."""
        self.process.send_signal(number)

    def end(self) -> int:
        """Its exit code, once it has ended; a negative one is the signal that killed it."""
        return self.process.wait(DEADLINE_SECONDS)


@contextmanager
def running(
    *argv: str,
    environment: Mapping[str, str] | None = None,
    folder: str | os.PathLike[str] | None = None,
    stdin: int = subprocess.DEVNULL,
    stderr: int | None = None,
    measured: bool = True,
) -> Iterator[Running]:
    """*argv* in a session of its own, without a terminal; whatever it started is killed at the end."""
    process = subprocess.Popen(
        argv,
        env=environment_for(environment, measured=measured),
        cwd=folder,
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=stderr,
        start_new_session=True,
    )
    try:
        with process:
            try:
                yield Running(process)
            finally:
                kill_session(process.pid)
    finally:
        kill_session(process.pid)


def interrupted(process: "subprocess.Popen[bytes]") -> Finished:
    """How *process*, whose output is little, ends after Ctrl-C."""
    press_until_ended(lambda: process.send_signal(signal.SIGINT), process)
    stdout, stderr = process.communicate()
    return Finished(process.returncode, stdout, stderr)


def press_until_ended(press: Callable[[], object], process: "subprocess.Popen[bytes]") -> None:
    """Press Ctrl-C, and again, as people do, where nothing comes of it; fails at the deadline.

    CPython asks for signals, and then waits in the kernel: it sleeps through one that comes in between.
    """
    deadline = time.monotonic() + DEADLINE_SECONDS
    while True:
        press()
        try:
            process.wait(_PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            assert time.monotonic() < deadline, "it does not end after Ctrl-C"
        else:
            return


def kill_session(leader: int) -> None:
    """Kill every process of the session that *leader* began."""
    for path in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if os.getsid(int(path.name)) == leader:
                os.kill(int(path.name), signal.SIGKILL)
