"""`yaml`: one mapping of double-quoted strings, the same in YAML 1.1 and 1.2."""

from collections.abc import Mapping
from typing import Final

from mysafe_env.errors import Report
from mysafe_env.filters.toyaml import LONGEST_KEY, yaml_string
from mysafe_env.sinks.export.base import Format
from mysafe_env.sinks.export.scanner import Scanner

_LONGEST_NAME: Final = LONGEST_KEY - len('""')
_ESCAPES: Final = {"\\": "\\", '"': '"', "n": "\n", "r": "\r", "t": "\t"}
_DIGITS: Final = {"x": 2, "u": 4, "U": 8}


class YamlFormat(Format):
    """One `"NAME": "..."` a line, ASCII only: names and values that look like no, null or 1e3 stay strings."""

    name = "yaml"
    reader = "any program that reads YAML 1.1 or 1.2"
    cannot = "names of more than 1022 characters"

    def refusal(self, variable: str, text: str) -> Report | None:  # noqa: ARG002  # every text has an escape
        """A name that is too long for a key."""
        if len(variable) > _LONGEST_NAME:
            return self.cannot_name(variable, "its name has more than 1022 characters")
        return None

    def write(self, values: Mapping[str, str]) -> str:
        """The lines in order, or an empty mapping."""
        return "".join(f"{yaml_string(variable)}: {yaml_string(text)}\n" for variable, text in values.items()) or "{}\n"

    def read(self, text: str) -> dict[str, str]:
        """The mapping, by the rules for double-quoted scalars (YAML 1.2, 7.3.1)."""
        if text == "{}\n":
            return {}
        scanner, values = Scanner(text), {}
        while not scanner.at_end:
            variable = read_quoted(scanner)
            scanner.expect(": ")
            values[variable] = read_quoted(scanner)
            scanner.expect("\n")
        return values


def read_quoted(scanner: Scanner) -> str:
    """The text of a double-quoted scalar on one line."""
    scanner.expect('"')
    pieces = []
    while (character := scanner.character()) != '"':
        if not " " <= character <= "~":
            raise ValueError("readers don't agree on a character")
        pieces.append(scanner.escaped(_ESCAPES, _DIGITS) if character == "\\" else character)
    return "".join(pieces)


FORMAT = YamlFormat
