"""`tfvars`: assignments in HCL, for `-var-file` of Terraform and OpenTofu."""

from collections.abc import Mapping
from typing import Final
from unicodedata import is_normalized

from mysafe_env.errors import Report
from mysafe_env.sinks.export.base import Format
from mysafe_env.sinks.export.scanner import Scanner

# Names that no `variable` block can have (developer.hashicorp.com, "Input variables").
_RESERVED: Final = frozenset(
    {"count", "depends_on", "for_each", "lifecycle", "locals", "providers", "source", "version"}
)
_NAMED: Final = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_ESCAPES: Final = {"\\": "\\", '"': '"', "n": "\n", "r": "\r", "t": "\t"}
_DIGITS: Final = {"u": 4, "U": 8}


class TfvarsFormat(Format):
    """One `NAME = "..."` a line, in which `${` and `%{` would open a template."""

    name = "tfvars"
    reader = "terraform, tofu: -var-file=FILE, for variables of these names"
    cannot = "text that is not in NFC; names that no variable can have, such as count"

    def refusal(self, variable: str, text: str) -> Report | None:
        """The refusal of what HCL would normalise, and of names that Terraform keeps for itself."""
        if variable in _RESERVED:
            return self.cannot_name(variable, "no variable of Terraform can have this name")
        if not is_normalized("NFC", text):
            return self.cannot_carry(variable, "it is not in Unicode's form NFC, to which Terraform would change it")
        return None

    def write(self, values: Mapping[str, str]) -> str:
        """The lines in order."""
        return "".join(f"{variable} = {_quoted(text)}\n" for variable, text in values.items())

    def read(self, text: str) -> dict[str, str]:
        """The assignments, by the rules of HCL for quoted templates (hclsyntax/spec.md)."""
        return Scanner(text).assignments(" = ", _template)


def _quoted(text: str) -> str:
    escaped = "".join(map(_escaped, text))
    # HCL's own escape for these is $${ and %%{, which other parsers of HCL lose their way in without a closing brace.
    return '"' + escaped.replace("${", "\\u0024{").replace("%{", "\\u0025{") + '"'


def _escaped(character: str) -> str:
    if character in _NAMED:
        return _NAMED[character]
    if character.isprintable():
        return character
    number = ord(character)
    return f"\\u{number:04X}" if number <= 0xFFFF else f"\\U{number:08X}"  # noqa: PLR2004  # four digits


def _template(scanner: Scanner) -> str:
    scanner.expect('"')
    pieces = []
    while (character := scanner.character()) != '"':
        if character == "\n":
            raise ValueError("a quoted template is on one line")
        if character == "\\":
            pieces.append(scanner.escaped(_ESCAPES, _DIGITS))
        elif character in "$%":
            pieces.append(_dollar(character, scanner))
        else:
            pieces.append(character)
    return "".join(pieces)


def _dollar(mark: str, scanner: Scanner) -> str:
    """A `$` or `%`; two of them and a brace are one of them and the brace, one of them and a brace a template."""
    marks = mark
    while scanner.peek() == mark:
        marks += scanner.character()
    if scanner.peek() != "{":
        return marks
    if len(marks) == 1:
        raise ValueError("Terraform would evaluate a template")
    return marks[:-1]


FORMAT = TfvarsFormat
