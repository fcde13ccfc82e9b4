"""The statements of a TOML text, each with its line.

`tomllib` tells neither. A TOML statement ends with its line unless a bracket or a long string is open, so the
shortest run of lines that parses alone is one statement, and the parser itself finds the boundaries.
"""

import re
import tomllib
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

# Of all ends of lines that Python knows, the one that TOML has.
_LINE: Final = re.compile(r"[^\n]*\n|[^\n]+")
_SMALL: Final = 100_000
# One of them stands on the last line of whatever takes several.
_CLOSERS: Final = ("]", "}", '"""', "'''")


class EndlessError(Exception):
    """The search costs several times the whole text: a list of thousands of lines is nothing that people write."""


class Statement(NamedTuple):
    """A statement with the blank lines and comments above it."""

    line: int
    """Its first one, from 1."""
    text: str
    values: dict[str, Any]
    """What it holds when it is read alone; empty for comments."""

    @property
    def is_header(self) -> bool:
        """Whether it is a `[table]` or `[[array]]` line, and not a key with its value."""
        return self.text.lstrip().startswith("[")


def statements(text: str) -> Iterator[Statement]:
    """The statements in order, whose texts together are *text*; raises `EndlessError`."""
    start, chunk, budget = 1, "", 4 * len(text) + _SMALL
    for number, line in enumerate(_LINE.findall(text), 1):
        chunk += line
        if number > start and not any(closer in line for closer in _CLOSERS):
            continue
        budget -= len(chunk)
        if budget < 0:
            raise EndlessError
        values = parsed(chunk)
        if values is not None:
            yield Statement(start, chunk, values)
            start, chunk = number + 1, ""


def first_faulty_line(text: str) -> int | None:
    """The line on which the first statement begins that can't be read alone; None where each can, or nobody knows."""
    line, left = 1, len(text)
    try:
        for statement in statements(text):
            line += statement.text.count("\n")
            left -= len(statement.text)
    except EndlessError:
        return None
    return line if left else None


def parsed(text: str) -> dict[str, Any] | None:
    """What a piece of TOML holds, or None where it is not whole."""
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError):
        return None
