r"""`java-properties`: `name=value` lines in ASCII, for `java.util.Properties`."""

from collections.abc import Mapping
from typing import Final

from mysafe_env.errors import Report
from mysafe_env.filters.properties import properties
from mysafe_env.sinks.export.base import Format
from mysafe_env.sinks.export.scanner import Scanner

_ESCAPES: Final = {"t": "\t", "n": "\n", "f": "\f", "r": "\r"}


class JavaPropertiesFormat(Format):
    """One line a variable, ASCII only, so that it does not matter which encoding a reader assumes."""

    name = "java-properties"
    reader = "Java: Properties.load(...), Spring, Gradle"
    cannot = ""

    def refusal(self, variable: str, text: str) -> Report | None:  # noqa: ARG002  # every text has an escape
        """Nothing is refused."""
        return None

    def write(self, values: Mapping[str, str]) -> str:
        """The lines in order."""
        return "".join(f"{variable}={properties(text)}\n" for variable, text in values.items())

    def read(self, text: str) -> dict[str, str]:
        """The properties, by the rules of Properties.load(Reader)."""
        if not text.isascii():
            raise ValueError("readers don't agree on the encoding")
        values = {}
        for line in text.splitlines():
            variable, _, value = line.partition("=")
            values[variable] = _unescaped(value.lstrip(" \t\f"))
        return values


def _unescaped(value: str) -> str:
    scanner, units = Scanner(value), []
    while not scanner.at_end:
        character = scanner.character()
        units.append(_unit(scanner) if character == "\\" else character.encode("utf-16-be"))
    return b"".join(units).decode("utf-16-be")


def _unit(scanner: Scanner) -> bytes:
    """What a backslash and the characters after it stand for, in UTF-16."""
    character = scanner.character()
    if character == "u":
        return bytes.fromhex("".join(scanner.character() for _ in range(4)))
    return _ESCAPES.get(character, character).encode("utf-16-be")


FORMAT = JavaPropertiesFormat
