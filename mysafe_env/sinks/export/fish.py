"""`fish`: `set -gx` lines, for `source`."""

from collections.abc import Mapping
from typing import Final

from mysafe_env.errors import Report
from mysafe_env.sinks.export.base import Format
from mysafe_env.sinks.export.scanner import Scanner

# Variables that fish computes or does not let anybody set; each is tried on it in the tests.
_SPECIAL: Final = frozenset(
    """
    _ CMD_DURATION COLUMNS FISH_VERSION LINES PWD SHLVL argv fish_kill_signal fish_killring fish_pid history
    hostname pipestatus status status_generation umask version
    """.split()  # noqa: SIM905  # names are easier to compare without quotes
)
# Lists of folders, in which fish writes a . for an empty one.
_FOLDERS: Final = frozenset({"PATH", "CDPATH"})


class FishFormat(Format):
    r"""One `set -gx NAME '...'` a variable: between single quotes only `\\` and `\'` mean something else."""

    name = "fish"
    reader = "fish: mysafe-env export -f fish | source"
    cannot = "NUL; names that fish keeps for itself, such as status; empty folders in PATH or CDPATH"

    def refusal(self, variable: str, text: str) -> Report | None:
        """A NUL character, a variable that belongs to fish, or an empty folder where fish would write a dot."""
        if variable in _SPECIAL:
            return self.cannot_name(variable, "fish keeps this variable for itself")
        if variable in _FOLDERS and "" in text.split(":"):
            return self.cannot_carry(variable, "fish writes a . for an empty folder in it")
        return self.nul(variable, text)

    def write(self, values: Mapping[str, str]) -> str:
        """The lines in order; a newline in a value stays a newline between the quotes."""
        return "".join(f"set -gx {variable} {_quoted(text)}\n" for variable, text in values.items())

    def read(self, text: str) -> dict[str, str]:
        """The assignments, by the quoting rules of fish's manual ("Quotes")."""
        return Scanner(text).assignments(" ", _single_quoted, before="set -gx ")


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _single_quoted(scanner: Scanner) -> str:
    """What stands between the quotes; a backslash before any other character is itself."""
    scanner.expect("'")
    pieces = []
    while (character := scanner.character()) != "'":
        escapes = character == "\\" and scanner.peek() in {"\\", "'"}
        pieces.append(scanner.character() if escapes else character)
    return "".join(pieces)


FORMAT = FishFormat
