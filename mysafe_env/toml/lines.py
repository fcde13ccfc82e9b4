"""On which lines the keys of a TOML text stand."""

from collections.abc import Iterator
from typing import Final

from mysafe_env.toml.reading import Keys
from mysafe_env.toml.statements import EndlessError, statements

# profile.NAME.env.VARIABLE.key of a mapping; what is nested deeper is told with the line of what is around it.
_DEEPEST: Final = 5


def key_lines(text: str) -> dict[Keys, int]:
    """Every key path, and the paths around it, with the first of its lines; as far as the statements can be told."""
    lines: dict[Keys, int] = {}
    try:
        for keys, line in _paths_with_lines(text):
            lines.setdefault(keys, line)
    except EndlessError:
        pass
    return lines


def _paths_with_lines(text: str) -> Iterator[tuple[Keys, int]]:
    table: Keys = ()
    arrays: dict[Keys, int] = {}
    for statement in statements(text):
        if statement.is_header:
            table = _header(statement.values, arrays)
            yield from ((table[:length], statement.line) for length in range(1, min(len(table), _DEEPEST) + 1))
        else:
            yield from (((*table, *keys), statement.line) for keys in _paths(statement.values, _DEEPEST))


def _header(values: object, arrays: dict[Keys, int]) -> Keys:
    """The key path that a `[table]` or `[[array]]` line opens."""
    keys: Keys = ()
    while values:
        if isinstance(values, list):
            arrays[keys] = arrays.get(keys, -1) + 1
            return (*keys, arrays[keys])
        if keys in arrays:
            keys = (*keys, arrays[keys])
        [(key, values)] = values.items() if isinstance(values, dict) else []
        keys = (*keys, key)
    return keys


def _paths(values: dict[str, object], depth: int) -> Iterator[Keys]:
    for key, value in values.items():
        yield (key,)
        if isinstance(value, dict) and depth > 1:
            yield from ((key, *rest) for rest in _paths(value, depth - 1))
