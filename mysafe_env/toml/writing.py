"""Values as TOML writes them."""

from collections.abc import Mapping, Sequence
from typing import Final

TomlValue = str | bool | int | Sequence["TomlValue"] | Mapping[str, "TomlValue"]

_CONTROLS: Final = {code: f"\\u{code:04X}" for code in (*range(0x20), 0x7F)}
_ESCAPES: Final = _CONTROLS | {
    ord(char): f"\\{letter}" for char, letter in zip('\b\t\n\f\r"\\', 'btnfr"\\', strict=True)
}


def toml_string(text: str) -> str:
    """*text* as a basic string on one line."""
    return f'"{text.translate(_ESCAPES)}"'


def toml_value(value: TomlValue) -> str:
    """A value on one line; keys of tables must be bare ones."""
    match value:
        case str():
            return toml_string(value)
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case Mapping():
            pairs = ", ".join(f"{key} = {toml_value(inner)}" for key, inner in value.items())
            return f"{{ {pairs} }}" if pairs else "{}"
    return f"[{', '.join(toml_value(inner) for inner in value)}]"
