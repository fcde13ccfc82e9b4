"""`indent`: a text of several lines below a key, as in a block of YAML."""

import re
from typing import Final

from mysafe_env.filters.base import UnfitError, text_of

# What some readers take for the end of a line, and would find the next one without its indentation: `str.splitlines`.
_DISPUTED: Final = re.compile("\r(?!\n)|[\v\f\x1c-\x1e\x85\u2028\u2029]")


def indent(value: object, width: int | str = 4, first: bool = False, blank: bool = False) -> str:  # noqa: FBT001, FBT002  # those of Jinja2's filter
    """The text with *width* spaces, or the text *width*, before every line but the *first* one and *blank* ones.

    Line feeds stay, with or without a carriage return before them; Jinja2's own filter makes line feeds of everything
    that ends a line anywhere, which changes the value.
    """
    text = text_of(value)
    if _DISPUTED.search(text):
        raise UnfitError("it holds a line break that not every reader takes for one")
    front = width if isinstance(width, str) else " " * width
    head, *lines = text.split("\n")
    indented = (f"{front}{line}" if blank or line.strip("\r") else line for line in lines)
    return "\n".join([f"{front}{head}" if first else head, *indented])
