"""TOML texts to tables, without more cost than their size."""

import re
import tomllib
from typing import Any, Final

Keys = tuple[str | int, ...]
"""The path to a value: keys of tables, and numbers in lists, from 0."""

# Python's parser takes the square of the length of a dotted key, in time and in memory.
_DEEP_KEY: Final = re.compile(r"""(?<![\w"'-])(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){64}""", re.ASCII)


# What the parser says of a quote that is forgotten, in texts between either kind of quotes.
_OPEN: Final = ("Illegal character '\\n'", "Found invalid character '\\n'")


class TomlError(ValueError):
    """A text that is not TOML; its words hold nothing of the text, and are mostly the parser's."""

    def __init__(self, what: str, line: int | None) -> None:
        self.what = what
        self.line = line
        """From 1; None where the parser tells none."""
        super().__init__(what)


def parse_toml(text: str) -> dict[str, Any]:
    """The tables of a TOML text; raises `TomlError`, and `RecursionError` for what is nested too deeply."""
    if _DEEP_KEY.search(text):
        raise RecursionError
    try:
        return tomllib.loads(text)
    except ValueError as error:
        said = str(error)
    # Raised out here, for newer versions of the caught error hold the whole text.
    raise _error(said, text)


def _error(said: str, text: str) -> TomlError:
    what, _, where = said.rpartition(" (at ")
    if not what:
        return TomlError("holds a number or date that can't be read", None)
    what = "a text is not closed where its line ends; a quote is missing" if what in _OPEN else what
    line = where.removeprefix("line ").partition(",")[0]
    # For what is open at the end, the parser says so, and no line.
    last = text.rstrip("\n").count("\n") + 1
    return TomlError(f"{what[0].lower()}{what[1:]}", int(line) if line.isdecimal() else last)
