"""TOML texts to tables, without more cost than their size."""

import re
import tomllib
from typing import Any, Final

Keys = tuple[str | int, ...]
"""The path to a value: keys of tables, and numbers in lists, from 0."""

# Python's parser takes the square of the length of a dotted key, in time and in memory.
_DEEP_KEY: Final = re.compile(r"""(?<![\w"'-])(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){64}""", re.ASCII)


class TomlError(ValueError):
    """A text that is not TOML: what is wrong there, and what to do; the words hold nothing of the text."""

    def __init__(self, what: str, advice: str, line: int | None) -> None:
        self.what = what
        self.advice = advice
        self.line = line
        """From 1; None where nobody knows it."""
        super().__init__(what)


def parse_toml(text: str) -> dict[str, Any]:
    """The tables of a TOML text; raises `TomlError`, and `RecursionError` for what is nested too deeply."""
    if _DEEP_KEY.search(text):
        raise RecursionError
    text = text.replace("\r\n", "\n")
    try:
        return tomllib.loads(text)
    except ValueError as error:
        said = str(error)
    # Raised out here, for newer versions of the caught error hold the whole text.
    raise _error(said, text)


def _error(said: str, text: str) -> TomlError:
    what, _, where = said.rpartition(" (at ")
    if not what:
        return TomlError("holds a number or date that can't be read", "put quotes around a text", None)
    from mysafe_env.toml.slips import find_slip  # noqa: PLC0415  # paid for by mistakes only

    # For what is open at the end, the parser says so, and no line.
    line = where.removeprefix("line ").partition(",")[0]
    return TomlError(*find_slip(what, int(line) if line.isdecimal() else None, text))
