"""Edits of a vault file's text: what is not changed stays byte for byte, comments and layout included.

A TOML statement ends with its line unless a bracket or a long string is open, so the shortest run of lines that
parses alone is one statement, and the parser itself finds the boundaries. Every edit is parsed again and compared
with what was meant.
"""

import tomllib
from collections.abc import Iterator, Mapping
from typing import Any, Final

from mysafe_env.toml_text import TomlValue, toml_value

Values = Mapping[str, TomlValue]
_SMALL: Final = 100_000
# One of them stands on the last line of whatever takes several.
_CLOSERS: Final = ("]", "}", '"""', "'''")


class EditError(Exception):
    """The text is laid out in a way that no edit fits in."""


def with_table(text: str, kind: str, values: Values) -> str:
    """*text* with one more `[[kind]]` table at its end; raises `EditError`."""
    expected = tomllib.loads(text)
    expected.setdefault(kind, []).append(dict(values))
    newline = _newline(text)
    body = "".join(f"{key} = {toml_value(value)}{newline}" for key, value in values.items())
    end = "" if not text or text.endswith("\n") else newline
    gap = newline if text else ""
    return _checked(f"{text}{end}{gap}[[{kind}]]{newline}{body}", expected)


def with_values(text: str, kind: str, position: int, values: Values) -> str:
    """*text* with *values* set in its `[[kind]]` table number *position*, counted from 0; raises `EditError`."""
    expected = tomllib.loads(text)
    expected[kind][position].update(values)
    statements = list(_statements(text if text.endswith("\n") else text + _newline(text)))
    start, end = _table(statements, kind, position)
    table = statements[start:end]
    for key, value in values.items():
        _set(table, key, toml_value(value), _newline(text))
    return _checked("".join(statements[:start] + table + statements[end:]), expected)


def _statements(text: str) -> Iterator[str]:
    chunk, budget = "", 4 * len(text) + _SMALL
    for line in text.split("\n")[:-1]:
        continued = bool(chunk)
        chunk += line + "\n"
        if continued and not any(closer in line for closer in _CLOSERS):
            continue
        budget -= len(chunk)
        if budget < 0:
            # A list of thousands of lines; each of them would cost as much as all above it.
            raise EditError
        if _parsed(chunk) is not None:
            yield chunk
            chunk = ""


def _parsed(chunk: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads(chunk)
    except ValueError:
        return None


def _table(statements: list[str], kind: str, position: int) -> tuple[int, int]:
    """Where a table starts, its header included, and where it ends."""
    headers = [number for number, chunk in enumerate(statements) if chunk.lstrip().startswith("[")]
    starts = [number for number in headers if _parsed(statements[number]) == {kind: [{}]}]
    if position >= len(starts):
        raise EditError
    start = starts[position]
    return start, next((number for number in headers if number > start), len(statements))


def _set(table: list[str], key: str, value: str, newline: str) -> None:
    """Replace the statement that sets *key*, or add one after the last."""
    last = 0
    for number, chunk in enumerate(table[1:], 1):
        keys = _parsed(chunk)
        if keys:
            last = number
        if keys and key in keys:
            table[number] = f"{chunk.partition('=')[0]}= {value}{_rest(chunk, newline)}"
            return
    # A key of its own lines up with the one above it.
    width = len(table[last].partition("=")[0]) if last else 0
    table.insert(last + 1, f"{key.ljust(width - 1)} = {value}{newline}")


def _rest(chunk: str, newline: str) -> str:
    """The comment after a value, with the end of its line."""
    comments = (number for number, char in enumerate(chunk) if char == "#" and _parsed(chunk[:number]))
    start = next(comments, None)
    return newline if start is None else f"  {chunk[start:]}"


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _checked(text: str, expected: dict[str, Any]) -> str:
    if _parsed(text) != expected:
        raise EditError
    return text
