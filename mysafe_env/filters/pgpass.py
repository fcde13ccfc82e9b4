"""`pgpass`: one field of a line of `.pgpass`, as libpq reads it."""

from mysafe_env.filters.base import refuse_several_lines, text_of


def pgpass(value: object) -> str:
    r"""The text with `:` and `\` escaped, and a `#` or `*` that would mean a comment or any value.

    Source: PostgreSQL, "The Password File"; passwordFromFile in fe-connect.c.
    """
    text = text_of(value)
    refuse_several_lines(text)
    escaped = text.replace("\\", "\\\\").replace(":", "\\:")
    return f"\\{escaped}" if escaped.startswith("#") or escaped == "*" else escaped
