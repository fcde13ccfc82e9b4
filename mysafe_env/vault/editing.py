"""Edits of a vault file's text, which leave everything else byte for byte as it is, comments and layout included.

The edited text is parsed, and has to hold exactly what was meant.
"""

import tomllib
from collections.abc import Mapping
from typing import Any

from mysafe_env.toml.statements import EndlessError, Statement, parsed, statements
from mysafe_env.toml.writing import TomlValue, toml_value

Values = Mapping[str, TomlValue]


class EditError(Exception):
    """The text is laid out in a way that can't be edited here."""


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
    found = _statements(text)
    start, end = _table(found, kind, position)
    chunks = [statement.text for statement in found]
    table = chunks[start:end]
    for key, value in values.items():
        _set(table, key, toml_value(value), _newline(text))
    return _checked("".join(chunks[:start] + table + chunks[end:]), expected)


def _statements(text: str) -> list[Statement]:
    try:
        return list(statements(text if text.endswith("\n") else text + _newline(text)))
    except EndlessError:
        raise EditError from None


def _table(found: list[Statement], kind: str, position: int) -> tuple[int, int]:
    """Where a table starts, its header included, and where it ends."""
    headers = [number for number, statement in enumerate(found) if statement.is_header]
    starts = [number for number in headers if found[number].values == {kind: [{}]}]
    if position >= len(starts):
        raise EditError
    start = starts[position]
    return start, next((number for number in headers if number > start), len(found))


def _set(table: list[str], key: str, value: str, newline: str) -> None:
    """Replace the statement that sets *key*, or add one after the last."""
    last = 0
    for number, chunk in enumerate(table[1:], 1):
        keys = parsed(chunk)
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
    comments = (number for number, char in enumerate(chunk) if char == "#" and parsed(chunk[:number]))
    start = next(comments, None)
    return newline if start is None else f"  {chunk[start:]}"


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _checked(text: str, expected: dict[str, Any]) -> str:
    if parsed(text) != expected:
        raise EditError
    return text
