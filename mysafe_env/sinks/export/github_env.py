"""`github-env`: heredocs, to be appended to the file `$GITHUB_ENV` of a GitHub Actions step."""

import re
from collections.abc import Mapping
from itertools import count
from typing import Final

from mysafe_env.errors import Report
from mysafe_env.secret import Secret
from mysafe_env.sinks.export.base import Format
from mysafe_env.sinks.export.scanner import Scanner

_RESERVED: Final = ("GITHUB_", "RUNNER_")


class GithubEnvFormat(Format):
    """One `NAME<<DELIMITER`, the value and the delimiter a variable (workflow commands, "Multiline strings")."""

    name = "github-env"
    reader = 'GitHub Actions: mysafe-env export -f github-env >> "$GITHUB_ENV"'
    cannot = "NUL, a carriage return at the end; NODE_OPTIONS, GITHUB_*, RUNNER_*"
    ignores_case = True

    def refusal(self, variable: str, text: str) -> Report | None:
        """The refusal of what a runner does not take, or loses."""
        if variable.upper() == "NODE_OPTIONS":
            return self.cannot_name(variable, "the runner refuses this variable")
        if variable.upper().startswith(_RESERVED):
            return self.cannot_name(variable, "GitHub keeps GITHUB_* and RUNNER_* for itself")
        if text.endswith("\r"):
            return self.cannot_carry(variable, "it ends with a carriage return, which runners on Windows lose")
        return self.nul(variable, text)

    def write(self, values: Mapping[str, str]) -> str:
        """The heredocs in order."""
        return "".join(_heredoc(variable, text) for variable, text in values.items())

    def read(self, text: str) -> dict[str, str]:
        """The variables, by the rules of the runner's FileCommandManager for heredocs."""
        scanner, values = Scanner(text), {}
        while not scanner.at_end:
            variable, found, delimiter = scanner.until("\n").partition("<<")
            if not variable or not found or not delimiter or "=" in variable:
                raise ValueError("not the start of a heredoc")
            lines = []
            while (line := scanner.until("\n")) != delimiter:
                lines.append(line)
            values[variable] = "\n".join(lines)
        return values


def mask_commands(values: Mapping[str, Secret]) -> str:
    """The commands that make a runner hide the values in its log: one a line, since a log has lines."""
    lines = {line: None for value in values.values() for line in re.split(r"[\r\n]+", value.reveal()) if line.strip()}
    return "".join(f"::add-mask::{line.replace('%', '%25')}\n" for line in lines)


def _heredoc(variable: str, text: str) -> str:
    delimiter = next(mark for number in count() if (mark := f"END_OF_{variable}_{number}") not in text)
    value = f"{text}\n" if text else ""
    return f"{variable}<<{delimiter}\n{value}{delimiter}\n"


FORMAT = GithubEnvFormat
