"""`compose-env`: double-quoted lines, for `env_file:` and `.env` of Docker Compose."""

from collections.abc import Mapping
from typing import Final

from mysafe_env.errors import Report
from mysafe_env.sinks.export.base import Format
from mysafe_env.sinks.export.scanner import Scanner

_ESCAPED: Final = str.maketrans({"\\": "\\\\", '"': '\\"', "$": "\\$", "\r": "\\r"})
# The escapes that compose-go's parser knows between double quotes; a backslash before anything else is itself.
_ESCAPES: Final = {
    "a": "\a",
    "f": "\f",
    "n": "\n",
    "r": "\r",
    "t": "\t",
    "v": "\v",
    "$": "$",
    '"': '"',
    "\\": "\\",
}


class ComposeEnvFormat(Format):
    r"""One `NAME="..."` a variable, with `\\`, `\"` and `\$`; newlines stand as they are."""

    name = "compose-env"
    reader = "docker compose: env_file: FILE, or as .env"
    cannot = "NUL"

    def refusal(self, variable: str, text: str) -> Report | None:
        """A NUL character."""
        return self.nul(variable, text)

    def write(self, values: Mapping[str, str]) -> str:
        """The lines in order."""
        return "".join(f'{variable}="{text.translate(_ESCAPED)}"\n' for variable, text in values.items())

    def read(self, text: str) -> dict[str, str]:
        """The variables, by the rules of compose-go's `dotenv` package for double quotes."""
        return Scanner(text).assignments("=", _double_quoted)


def _double_quoted(scanner: Scanner) -> str:
    scanner.expect('"')
    pieces = []
    while (character := scanner.character()) != '"':
        if character == "$":
            raise ValueError("compose would interpolate it")
        pieces.append(_escape(scanner.character()) if character == "\\" else character)
    return "".join(pieces)


def _escape(character: str) -> str:
    if character == "0":
        raise ValueError("compose would take it for an octal number")
    return _ESCAPES.get(character, f"\\{character}")


FORMAT = ComposeEnvFormat
