"""`shell`: POSIX `export` lines, for `eval` and `.`."""

from collections.abc import Mapping
from typing import Final

from mysafe_env.sinks.export.base import Writer, cannot_carry


class ShellWriter:
    """One `export NAME='...'` a variable: between single quotes a shell changes nothing."""

    name = "shell"
    reader = 'sh, dash, bash, zsh, ksh: eval "$(mysafe-env export --format shell)"'
    cannot = "a NUL character"

    def write(self, values: Mapping[str, str]) -> str:
        """The lines in order; a newline in a value stays a newline between the quotes."""
        return "".join(f"export {name}={self._quoted(name, text)}\n" for name, text in values.items())

    def _quoted(self, name: str, text: str) -> str:
        if "\0" in text:
            raise cannot_carry(self, name, "a shell has no NUL character", "json")
        # Nothing can be escaped between single quotes, so the quote itself stands between two strings.
        return "'" + text.replace("'", "'\\''") + "'"


WRITER: Final[Writer] = ShellWriter()
