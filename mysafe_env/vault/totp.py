"""One-time codes as authenticator apps show them: RFC 6238 with SHA-1, 6 digits and 30 seconds.

`crypto.primitives` has all variants of them, but needs an extra, which the local vault does not.
"""

from typing import Final

_ALPHABET: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
_PERIOD: Final = 30
# Base32 writes 5 bytes as 8 characters; a rest of 1, 3 or 6 characters can't come from whole bytes.
_WHOLE_BYTES: Final = frozenset({0, 2, 4, 5, 7})


def is_seed(text: str) -> bool:
    """Whether *text* is a base32 seed; spaces, lower case and padding are fine."""
    seed = _compact(text)
    return bool(seed) and _ALPHABET.issuperset(seed) and len(seed) % 8 in _WHOLE_BYTES


def code_at(seed: str, moment: float) -> str:
    """The code of a base32 *seed* at a *moment* in seconds since 1970."""
    import base64  # noqa: PLC0415  # slow to import, and few items have a seed
    import hmac  # noqa: PLC0415  # see above

    compact = _compact(seed)
    key = base64.b32decode(compact + "=" * (-len(compact) % 8))
    digest = hmac.digest(key, int(moment // _PERIOD).to_bytes(8, "big"), "sha1")
    start = digest[-1] & 0x0F
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


def _compact(text: str) -> str:
    return "".join(text.split()).rstrip("=").upper()
