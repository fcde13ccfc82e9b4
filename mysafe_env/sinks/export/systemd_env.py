"""`systemd-env`: double-quoted lines, for `EnvironmentFile=` of a unit."""

from collections.abc import Mapping
from typing import Final

from mysafe_env.errors import Report
from mysafe_env.filters.systemd import CONTROL, is_noncharacter
from mysafe_env.sinks.export.base import Format
from mysafe_env.sinks.export.scanner import Scanner

# What a backslash escapes between double quotes: SHELL_NEED_ESCAPE of systemd's escape.h.
_NEED_ESCAPE: Final = '"\\`$'
_ESCAPED: Final = str.maketrans({character: f"\\{character}" for character in _NEED_ESCAPE})


class SystemdEnvFormat(Format):
    r"""One `NAME="..."` a variable, with `\"`, `\\`, `\$` and an escaped backtick; newlines stand as they are.

    `environment.d` is not this format: it expands `$NAME` and drops empty values.
    """

    name = "systemd-env"
    reader = "systemd: EnvironmentFile=FILE of a unit"
    cannot = "control characters but tab and newline, Unicode noncharacters"

    def refusal(self, variable: str, text: str) -> Report | None:
        """The refusal of what a service manager drops, with no more than a line in its log."""
        if CONTROL.search(text):
            return self.cannot_carry(
                variable, "it holds a control character, for which older systemds drop the variable"
            )
        if any(map(is_noncharacter, text)):
            return self.cannot_carry(
                variable, "it holds a Unicode noncharacter, for which systemd refuses the whole file"
            )
        return None

    def write(self, values: Mapping[str, str]) -> str:
        """The lines in order."""
        return "".join(f'{variable}="{text.translate(_ESCAPED)}"\n' for variable, text in values.items())

    def read(self, text: str) -> dict[str, str]:
        """The variables, by the state machine of systemd's env-file.c for double quotes."""
        values = Scanner(text).assignments("=", lambda scanner: scanner.double_quoted(_escape))
        return {variable: value for variable, value in values.items() if not CONTROL.search(value)}


def _escape(character: str) -> str:
    if character == "\n":
        return ""
    return character if character in _NEED_ESCAPE else f"\\{character}"


FORMAT = SystemdEnvFormat
