"""Places in mappings, env files and the environment, and the problems that are noted there."""

from typing import Final, NamedTuple

from mysafe_env.errors import MappingError, Report
from mysafe_env.toml.reading import Keys

# A file that is no mapping at all has a problem on each line, and nobody reads them all.
_MOST_PROBLEMS: Final = 1_000


class Document:
    """A text with a name. Lines are looked for only when a problem has to be shown."""

    def __init__(self, name: str, text: str = "") -> None:
        # An empty name, as of a shell variable that is not set, would leave the message without a place.
        self.name = name or '""'
        self._text = text
        self._lines: dict[Keys, int] | None = None

    def line_of(self, keys: Keys) -> int | None:
        """The line of a TOML key, or of the closest table around it."""
        if self._lines is None:
            from mysafe_env.toml.lines import key_lines  # noqa: PLC0415  # paid for by mistakes only

            self._lines = key_lines(self._text)
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

    @property
    def known_line(self) -> int | None:
        """The line, told or found; None where nobody knows it."""
        return self.line or self.document.line_of(self.keys)

    def __str__(self) -> str:
        line = self.known_line
        where = f"{self.document.name}:{line}" if line else self.document.name
        return f"{where}: {_dotted(self.keys)}" if self.keys else where


class Problems:
    """The problems of all inputs, collected so that they are reported together."""

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
            raise MappingError([*(Report(f"{place}: {text}") for place, text in self._in_order()), *more])

    def _in_order(self) -> list[tuple[Place, str]]:
        """Document by document, and in each by lines; what concerns the whole of it comes first."""
        names = list(dict.fromkeys(place.document.name for place, _ in self._found))
        numbers = {name: number for number, name in enumerate(names)}
        return sorted(self._found, key=lambda found: (numbers[found[0].document.name], found[0].known_line or 0))


def _dotted(keys: Keys) -> str:
    dotted = ""
    for key in keys:
        dotted += f"[{key + 1}]" if isinstance(key, int) else f".{key}"
    return dotted.removeprefix(".")
