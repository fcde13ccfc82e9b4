"""`azure-pipelines`: logging commands, to be printed by a step of Azure Pipelines."""

from collections.abc import Mapping
from typing import Final

from mysafe_env.errors import Report
from mysafe_env.sinks.export.base import Format
from mysafe_env.sinks.export.scanner import Scanner

# Prefixes whose variables don't reach tasks, in any case (learn.microsoft.com, "Define variables").
_RESERVED: Final = ("ENDPOINT", "INPUT", "PATH", "SECRET", "SECUREFILE")
# What the agent decodes in a command, in its order (Command.cs).
_DECODED: Final = (("%3B", ";"), ("%0D", "\r"), ("%0A", "\n"), ("%5D", "]"), ("%AZP25", "%"))


class AzurePipelinesFormat(Format):
    """One `##vso[task.setvariable variable=NAME;issecret=true]value` a variable; the agent hides them in its log."""

    name = "azure-pipelines"
    reader = "Azure Pipelines: a step that prints it; later steps map env: NAME: $(NAME)"
    cannot = "NUL, newlines, carriage returns; names that start with ENDPOINT, INPUT, PATH, SECRET, SECUREFILE"
    ignores_case = True

    def refusal(self, variable: str, text: str) -> Report | None:
        """The refusal of what the agent does not take in a secret variable."""
        if variable.upper().startswith(_RESERVED):
            return self.cannot_name(variable, "Azure Pipelines keeps names that start like this from tasks")
        if "\n" in text or "\r" in text:
            return self.cannot_carry(variable, "it holds a newline, and the agent refuses secrets of several lines")
        return self.nul(variable, text)

    def write(self, values: Mapping[str, str]) -> str:
        """The commands in order."""
        return "".join(
            f"##vso[task.setvariable variable={variable};issecret=true]{text.replace('%', '%AZP25')}\n"
            for variable, text in values.items()
        )

    def read(self, text: str) -> dict[str, str]:
        """The variables, by the rules of the agent's Command.TryParse."""
        scanner, values = Scanner(text), {}
        while not scanner.at_end:
            scanner.expect("##vso[task.setvariable ")
            properties = dict(pair.split("=", 1) for pair in scanner.until("]").split(";"))
            values[properties["variable"]] = _decoded(scanner.until("\n"))
        return values


def _decoded(data: str) -> str:
    for code, character in _DECODED:
        data = data.replace(code, character)
    return data


FORMAT = AzurePipelinesFormat
