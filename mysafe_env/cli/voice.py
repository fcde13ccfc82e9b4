"""Everything that the tool says: to stderr, with the program's name in front; never a value.

mysafe-run: error: mysafe.toml:3: env.STRIPE_KEY: there is no secretapi identifier_code "stripe-live"
mysafe-run: hint: see what this access key can read with: mysafe-env list secretapi
"""

import sys
from collections.abc import Iterable, Sequence

from mysafe_env.errors import Report, printable
from mysafe_env.references import Lookup


class Voice:
    """The voice of one run; it watches the fetching, too."""

    def __init__(self, program: str) -> None:
        self.program = program
        self.verbose = False

    def errors(self, reports: Iterable[Report]) -> None:
        """Say errors, and each hint once, after the last error that has it."""
        reports = tuple(reports)
        for number, report in enumerate(reports):
            self._say("error", report.message)
            later = {following.hint for following in reports[number + 1 :]}
            if report.hint and report.hint not in later:
                self._say("hint", report.hint)

    def warning(self, message: str, hint: str = "") -> None:
        """Say something that does not stop the work."""
        self._say("warning", message)
        if hint:
            self._say("hint", hint)

    def note(self, message: str) -> None:
        """Say something that only `-v` asks for."""
        if self.verbose:
            self._say("note", message)

    def asked(self, call: Lookup) -> None:
        """Tell `-v` what is fetched."""
        verb = "get" if call.selector("identifier") else "list"
        self.note(f"{verb} {call}")

    def answered(self, done: int, total: int) -> None:
        """Show on a terminal how far the fetching is, once there is more to fetch than passes unseen."""
        if sys.stderr.isatty() and total >= 20:  # noqa: PLR2004  # fewer are there before anybody reads
            end = "\r\x1b[K" if done == total else ""
            self._write(f"\r{self.program}: fetched {done} of {total} {_bar(done, total)}{end}")

    def _say(self, kind: str, message: str) -> None:
        self._write(f"{self.program}: {kind}: {printable(message)}\n")

    def _write(self, text: str) -> None:
        try:
            sys.stderr.write(text)
            sys.stderr.flush()
        except (OSError, ValueError):
            # Nobody listens (a closed stderr): the exit code still tells.
            return


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Columns that line up, for people; the last one is not padded."""
    lines = [tuple(header), *(tuple(printable(cell) for cell in row) for row in rows)]
    widths = [max(len(cell) for cell in column) for column in zip(*lines, strict=True)]
    padded = ([cell.ljust(width) for cell, width in zip(line, widths, strict=True)] for line in lines)
    return "".join("  ".join(cells).rstrip() + "\n" for cells in padded)


def _bar(done: int, total: int, width: int = 24) -> str:
    filled = width * done // total
    return f"[{'#' * filled}{'.' * (width - filled)}]"
