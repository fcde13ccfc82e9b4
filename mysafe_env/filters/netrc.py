"""`netrc`: one word of a `.netrc`, such as a login or a password."""

from mysafe_env.filters.base import UnfitError, double_quoted, text_of


def netrc(value: object) -> str:
    r"""The text as it is, or in double quotes with `"` and `\` escaped where it would not be one word.

    Quotes are for curl 7.84 and Python 3.11 or newer; older ones know no escape for a space at all.
    """
    text = text_of(value)
    if any(character < " " or character == "\x7f" for character in text):
        raise UnfitError("it holds a control character")
    if text and text.isascii() and text[0] != "#" and not set(text) & set(' "\\'):
        return text
    return double_quoted(text)
