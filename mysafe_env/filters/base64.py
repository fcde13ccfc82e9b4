"""`b64encode` and `b64decode`: base64 (RFC 4648) of UTF-8 text."""

import binascii

from mysafe_env.filters.base import UnfitError, refuse_surrogates, text_of


def b64encode(value: object) -> str:
    """The base64 of the text's UTF-8, on one line."""
    text = text_of(value)
    refuse_surrogates(text)
    return binascii.b2a_base64(text.encode(), newline=False).decode()


def b64decode(value: object) -> str:
    """The text that the base64 stands for; white space in it is left out."""
    text = "".join(text_of(value).split())
    try:
        return binascii.a2b_base64(text, strict_mode=True).decode()
    except UnicodeDecodeError:
        raise UnfitError("what is decoded is not UTF-8 text", "only text can be rendered") from None
    except ValueError:
        raise UnfitError("it is not base64", "leave b64decode out, or correct the item") from None
