"""Tables and cards for people: text in columns that line up on a terminal."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from mysafe_env.errors import printable, visible

# A single cell of megabytes must not widen all the others.
_WIDEST: Final = 200


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Columns that line up, for people; the last one is not padded."""
    lines = [tuple(header), *(tuple(printable(cell) for cell in row) for row in rows)]
    widths = [_width(column) for column in zip(*lines, strict=True)]
    padded = (map(_padded, line, widths) for line in lines)
    return "".join("  ".join(cells).rstrip() + "\n" for cells in padded)


def card(fields: Mapping[str, str | None]) -> str:
    """Names and values line by line, for people; the further lines of a value stand below its first."""
    names = [printable(name) for name in fields]
    width = _width(names)
    below = "\n" + " " * (width + 2)
    values = (visible(value or "").replace("\n", below) for value in fields.values())
    lines = (f"{_padded(name, width)}  {value}" for name, value in zip(names, values, strict=True))
    return "".join(line.rstrip() + "\n" for line in lines)


def _width(cells: Iterable[str]) -> int:
    return min(_WIDEST, max(map(_columns, cells)))


def _padded(cell: str, width: int) -> str:
    return cell + " " * (width - _columns(cell))


def _columns(text: str) -> int:
    """How many columns of a terminal a text takes: letters of East Asia two, and accents of their own none."""
    if text.isascii():
        return len(text)
    from unicodedata import category, east_asian_width  # noqa: PLC0415  # few names need it

    return sum(2 if east_asian_width(char) in "WF" else category(char) not in {"Mn", "Me"} for char in text)
