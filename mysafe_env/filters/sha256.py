"""`sha256`: the digest that Redis' ACL files and many checksums are written in."""

import hashlib

from mysafe_env.filters.base import refuse_surrogates, text_of


def sha256(value: object) -> str:
    """The SHA-256 of the text's UTF-8, in 64 lower-case hexadecimal digits; fit for long random secrets only."""
    text = text_of(value)
    refuse_surrogates(text)
    return hashlib.sha256(text.encode()).hexdigest()
