"""`docker-env`: raw lines, for `docker run --env-file`."""

from collections.abc import Mapping
from typing import Final

from mysafe_env.errors import Report
from mysafe_env.sinks.export.base import Format

# bufio.MaxScanTokenSize: docker's reader stops at a line of this many bytes.
_LONGEST_LINE: Final = 64 * 1024


class DockerEnvFormat(Format):
    """One `NAME=value` a line; there is no quoting, and quotes are part of the value."""

    name = "docker-env"
    reader = "docker run --env-file FILE"
    cannot = "NUL, newlines, a carriage return at the end, lines of 64 KiB"

    def refusal(self, variable: str, text: str) -> Report | None:
        """The refusal of what a single raw line can't hold."""
        reason = ""
        if "\n" in text:
            reason = "it holds a newline"
        elif text.endswith("\r"):
            reason = "it ends with a carriage return"
        elif len(f"{variable}={text}".encode()) >= _LONGEST_LINE:
            reason = "its line would have 64 KiB or more"
        return self.nul(variable, text) or (self.cannot_carry(variable, reason, "compose-env") if reason else None)

    def write(self, values: Mapping[str, str]) -> str:
        """The lines in order."""
        return "".join(f"{variable}={text}\n" for variable, text in values.items())

    def read(self, text: str) -> dict[str, str]:
        """The variables, by the rules of docker's `kvfile` package."""
        values = {}
        for line in text.split("\n"):
            variable, found, value = line.removesuffix("\r").lstrip(" \t").partition("=")
            if not found and variable and not variable.startswith("#"):
                raise ValueError("a name without a value would come from docker's own environment")
            if found and not variable.startswith("#"):
                values[variable] = value
        return values


FORMAT = DockerEnvFormat
