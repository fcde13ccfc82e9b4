"""Where something was written, and what is wrong there."""

import tomllib
from collections.abc import Iterator
from typing import Final, NamedTuple

from mysafe_env.errors import MappingError, Report

Keys = tuple[str | int, ...]

# profile.NAME.env.VARIABLE.key; what is nested deeper is shown on the line of what is around it.
_DEEPEST: Final = 5
_SMALL: Final = 100_000
# A file of another kind has one on each line, and nobody reads them all.
_MOST_PROBLEMS: Final = 1_000
# One of them stands on the last line of whatever takes several.
_CLOSERS: Final = ("]", "}", '"""', "'''")


class Document:
    """A text with a name. Lines are looked for only when a problem has to be shown."""

    def __init__(self, name: str, text: str = "") -> None:
        self.name = name
        self._text = text
        self._lines: dict[Keys, int] | None = None

    def line_of(self, keys: Keys) -> int | None:
        """The line of a TOML key, or of the closest table around it."""
        if self._lines is None:
            self._lines = {}
            for path, line in _statements(self._text):
                self._lines.setdefault(path, line)
        known = (self._lines.get(keys[:length]) for length in range(len(keys), 0, -1))
        return next((line for line in known if line is not None), None)


class Place(NamedTuple):
    """A spot in a document: a key path of a TOML file, or a name on a line of an env file."""

    document: Document
    keys: Keys
    line: int | None = None

    def at(self, *keys: str | int) -> "Place":
        """A spot inside this one."""
        return Place(self.document, (*self.keys, *keys), self.line)

    def __str__(self) -> str:
        line = self.line or self.document.line_of(self.keys)
        where = f"{self.document.name}:{line}" if line else self.document.name
        return f"{where}: {_dotted(self.keys)}" if self.keys else where


class Problems:
    """What is wrong with a mapping, collected so that all of it is told at once."""

    def __init__(self) -> None:
        self._found: list[tuple[Place, str]] = []
        self._untold = 0

    def add(self, place: Place, text: str) -> None:
        """Note a problem: what it is, and what to do."""
        if len(self._found) < _MOST_PROBLEMS:
            self._found.append((place, text))
        else:
            self._untold += 1

    def raise_any(self) -> None:
        """Raise `MappingError` if there is any problem."""
        if self._found:
            more = [Report(f"and {self._untold} problems more; mend these first")] if self._untold else []
            raise MappingError([*(Report(f"{place}: {text}") for place, text in self._found), *more])


def _dotted(keys: Keys) -> str:
    dotted = ""
    for key in keys:
        dotted += f"[{key + 1}]" if isinstance(key, int) else f".{key}"
    return dotted.removeprefix(".")


def _statements(text: str) -> Iterator[tuple[Keys, int]]:
    """Every key path with its line, and the paths around it; the first line of a path is the one to show.

    `tomllib` tells no lines of keys.
    A TOML statement ends with its line unless a bracket or a long string is open, so the shortest run of lines
    that parses alone is one statement, and the parser itself finds the boundaries.
    When that has cost several times the whole text, no more is told: a list of thousands of lines is no mapping.
    """
    table: Keys = ()
    arrays: dict[Keys, int] = {}
    start, chunk, budget = 1, "", 4 * len(text) + _SMALL
    for number, line in enumerate(text.split("\n"), 1):
        chunk += line + "\n"
        if number > start and not any(closer in line for closer in _CLOSERS):
            continue
        budget -= len(chunk)
        if budget < 0:
            return
        parsed = _parse(chunk)
        if parsed is None:
            continue
        if chunk.lstrip().startswith("["):
            table = _header(parsed, arrays)
            yield from ((table[:length], start) for length in range(1, min(len(table), _DEEPEST) + 1))
        else:
            for keys in _paths(parsed, _DEEPEST):
                yield (*table, *keys), start
        start, chunk = number + 1, ""


def _parse(chunk: str) -> dict[str, object] | None:
    try:
        return tomllib.loads(chunk)
    except (ValueError, RecursionError):
        return None


def _header(parsed: object, arrays: dict[Keys, int]) -> Keys:
    """The key path that a `[table]` or `[[array]]` line opens."""
    keys: Keys = ()
    while parsed:
        if isinstance(parsed, list):
            arrays[keys] = arrays.get(keys, -1) + 1
            return (*keys, arrays[keys])
        if keys in arrays:
            keys = (*keys, arrays[keys])
        [(key, parsed)] = parsed.items() if isinstance(parsed, dict) else []
        keys = (*keys, key)
    return keys


def _paths(parsed: dict[str, object], depth: int) -> Iterator[Keys]:
    for key, value in parsed.items():
        yield (key,)
        if isinstance(value, dict) and depth > 1:
            yield from ((key, *rest) for rest in _paths(value, depth - 1))
