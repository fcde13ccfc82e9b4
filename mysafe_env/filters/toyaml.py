"""`toyaml`: a YAML value on one line, the same for readers of YAML 1.1 and 1.2."""

import math
from collections.abc import Mapping

from mysafe_env.filters.base import UnfitError, no_form
from mysafe_env.filters.tojson import tojson

# A key on one line, its quotes and escapes included, may have 1024 characters (YAML 1.2, 7.4.2).
_LONGEST_KEY = 1024


def toyaml(value: object) -> str:
    """A text, number, flag, list or mapping in YAML's flow style; texts are always quoted, so they stay texts."""
    match value:
        case float():
            return _number(value)
        case None | str() | bool() | int():
            return tojson(value)
        case Mapping():
            return "{" + ", ".join(f"{_key(key)}: {toyaml(inner)}" for key, inner in value.items()) + "}"
        case list() | tuple():
            return "[" + ", ".join(toyaml(inner) for inner in value) + "]"
    raise no_form(value, "it holds something that YAML has no form for")


def _number(value: float) -> str:
    if math.isnan(value):
        return ".nan"
    if math.isinf(value):
        return ".inf" if value > 0 else "-.inf"
    mantissa, _, exponent = repr(value).partition("e")
    # YAML 1.1 takes 1e+16 for a text.
    mantissa = mantissa if "." in mantissa else f"{mantissa}.0"
    return f"{mantissa}e{exponent}" if exponent else mantissa


def _key(key: object) -> str:
    text = tojson(str(key))
    if len(text) > _LONGEST_KEY:
        raise UnfitError(f"it has a key of more than {_LONGEST_KEY} characters")
    return text
