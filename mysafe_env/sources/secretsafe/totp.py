"""One-time codes from the seeds of vault items: base32, an `otpauth://` address, or Steam's `steam://`."""

import re
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qs, urlsplit

from mysafe_env.crypto.primitives import steam_code, totp

_ALGORITHMS: Final = ("SHA1", "SHA256", "SHA512")
_STEAM: Final = "Steam"
_DIGITS: Final = range(6, 9)
_LONGEST_PERIOD: Final = 3600


class TotpError(Exception):
    """No code can be made from a seed. The message says why, and shows nothing of the seed."""


@dataclass(frozen=True, slots=True)
class _Seed:
    """A seed in base32 without padding, and how its codes are made; the period in seconds."""

    base32: str = field(repr=False)
    algorithm: str = "SHA1"
    digits: int = 6
    period: int = 30


def code_at(stored: str, moment: float) -> str:
    """The code of a stored seed at a *moment* in seconds since 1970; raises `TotpError`."""
    seed = _read(stored)
    try:
        if seed.algorithm == _STEAM:
            return steam_code(seed.base32, moment)
        return totp(seed.base32, moment, seed.algorithm, seed.digits, seed.period)
    except ValueError:
        raise TotpError("the seed is not in base32") from None


def _read(stored: str) -> _Seed:
    scheme, separator, _ = stored.strip().lower().partition("://")
    if not separator:
        return _Seed(_compact(stored))
    if scheme == "otpauth":
        return _from_address(stored.strip())
    if scheme == "steam":
        return _Seed(_compact(stored.strip()[len("steam://") :]), _STEAM)
    raise TotpError("the seed is an address that is not known")


def _from_address(address: str) -> _Seed:
    try:
        parts = urlsplit(address)
    except ValueError:
        raise TotpError("the otpauth:// address is malformed") from None
    if parts.netloc.lower() != "totp":
        raise TotpError("the codes of the otpauth:// address do not go by time")
    query = {name.lower(): values[-1] for name, values in parse_qs(parts.query).items()}
    algorithm = query.get("algorithm", "SHA1").upper().replace("-", "")
    if algorithm not in _ALGORITHMS:
        raise TotpError("the algorithm of the otpauth:// address is not known")
    digits, period = _number(query.get("digits", "6")), _number(query.get("period", "30"))
    if digits not in _DIGITS or not 0 < period <= _LONGEST_PERIOD:
        raise TotpError("the otpauth:// address wants a number of digits, or a period, that is not known")
    return _Seed(_compact(query.get("secret", "")), algorithm, digits, period)


def _compact(text: str) -> str:
    compact = re.sub(r"[\s-]", "", text).rstrip("=").upper()
    if not compact:
        raise TotpError("the seed is empty")
    return compact


def _number(text: str) -> int:
    return int(text) if re.fullmatch(r"\d{1,4}", text, re.ASCII) else 0
