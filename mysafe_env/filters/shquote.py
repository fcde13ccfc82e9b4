"""`shquote`: one word of a POSIX shell."""

import shlex

from mysafe_env.filters.base import refuse_nul, text_of


def shquote(value: object) -> str:
    """The text as one word that the shell does not change, in single quotes where it needs any."""
    text = text_of(value)
    refuse_nul(text)
    return shlex.quote(text)
