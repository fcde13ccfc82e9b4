"""`ini`: a value that Python's configparser reads, with the interpolation that it has by default."""

from mysafe_env.filters.base import UnfitError, refuse_several_lines, text_of


def ini(value: object) -> str:
    """The text on one line, with `%` doubled."""
    text = text_of(value)
    refuse_several_lines(text)
    if text != text.strip():
        raise UnfitError("it begins or ends with white space, which configparser takes away")
    return text.replace("%", "%%")
