"""Encrypted strings, `TYPE.PART|PART|PART`, each part in base64.

    0  AES-256-CBC alone             refused: nobody could tell whether it was changed
    2  AES-256-CBC and HMAC-SHA-256  iv, data, mac
    3  RSA-OAEP with SHA-256         data
    4  RSA-OAEP with SHA-1           data
    5  3 with a MAC that is not used data, mac
    6  4 with a MAC that is not used data, mac
    7  XChaCha20-Poly1305 in COSE    refused: no well-kept library reads it

The types are those of the class `EncryptionType` in Bitwarden's published source.
"""

import hmac
import os
import re
from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from typing import Final, Self

from mysafe_env.crypto.primitives import KEY_BYTES, aes_decrypt, aes_encrypt, mac_sha256, rsa_decrypt, rsa_encrypt

_IV_BYTES: Final = 16
_MOST_PARTS: Final = 3
_AES_WITH_MAC: Final = 2
_RSA_HASHES: Final = {3: "SHA256", 4: "SHA1", 5: "SHA256", 6: "SHA1"}
_SHAPE: Final = re.compile(r"(?P<type>[0-9]{1,2})\.(?P<parts>[A-Za-z0-9+/=|]+)")
_WITHOUT_TYPE: Final = re.compile(r"[A-Za-z0-9+/=]+\|[A-Za-z0-9+/=|]+")


class CipherError(Exception):
    """An encrypted string can't be read. The message says why, and shows nothing of the string."""


class UnsupportedCipherError(CipherError):
    """The string is encrypted in a way that this program does not read."""


class MacError(CipherError):
    """The string was encrypted with another key, or was changed."""


@dataclass(frozen=True, slots=True)
class SymmetricKey:
    """A key of 64 bytes: half of them for AES, half for the MAC."""

    encryption: bytes = field(repr=False)
    mac: bytes = field(repr=False)

    @classmethod
    def of(cls, data: bytes) -> Self:
        """The key whose bytes are *data*; raises `CipherError` for another length than 64."""
        if len(data) != 2 * KEY_BYTES:
            raise CipherError(f"a key has {len(data)} bytes instead of {2 * KEY_BYTES}")
        return cls(data[:KEY_BYTES], data[KEY_BYTES:])

    @classmethod
    def new(cls) -> Self:
        """A random key."""
        return cls.of(os.urandom(2 * KEY_BYTES))

    def to_bytes(self) -> bytes:
        """The 64 bytes of the key."""
        return self.encryption + self.mac


def decrypt(text: str, key: SymmetricKey) -> bytes:
    """The bytes that are encrypted in *text*; its MAC is checked first. Raises `CipherError`."""
    kind, parts = _parse(text)
    if kind != _AES_WITH_MAC:
        raise _unsupported(kind)
    if len(parts) != 3 or len(parts[0]) != _IV_BYTES:  # noqa: PLR2004  # iv, data and mac
        raise CipherError("an encrypted string has not the parts that its type has")
    iv, data, mac = parts
    if not hmac.compare_digest(mac, mac_sha256(key.mac, iv + data)):
        raise MacError("an encrypted string does not belong to its key, or was changed")
    try:
        return aes_decrypt(key.encryption, iv, data)
    except ValueError:
        raise CipherError("an encrypted string is not padded as its type is") from None


def decrypt_text(text: str, key: SymmetricKey) -> str:
    """The UTF-8 text that is encrypted in *text*; raises `CipherError`."""
    try:
        return decrypt(text, key).decode()
    except UnicodeDecodeError:
        raise CipherError("an encrypted string holds no text") from None


def decrypt_with_private_key(text: str, private_key: bytes) -> bytes:
    """The bytes that were encrypted for the owner of an RSA key (PKCS#8 in DER); raises `CipherError`."""
    kind, parts = _parse(text)
    if kind not in _RSA_HASHES:
        raise _unsupported(kind)
    try:
        return rsa_decrypt(private_key, parts[0], _RSA_HASHES[kind])
    except ValueError:
        raise CipherError("an encrypted key does not belong to the account's private key") from None


def encrypt(data: bytes, key: SymmetricKey) -> str:
    """*data* as an encrypted string of type 2."""
    iv = os.urandom(_IV_BYTES)
    encrypted = aes_encrypt(key.encryption, iv, data)
    return _format(_AES_WITH_MAC, iv, encrypted, mac_sha256(key.mac, iv + encrypted))


def encrypt_for(data: bytes, public_key: bytes) -> str:
    """*data* for the owner of an RSA key (SubjectPublicKeyInfo in DER), as an encrypted string of type 4."""
    return _format(4, rsa_encrypt(public_key, data, _RSA_HASHES[4]))


def _format(kind: int, *parts: bytes) -> str:
    return f"{kind}." + "|".join(b64encode(part).decode() for part in parts)


def _parse(text: str) -> tuple[int, list[bytes]]:
    if _WITHOUT_TYPE.fullmatch(text):
        raise _unsupported(0)
    found = _SHAPE.fullmatch(text)
    if found is None:
        raise CipherError("what should be an encrypted string is none")
    try:
        return int(found["type"]), [b64decode(part, validate=True) for part in _split(found["parts"])]
    except ValueError:
        raise CipherError("an encrypted string is not in base64") from None


def _split(parts: str) -> list[str]:
    split = parts.split("|", _MOST_PARTS)
    if len(split) > _MOST_PARTS:
        raise CipherError("an encrypted string has not the parts that its type has")
    return split


def _unsupported(kind: int) -> UnsupportedCipherError:
    if kind == 0:
        return UnsupportedCipherError("it is encrypted without a check against changes (type 0), which is not accepted")
    return UnsupportedCipherError(f"it uses encryption that this tool does not support (type {kind})")
