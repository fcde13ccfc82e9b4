"""A person at a terminal: keys go in, what is on the screen comes out."""

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from tests.support.process import DEADLINE_SECONDS, environment_for
from tests.support.running import kill_session, press_until_ended

# Makes standard input the controlling terminal of the new session, as a login does.
_LOG_IN = "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); os.execvp(sys.argv[1], sys.argv[1:])"

# Colours and movements, with the switches of modes such as bracketed paste.
_ESCAPES = re.compile(r"\r|\x1b\[[?>0-9;]*[A-Za-z]|\x1b[=>]")

CTRL_C, CTRL_D, CTRL_Z, CTRL_BACKSLASH = "\x03", "\x04", "\x1a", "\x1c"


@dataclass
class Terminal:
    """A terminal and the process that it was opened for."""

    master: int
    process: "subprocess.Popen[bytes]"
    screen: str = ""
    """Everything that was shown and not yet expected, without colours, movements and carriage returns."""

    def type(self, text: str) -> None:
        """Press keys."""
        os.write(self.master, text.encode())

    def expect(self, pattern: str, again: str = "") -> "re.Match[str]":
        """Wait until a regular expression matches what is shown; what stands before it counts as seen.

        The keys *again* are pressed anew each second, as people do with a program that checks for signals now and then.
        """
        deadline = time.monotonic() + DEADLINE_SECONDS
        while not (found := re.search(pattern, self.screen)):
            patience = max(0.0, min(1.0 if again else DEADLINE_SECONDS, deadline - time.monotonic()))
            if select.select([self.master], [], [], patience)[0]:
                self.screen = _ESCAPES.sub("", self.screen + self._read())
                continue
            assert time.monotonic() < deadline, f"{pattern!r} was never shown, only {self.screen!r}"
            self.type(again)
        self.screen = self.screen[found.end() :]
        return found

    def resize(self, rows: int, columns: int) -> None:
        """Drag the corner of the window."""
        resize(self.master, rows, columns)

    def hang_up(self) -> None:
        """Close the window."""
        os.close(self.master)
        self.master = -1

    def end(self) -> int:
        """The exit code of the process, once it has ended."""
        return self.process.wait(DEADLINE_SECONDS)

    def interrupt(self) -> int:
        """The exit code of the process after Ctrl-C."""
        press_until_ended(lambda: self.type(CTRL_C), self.process)
        return self.process.wait()

    def _read(self) -> str:
        try:
            text = os.read(self.master, 65536).decode(errors="replace")
        except OSError:
            text = ""
        assert text, f"the terminal was closed after {self.screen!r}"
        return text


def resize(master: int, rows: int, columns: int) -> None:
    """Give a terminal another size."""
    fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


@contextmanager
def terminal(
    *argv: str,
    folder: str | os.PathLike[str],
    environment: Mapping[str, str] | None = None,
    measured: bool = True,
) -> Iterator[Terminal]:
    """*argv* on a terminal of its own, as the leader of a new session; the whole session ends with the test."""
    master, slave = pty.openpty()
    # Before anybody is there who would be told of a change.
    resize(master, 24, 80)
    process = subprocess.Popen(
        [sys.executable, "-S", "-c", _LOG_IN, *argv],
        env={**environment_for(environment, measured=measured), "TERM": "xterm", "PS1": "$ "},
        cwd=folder,
        stdin=slave,
        stdout=slave,
        stderr=slave,
        start_new_session=True,
    )
    os.close(slave)
    opened = Terminal(master, process)
    try:
        yield opened
    finally:
        kill_session(process.pid)
        with suppress(OSError):
            os.close(opened.master)
        process.wait()
