"""`toyaml`: a YAML value on one line, the same for readers of YAML 1.1 and 1.2."""

import math
from collections.abc import Mapping
from typing import Final

from mysafe_env.filters.base import UnfitError, no_form, refuse_surrogates
from mysafe_env.filters.tojson import tojson

# A key on one line, its quotes and escapes included, may have 1024 characters (YAML 1.2, 7.4.2).
LONGEST_KEY: Final = 1024
_NAMED: Final = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def toyaml(value: object) -> str:
    """A text, number, flag, list or mapping in YAML's flow style; texts are always quoted, so they stay texts."""
    match value:
        case float():
            return _number(value)
        case str():
            refuse_surrogates(value)
            return yaml_string(value)
        case None | bool() | int():
            return tojson(value)
        case Mapping():
            return "{" + ", ".join(f"{_key(key)}: {toyaml(inner)}" for key, inner in value.items()) + "}"
        case list() | tuple():
            return "[" + ", ".join(toyaml(inner) for inner in value) + "]"
    raise no_form(value, "it holds something that YAML has no form for")


def yaml_string(text: str) -> str:
    """The text as a double-quoted scalar on one line (YAML 1.2, 7.3.1), in ASCII, so that no encoding matters."""
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(character: str) -> str:
    if character in _NAMED:
        return _NAMED[character]
    if " " <= character <= "~":
        return character
    number = ord(character)
    if number <= 0xFF:  # noqa: PLR2004  # two hexadecimal digits
        return f"\\x{number:02X}"
    return f"\\u{number:04X}" if number <= 0xFFFF else f"\\U{number:08X}"  # noqa: PLR2004  # four of them


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
    text = toyaml(str(key))
    if len(text) > LONGEST_KEY:
        raise UnfitError(f"it has a key of more than {LONGEST_KEY} characters")
    return text
