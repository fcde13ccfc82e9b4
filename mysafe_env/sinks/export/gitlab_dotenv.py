"""`gitlab-dotenv`: raw lines, for `artifacts:reports:dotenv` of a GitLab job."""

from collections.abc import Iterator, Mapping
from typing import Final

from mysafe_env.errors import Report
from mysafe_env.sinks.export.base import Format

# Limits of a GitLab without limits of its own (docs.gitlab.com, "CI/CD limits").
_SMALLER_THAN: Final = 5 * 1024
_MOST_VARIABLES: Final = 150
_LONGEST_NAME: Final = 255
# What Ruby's String#strip takes away.
_STRIPPED: Final = "\0\t\n\v\f\r "


class GitlabDotenvFormat(Format):
    """One `NAME=value` a line; there is no quoting, and quotes are part of the value."""

    name = "gitlab-dotenv"
    reader = "GitLab CI: artifacts: reports: dotenv: FILE"
    cannot = "NUL, newlines, $, white space at either end; 5 KiB or 150 variables in all"

    def refusals(self, values: Mapping[str, str]) -> Iterator[Report]:
        """Single variables, else those that are too many or too large together."""
        refused = list(super().refusals(values))
        yield from refused or self._too_much(values)

    def refusal(self, variable: str, text: str) -> Report | None:
        """The refusal of what a single raw line can't hold, or the next job's runner would expand."""
        if len(variable) > _LONGEST_NAME:
            return self.cannot_name(variable, "its name has more than 255 characters")
        if "\n" in text:
            return self.cannot_carry(variable, "it holds a newline")
        if "$" in text:
            return self.cannot_carry(variable, "it holds a $, which the runner of the next job expands")
        if text != text.strip(_STRIPPED):
            return self.cannot_carry(variable, "it starts or ends with white space, which GitLab removes")
        return self.nul(variable, text)

    def _too_much(self, values: Mapping[str, str]) -> Iterator[Report]:
        if len(values) > _MOST_VARIABLES:
            first = list(values)[_MOST_VARIABLES]
            yield self.cannot_carry(first, "GitLab takes 150 variables at most, and fewer on smaller plans")
        if len(self.write(values).encode()) >= _SMALLER_THAN:
            largest = max(values, key=lambda variable: len(values[variable].encode()))
            yield self.cannot_carry(largest, "the whole file must be smaller than 5 KiB, and this is its largest value")

    def write(self, values: Mapping[str, str]) -> str:
        """The lines in order."""
        return "".join(f"{variable}={text}\n" for variable, text in values.items())

    def read(self, text: str) -> dict[str, str]:
        """The variables, by the rules of GitLab's ParseDotenvArtifactService."""
        if len(text.encode()) >= _SMALLER_THAN:
            raise ValueError("the file is too large")
        values = {}
        for line in text.split("\n")[:-1]:
            variable, found, value = line.partition("=")
            if not found or "$" in value:
                raise ValueError("a line that GitLab refuses, or that a runner expands")
            values[variable.strip(_STRIPPED)] = value.strip(_STRIPPED)
        return values


FORMAT = GitlabDotenvFormat
