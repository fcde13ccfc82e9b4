"""From a master password to the keys of an account: derive, stretch, unwrap."""

from dataclasses import dataclass
from typing import Final

from mysafe_env.crypto.encstring import SymmetricKey, decrypt, decrypt_with_private_key
from mysafe_env.crypto.primitives import argon2id, hkdf_expand, pbkdf2

PBKDF2: Final = 0
ARGON2ID: Final = 1
# The server's own limits; below them old accounts exist, of which 5000 rounds are the oldest default.
_PBKDF2_ROUNDS: Final = range(5_000, 2_000_001)
_ARGON2_ROUNDS: Final = range(2, 11)
_ARGON2_MIB: Final = range(15, 1025)
_ARGON2_LANES: Final = range(1, 17)


class KdfError(Exception):
    """The server names a key derivation that is unknown, too weak, or too costly."""


@dataclass(frozen=True, slots=True)
class Kdf:
    """How the master password becomes a key: kind 0 is PBKDF2, kind 1 is Argon2id, as the server numbers them.

    `memory`, in MiB, and `parallelism` are Argon2id's alone.
    """

    kind: int
    iterations: int
    memory: int = 0
    parallelism: int = 0


def master_key(password: bytes, salt: str, kdf: Kdf) -> bytes:
    """The 32 bytes derived from a password; *salt* is the account's e-mail address, or what the server names.

    Raises `KdfError` outside of the limits: a hostile server may ask for so little that it can guess the password, or
    for so much that this machine stands still.
    """
    salt_bytes = salt.strip().lower().encode()
    if kdf.kind == PBKDF2:
        _check("rounds of PBKDF2", kdf.iterations, _PBKDF2_ROUNDS)
        return pbkdf2(password, salt_bytes, kdf.iterations)
    if kdf.kind == ARGON2ID:
        _check("rounds of Argon2id", kdf.iterations, _ARGON2_ROUNDS)
        _check("MiB for Argon2id", kdf.memory, _ARGON2_MIB)
        _check("lanes of Argon2id", kdf.parallelism, _ARGON2_LANES)
        return _argon2id(password, salt_bytes, kdf)
    raise KdfError(f"the server names a key derivation that is not known ({kdf.kind})")


def _argon2id(password: bytes, salt: bytes, kdf: Kdf) -> bytes:
    try:
        return argon2id(password, salt, kdf.iterations, kdf.memory, kdf.parallelism)
    except MemoryError:
        raise KdfError(f"Argon2id needs {kdf.memory} MiB of memory for it, which this machine does not give") from None


def stretch(key: bytes) -> SymmetricKey:
    """The symmetric key that a master key becomes, by HKDF without its first step (RFC 5869, 2.3)."""
    return SymmetricKey(hkdf_expand(key, b"enc"), hkdf_expand(key, b"mac"))


def unwrap(wrapped: str, key: SymmetricKey) -> SymmetricKey:
    """A key that is encrypted by another one; raises `CipherError`."""
    return SymmetricKey.of(decrypt(wrapped, key))


def unwrap_with_private_key(wrapped: str, private_key: bytes) -> SymmetricKey:
    """A key that is encrypted for the owner of an RSA key; raises `CipherError`."""
    return SymmetricKey.of(decrypt_with_private_key(wrapped, private_key))


def _check(what: str, number: int, allowed: range) -> None:
    if number not in allowed:
        raise KdfError(
            f"the server asks for {number} {what}, and from {allowed.start} to {allowed.stop - 1} are accepted"
        )
