"""`totoml`: a TOML value on one line."""

from collections.abc import Mapping
from typing import Final

from mysafe_env.filters.base import no_form, refuse_surrogates
from mysafe_env.toml.writing import toml_string

_INTEGERS: Final = range(-(2**63), 2**63)


def totoml(value: object) -> str:
    """A text, number, flag, list or mapping; texts are basic strings, mappings inline tables."""
    match value:
        case str():
            refuse_surrogates(value)
            return toml_string(value)
        case bool():
            return "true" if value else "false"
        case int() if value in _INTEGERS:
            return str(value)
        case float():
            return repr(value)
        case Mapping():
            return "{" + ", ".join(f"{totoml(str(key))} = {totoml(inner)}" for key, inner in value.items()) + "}"
        case list() | tuple():
            return "[" + ", ".join(totoml(inner) for inner in value) + "]"
    raise no_form(value, "it holds something that TOML has no form for")
