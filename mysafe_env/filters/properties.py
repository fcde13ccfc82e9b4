r"""`properties`: a key or a value of a Java properties file, also of Spring's `application.properties`."""

from typing import Final

from mysafe_env.filters.base import refuse_surrogates, text_of

_NAMED: Final = {"\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}


def properties(value: object) -> str:
    r"""The text in ASCII with `\uXXXX` for the rest, so that the reader's encoding does not matter.

    Source: java.util.Properties.load. Spring expands `${...}` in what it read, which no escape here can stop.
    """
    text = text_of(value)
    refuse_surrogates(text)
    return "".join(map(_escaped, text))


def _escaped(character: str) -> str:
    if character in "\\:=#! ":
        return f"\\{character}"
    if character in _NAMED:
        return _NAMED[character]
    if " " < character < "\x7f":
        return character
    units = character.encode("utf-16-be")
    return "".join(f"\\u{units[start : start + 2].hex().upper()}" for start in range(0, len(units), 2))
