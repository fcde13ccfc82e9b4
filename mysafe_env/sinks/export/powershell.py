"""`powershell`: assignments to `$env:`, for dot-sourcing."""

from collections.abc import Mapping
from typing import Final

from mysafe_env.errors import Report
from mysafe_env.sinks.export.base import Format
from mysafe_env.sinks.export.scanner import Scanner

# PowerShell takes the curly quotes of word processors for quotes, too (CharTraits.IsSingleQuote).
_QUOTES: Final = "'\u2018\u2019\u201a\u201b"
_DOUBLED: Final = str.maketrans({quote: quote * 2 for quote in _QUOTES})


class PowershellFormat(Format):
    """One `$env:NAME = '...'` a variable: between single quotes only a doubled quote means something else."""

    name = "powershell"
    reader = "pwsh: mysafe-env export -f powershell -o env.ps1; . ./env.ps1"
    cannot = "NUL, the empty value; names that differ only in case"
    ignores_case = True

    def refusal(self, variable: str, text: str) -> Report | None:
        """A NUL character, or the empty value."""
        if not text:
            return self.cannot_carry(variable, "assigning the empty value would remove the variable")
        return self.nul(variable, text)

    def write(self, values: Mapping[str, str]) -> str:
        """The lines in order; a newline in a value stays a newline between the quotes."""
        return "".join(f"$env:{variable} = '{text.translate(_DOUBLED)}'\n" for variable, text in values.items())

    def read(self, text: str) -> dict[str, str]:
        """The assignments, by the tokenizer's rule for verbatim strings (about_Quoting_Rules)."""
        values = Scanner(text).assignments(" = ", _verbatim, before="$env:")
        return {variable: value for variable, value in values.items() if value}


def _verbatim(scanner: Scanner) -> str:
    """What stands between the quotes; of two quotes in a row, whichever they are, the second one counts."""
    scanner.expect("'")
    pieces: list[str] = []
    while True:
        character = scanner.character()
        if character in _QUOTES:
            if scanner.at_end or scanner.peek() not in _QUOTES:
                return "".join(pieces)
            character = scanner.character()
        pieces.append(character)


FORMAT = PowershellFormat
