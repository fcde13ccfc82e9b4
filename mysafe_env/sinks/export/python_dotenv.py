"""`python-dotenv`: double-quoted lines, for `load_dotenv()`."""

import re
from collections.abc import Mapping
from typing import Final

from mysafe_env.errors import Report
from mysafe_env.sinks.export.base import Format
from mysafe_env.sinks.export.scanner import Scanner

_ESCAPED: Final = str.maketrans({"\\": "\\\\", '"': '\\"', "\r": "\\r"})
# `${...}` is expanded in every kind of quotes, and has no escape. A variable without a name is never set, so that
# its default stands: this one is a lone dollar sign, and the one below is nothing.
_DOLLAR: Final = "${:-$}"
_NOTHING: Final = "${:-}"

_ESCAPES: Final = {
    "a": "\a",
    "b": "\b",
    "f": "\f",
    "n": "\n",
    "r": "\r",
    "t": "\t",
    "v": "\v",
    '"': '"',
    "'": "'",
    "\\": "\\",
}
_VARIABLE: Final = re.compile(r"\$\{(?P<name>[^}:]*)(?::-(?P<default>[^}]*))?\}")


class PythonDotenvFormat(Format):
    r"""One `NAME="..."` a variable, with `\\`, `\"` and `\r`; newlines stand as they are."""

    name = "python-dotenv"
    reader = "python-dotenv: load_dotenv(FILE), with interpolation as by default"
    cannot = "NUL"

    def refusal(self, variable: str, text: str) -> Report | None:
        """A NUL character."""
        return self.nul(variable, text)

    def write(self, values: Mapping[str, str]) -> str:
        """The lines in order."""
        return "".join(f'{variable}="{_escaped(text)}"\n' for variable, text in values.items())

    def read(self, text: str) -> dict[str, str]:
        """The variables, by the rules of python-dotenv's parser.py and variables.py for double quotes."""
        return Scanner(text.replace("\r\n", "\n").replace("\r", "\n")).assignments("=", _value)


def _escaped(text: str) -> str:
    # Before 1.2.4 a backslash in front of the closing quote escapes it, even if it is escaped itself.
    end = _NOTHING if text.endswith("\\") else ""
    return text.translate(_ESCAPED).replace("${", f"{_DOLLAR}{{") + end


def _value(scanner: Scanner) -> str:
    return _VARIABLE.sub(_default, scanner.double_quoted(_escape))


def _escape(character: str) -> str:
    return _ESCAPES.get(character, f"\\{character}")


def _default(variable: re.Match[str]) -> str:
    if variable["name"]:
        raise ValueError("python-dotenv would expand a variable")
    return variable["default"] or ""


FORMAT = PythonDotenvFormat
