"""JSON from servers and files, read within limits of size and depth, and without what JSON does not define."""

import json
import math
from codecs import BOM_UTF8
from collections.abc import Callable
from typing import Final

_DEEPEST: Final = 100
# A number in a list takes 40 times its two bytes in memory; the answers of both systems have twenty bytes a value.
_MOST_VALUES: Final = 1_000_000
_BYTES_A_VALUE: Final = 16


def parse_json(data: bytes, number: Callable[[str], object] | None = None) -> object:
    """The value of a JSON text in UTF-8; *number* makes each number's value from its digits.

    Raises `ValueError` for anything else, for a name that stands twice in an object, for NaN and infinite numbers,
    for more than 100 levels, and for more than a million values, or one for every 16 bytes.
    """
    if sum(data.count(mark) for mark in b",[{") > max(_MOST_VALUES, len(data) // _BYTES_A_VALUE):
        raise ValueError("too many values")
    try:
        value: object = json.loads(
            # "utf-8-sig" is imported when it is first used, which may be in any thread.
            data.removeprefix(BOM_UTF8).decode(),
            parse_int=number,
            parse_float=number or _finite,
            parse_constant=_refuse_constant,
            object_pairs_hook=_unique,
        )
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if _is_deep(value):
        raise ValueError("nested too deeply")
    return value


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def _refuse_constant(name: str) -> object:
    raise ValueError(name)


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """An object's fields; of a name that stands twice, nobody knows which one is meant."""
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise ValueError("a name stands twice")
    return fields


def _is_deep(value: object) -> bool:
    """Whether a value is nested too deeply for functions that go through it by calling themselves."""
    level = [value]
    for _ in range(_DEEPEST):
        level = [inner for each in level for inner in _inside(each) if isinstance(inner, dict | list)]
        if not level:
            return False
    return True


def _inside(value: object) -> list[object]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []
