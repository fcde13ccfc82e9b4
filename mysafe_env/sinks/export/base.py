"""What every export format can do; the formats are peers behind this one interface."""

from collections.abc import Mapping
from typing import Protocol

from mysafe_env.errors import ExportError


class Writer(Protocol):
    """One consumer's text form of names and values.

    A writer module has a constant `WRITER`, and one line in `registry.FORMATS`.
    """

    name: str
    """What the user types after `--format`."""
    reader: str
    """Who reads it, as one line of a list: the consumer, and how to hand it over."""
    cannot: str
    """What it can't carry, as one line of a list; empty when it carries every text."""

    def write(self, values: Mapping[str, str]) -> str:
        """The whole text in the order of *values*, the same for the same values.

        Names match `[A-Za-z_][A-Za-z0-9_]*` and values are text that UTF-8 can hold; both are checked before.
        A value that the consumer would not read back as it is raises `cannot_carry(...)`: never a changed value.
        """
        ...


def cannot_carry(writer: Writer, variable: str, reason: str, instead: str) -> ExportError:
    """The error for a value that *writer* has no way to say; *instead* is a format that has one."""
    return ExportError(f"{writer.name} can't carry {variable}: {reason}", f"use --format {instead}, which can")
