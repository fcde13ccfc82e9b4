"""Everything that is said on standard error, with the program's name in front; never a value.

mysafe-run: error: mysafe.toml:3: env.STRIPE_KEY: there is no secretapi identifier_code "stripe-live"
mysafe-run: hint: see what this access key can read with: mysafe-env list secretapi
"""

import os
import sys
import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Final, TextIO

from mysafe_env.errors import Report, printable

if TYPE_CHECKING:
    from mysafe_env.references import Lookup

# Seconds after which somebody at a terminal asks why nothing happens.
_NOTICED: Final = 2.0


class Voice:
    """The voice of one run; it watches the fetching, too."""

    def __init__(self, program: str) -> None:
        self.program = program
        self.verbose = False
        self._bar_stands = False
        self._waiting_since: float | None = None

    def errors(self, reports: Iterable[Report]) -> None:
        """Say errors, and each hint once, after the last error that has it."""
        reports = tuple(reports)
        for number, report in enumerate(reports):
            self._say("error", report.message)
            later = {following.hint for following in reports[number + 1 :]}
            if report.hint and report.hint not in later:
                self._say("hint", report.hint)

    def hint(self, advice: str) -> None:
        """Give advice on what was shown."""
        self._say("hint", advice)

    def warning(self, message: str, hint: str = "") -> None:
        """Say something that does not stop the work."""
        self._say("warning", message)
        if hint:
            self._say("hint", hint)

    def note(self, message: str) -> None:
        """Say something that only `-v` asks for."""
        if self.verbose:
            self._say("note", message)

    def asked(self, call: "Lookup") -> None:
        """Tell `-v` what is fetched."""
        verb = "get" if call.selector("identifier") else "list"
        self.note(f"{verb} {call}")

    def answered(self, done: int, total: int) -> None:
        """Show how far the fetching is, once there is more to fetch than passes unseen."""
        if total >= 20:  # noqa: PLR2004  # fewer are there before anybody reads
            self.progress("fetched", done, total)

    def waiting(self, why: str, seconds: float) -> Callable[[], None]:
        """Tell `-v` of every wait for a server, and a terminal, while they last, of those that somebody notices."""
        again = printable(f"{why}; trying again in {seconds:.1f} s")
        self.note(again)
        now = time.monotonic()
        self._waiting_since = self._waiting_since or now
        if now + seconds - self._waiting_since > _NOTICED and not self.verbose and is_terminal(sys.stderr):
            self._clear_bar()
            self._write(_one_line(f"{self.program}: {again}"))
            self._bar_stands = True
        return self._clear_bar

    def progress(self, what: str, done: int, total: int) -> None:
        """Show on a terminal how far the work is; the bar goes away with its end."""
        if is_terminal(sys.stderr):
            self._write(f"\r{self.program}: {what} {done} of {total} {_bar(done, total)}")
            self._bar_stands = True
            if done == total:
                self._clear_bar()

    def end_line(self) -> None:
        """Leave the line on which a terminal has shown `^C`."""
        self._write("\n")

    def _clear_bar(self) -> None:
        if self._bar_stands:
            self._bar_stands = False
            self._write("\r\x1b[K")

    def _say(self, kind: str, message: str) -> None:
        self._clear_bar()
        self._write(f"{self.program}: {kind}: {printable(message)}\n")

    def _write(self, text: str) -> None:
        if sys.stderr is None:
            return
        try:
            sys.stderr.write(text)
            sys.stderr.flush()
        except (OSError, ValueError):
            # Nobody listens, and the exit code still tells: if the interpreter tried to flush again, it would be 120.
            sys.stderr = None


def _one_line(text: str) -> str:
    """As much as fits on a line of the terminal, where more could not be taken back."""
    return text[: (os.get_terminal_size(sys.stderr.fileno()).columns or 80) - 1]


def is_terminal(stream: TextIO | None) -> bool:
    """Whether somebody looks at the stream; it is None when it was closed before the start."""
    return stream is not None and stream.isatty()


def _bar(done: int, total: int, width: int = 24) -> str:
    filled = width * done // total
    return f"[{'#' * filled}{'.' * (width - filled)}]"
