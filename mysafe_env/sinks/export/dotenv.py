"""`dotenv`: bare lines that every reader of .env files takes the same way."""

import re
from collections.abc import Mapping
from typing import Final

from mysafe_env.errors import Report
from mysafe_env.sinks.export.base import Format
from mysafe_env.sinks.export.shell_names import KEPT, SHELL_NAMES

# docker's reader stops at a line of this many bytes.
_LONGEST_LINE: Final = 64 * 1024
# No character of these starts a quote, a comment, an escape or an expansion anywhere, nor is trimmed; zsh expands
# an = in front.
_VALUE: Final = re.compile(r"(?!=)[A-Za-z0-9_./:@%+,=-]*")
_READERS: Final = "docker-env, compose-env, systemd-env, node-env, python-dotenv or shell"
_OTHER_NAME: Final = (
    "give it another name, for example with --prefix, or use the format of its reader, such as docker-env"
)

# The model: nothing that any reader quotes, escapes, expands, trims or takes for a comment.
_LINE: Final = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)=((?!=)[^\s'\"`\\$#;&|<>(){}\[\]*?~!^]*)")


class DotenvFormat(Format):
    """One `NAME=value` a line, without quotes: no style of quoting means the same to all readers."""

    name = "dotenv"
    reader = "every reader of .env files: docker, compose, systemd, node, python, sh"
    cannot = (
        "all but ASCII letters, digits and _ . / : @ % + , - =; an = in front; lines of 64 KiB; "
        "names that shells keep for themselves, such as UID or path"
    )

    def refusal(self, variable: str, text: str) -> Report | None:
        """The refusal of what some reader takes for something else, or does not let anybody set."""
        if variable in SHELL_NAMES:
            return Report(f"{self.name} can't carry {variable}: {KEPT}", _OTHER_NAME)
        reason = ""
        if not _VALUE.fullmatch(text):
            reason = "readers of .env files don't agree on a character in it"
        elif len(f"{variable}={text}") >= _LONGEST_LINE:
            reason = "its line would have 64 KiB or more"
        return self._refused(variable, reason, "json" if "\0" in text else "compose-env") if reason else None

    def _refused(self, variable: str, reason: str, instead: str) -> Report:
        hint = f"use the format of its reader ({_READERS}); --format {instead} can"
        return Report(f"{self.name} can't carry {variable}: {reason}", hint)

    def write(self, values: Mapping[str, str]) -> str:
        """The lines in order."""
        return "".join(f"{variable}={text}\n" for variable, text in values.items())

    def read(self, text: str) -> dict[str, str]:
        """The variables, if every line is free of what readers treat differently."""
        values = {}
        for line in text.splitlines():
            found = _LINE.fullmatch(line)
            if not found:
                raise ValueError("readers of .env files don't agree on a line")
            values[found[1]] = found[2]
        return values


FORMAT = DotenvFormat
