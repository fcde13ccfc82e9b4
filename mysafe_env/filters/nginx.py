"""`nginx`: one quoted parameter of a directive."""

from typing import Final

from mysafe_env.filters.base import UnfitError, double_quoted, refuse_characters, refuse_nul, refuse_surrogates, text_of

# nginx reads its configuration through a buffer of 4096 bytes, and a parameter has to fit in with its quotes.
_LONGEST: Final = 4093


def nginx(value: object) -> str:
    r"""The text in double quotes, with `"` and `\` escaped.

    `$` is refused: most directives expand variables, and nginx has no escape for it.
    Source: ngx_conf_read_token in ngx_conf_file.c.
    """
    text = text_of(value)
    refuse_nul(text)
    refuse_surrogates(text)
    refuse_characters(text, "$", "it holds a $, which nginx takes for a variable and can't escape")
    quoted = double_quoted(text)
    if len(quoted.encode()) > _LONGEST:
        raise UnfitError("it is longer than the 4096 bytes that nginx reads at once")
    return quoted
