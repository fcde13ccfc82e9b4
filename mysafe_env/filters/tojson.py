"""`tojson`: JSON (RFC 8259), which is a YAML double-quoted string and a Python or JavaScript literal as well."""

import json
from typing import Final, Never

from mysafe_env.filters.base import UnfitError, no_form, refuse_surrogates

# What JSON allows and YAML (1.1: 5.1, 1.2: 5.1) takes for a line break, a byte order mark or no text at all.
_NOT_IN_YAML: Final = {code: f"\\u{code:04x}" for code in (*range(0x7F, 0xA0), 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF)}


def tojson(value: object, indent: int | None = None) -> str:
    """A text, number, flag, list or mapping as JSON; nothing is escaped for HTML.

    Without *indent* on one line.
    """
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False, indent=indent, default=_refuse)
    except (TypeError, ValueError, RecursionError) as error:
        if isinstance(error, UnfitError):
            raise
        raise UnfitError("it holds something that JSON has no form for") from None
    refuse_surrogates(text)
    return text.translate(_NOT_IN_YAML)


def _refuse(value: object) -> Never:
    raise no_form(value, "it holds something that JSON has no form for")
