"""`haproxy`: one word of a line of HAProxy's configuration."""

import shlex

from mysafe_env.filters.base import refuse_several_lines, text_of


def haproxy(value: object) -> str:
    """The text in HAProxy's quotes, which are those of a shell but for line breaks.

    Where a log format is read, `%` begins a variable all the same.
    Source: HAProxy's configuration manual, "Quoting and escaping".
    """
    text = text_of(value)
    refuse_several_lines(text)
    return shlex.quote(text)
