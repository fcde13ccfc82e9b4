"""One-time codes as authenticator apps show them: RFC 6238 with SHA-1, 6 digits and 30 seconds.

`crypto.primitives` has all variants of them, but needs an extra, which the local vault does not.
"""

from typing import Final

_ALPHABET: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
_PERIOD: Final = 30
# Base32 writes 5 bytes as 8 characters; of a rest of 1, 3 or 6, the last one completes no byte.
_REMAINDERS: Final = frozenset({1, 3, 6})


def is_seed(text: str) -> bool:
    """Whether *text* is a base32 seed of at least a byte; spaces, lower case, padding and any length are fine."""
    seed = _compact(text)
    return bool(_whole_bytes(seed)) and _ALPHABET.issuperset(seed)


def code_at(seed: str, moment: float) -> str:
    """The code of a base32 *seed* at a *moment* in seconds since 1970."""
    import base64  # noqa: PLC0415  # slow to import, and few items have a seed
    import hmac  # noqa: PLC0415  # see above

    whole = _whole_bytes(_compact(seed))
    key = base64.b32decode(whole + "=" * (-len(whole) % 8))
    digest = hmac.digest(key, int(moment // _PERIOD).to_bytes(8, "big"), "sha1")
    start = digest[-1] & 0x0F
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


def _whole_bytes(seed: str) -> str:
    """A compact seed up to its last whole byte: what authenticator apps take of it."""
    return seed[:-1] if len(seed) % 8 in _REMAINDERS else seed


def _compact(text: str) -> str:
    return "".join(text.split()).rstrip("=").upper()
