"""`shell`: POSIX `export` lines, for `eval` and `.`."""

from collections.abc import Iterable, Mapping

from mysafe_env.errors import Report
from mysafe_env.sinks.export.base import Format
from mysafe_env.sinks.export.scanner import Scanner
from mysafe_env.sinks.export.shell_names import KEPT, SHELL_NAMES


class ShellFormat(Format):
    """One `export NAME='...'` a variable: between single quotes a shell changes nothing."""

    name = "shell"
    reader = 'sh, dash, bash, zsh, ksh: eval "$(mysafe-env export -f shell)"'
    cannot = "NUL; names that shells keep for themselves, such as UID or path"

    def refusal(self, variable: str, text: str) -> Report | None:
        """A NUL character, or a variable that belongs to a shell."""
        if variable in SHELL_NAMES:
            return self.cannot_name(variable, KEPT)
        return self.nul(variable, text)

    def write(self, values: Mapping[str, str]) -> str:
        """The lines in order; a newline in a value stays a newline between the quotes."""
        return "".join(f"export {variable}={_quoted(text)}\n" for variable, text in values.items())

    def read(self, text: str) -> dict[str, str]:
        """The assignments, by the quoting rules of POSIX (XCU 2.2)."""
        return Scanner(text).assignments("=", _word, before="export ")


def unset_lines(variables: Iterable[str]) -> str:
    """The lines that take the variables away again."""
    return "".join(f"unset {variable}\n" for variable in variables)


def _quoted(text: str) -> str:
    # Nothing can be escaped between single quotes, so the quote itself stands between two strings.
    return "'" + text.replace("'", "'\\''") + "'"


def _word(scanner: Scanner) -> str:
    """One word up to the end of its line, with its quotes removed."""
    pieces = []
    while scanner.peek() != "\n":
        character = scanner.character()
        if character == "'":
            pieces.append(scanner.until("'"))
        elif character == "\\":
            pieces.append(scanner.character())
        else:
            raise ValueError("a shell could expand what is not quoted")
    return "".join(pieces)


FORMAT = ShellFormat
