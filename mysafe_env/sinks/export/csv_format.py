"""`csv`: the columns `name` and `value` (RFC 4180)."""

from collections.abc import Mapping
from typing import Final

from mysafe_env.errors import Report
from mysafe_env.sinks.export.base import Format
from mysafe_env.sinks.export.scanner import Scanner

_HEADER: Final = "name,value\n"


class CsvFormat(Format):
    """One record a variable, the value between double quotes, in which a quote is doubled."""

    name = "csv"
    reader = "programs that read CSV; not a spreadsheet, which takes =... for a formula"
    cannot = "NUL"

    def refusal(self, variable: str, text: str) -> Report | None:
        """A NUL character."""
        return self.nul(variable, text)

    def write(self, values: Mapping[str, str]) -> str:
        """The header and the records in order; a newline in a value stays a newline between the quotes."""
        return _HEADER + "".join(f'{variable},"{_doubled(text)}"\n' for variable, text in values.items())

    def read(self, text: str) -> dict[str, str]:
        """The records after the header, by the grammar of RFC 4180."""
        scanner = Scanner(text)
        scanner.expect(_HEADER)
        return scanner.assignments(",", _escaped_field)


def _doubled(text: str) -> str:
    return text.replace('"', '""')


def _escaped_field(scanner: Scanner) -> str:
    scanner.expect('"')
    pieces = [scanner.until('"')]
    while scanner.peek() == '"':
        pieces.append(scanner.character())
        pieces.append(scanner.until('"'))
    return "".join(pieces)


FORMAT = CsvFormat
