"""The ciphers and key derivations: the one module that knows `cryptography` and `argon2`.

Both come with the extra `mysafe-env[secretsafe]`.
"""

import hashlib
from base64 import b32decode
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, cast

from argon2.exceptions import HashingError
from argon2.low_level import Type, hash_secret_raw
from cryptography.hazmat.primitives import hashes, hmac, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from cryptography.hazmat.primitives.padding import PKCS7
from cryptography.hazmat.primitives.twofactor.totp import TOTP

KEY_BYTES: Final = 32
_BLOCK_BITS: Final = 128
_STEAM_ALPHABET: Final = "23456789BCDFGHJKMNPQRTVWXY"
_STEAM_LETTERS: Final = 5
_STEAM_PERIOD: Final = 30
# With so many characters after groups of eight, the last one adds no byte.
_BASE32_REMAINDERS: Final = frozenset({1, 3, 6})
_MIB: Final = 1024
# SHA-1 is what older servers and most authenticators use; it is sound in OAEP and in an HMAC.
_HASHES: Final[Mapping[str, hashes.SHA1 | hashes.SHA256 | hashes.SHA512]] = {
    "SHA1": hashes.SHA1(),  # nosec B303  # noqa: S303  # see above
    "SHA256": hashes.SHA256(),
    "SHA512": hashes.SHA512(),
}


@dataclass(frozen=True, slots=True)
class KeyPair:
    """An RSA key in DER: *private* as PKCS#8, *public* as SubjectPublicKeyInfo."""

    private: bytes = field(repr=False)
    public: bytes


def pbkdf2(password: bytes, salt: bytes, iterations: int) -> bytes:
    """PBKDF2-HMAC-SHA-256, 32 bytes."""
    return hashlib.pbkdf2_hmac("sha256", password, salt, iterations)


def argon2id(password: bytes, salt: bytes, iterations: int, memory: int, parallelism: int) -> bytes:
    """Argon2id version 1.3, 32 bytes; *memory* in MiB. The salt is hashed first, since Argon2 wants a long one.

    Raises `MemoryError` where this machine does not have so much memory.
    """
    try:
        return hash_secret_raw(
            secret=password,
            salt=hashlib.sha256(salt).digest(),
            time_cost=iterations,
            memory_cost=memory * _MIB,
            parallelism=parallelism,
            hash_len=KEY_BYTES,
            type=Type.ID,
        )
    except HashingError:
        # Whatever else it may be raised for was checked by those who call.
        raise MemoryError from None


def hkdf_expand(key: bytes, info: bytes) -> bytes:
    """The second step of HKDF with SHA-256 (RFC 5869, 2.3), 32 bytes."""
    return HKDFExpand(algorithm=hashes.SHA256(), length=KEY_BYTES, info=info).derive(key)


def mac_sha256(key: bytes, data: bytes) -> bytes:
    """HMAC-SHA-256."""
    code = hmac.HMAC(key, hashes.SHA256())
    code.update(data)
    return code.finalize()


def aes_encrypt(key: bytes, iv: bytes, data: bytes) -> bytes:
    """AES-256-CBC with PKCS#7 padding."""
    padder, encryptor = PKCS7(_BLOCK_BITS).padder(), Cipher(AES256(key), CBC(iv)).encryptor()
    return encryptor.update(padder.update(data) + padder.finalize()) + encryptor.finalize()


def aes_decrypt(key: bytes, iv: bytes, data: bytes) -> bytes:
    """The text of AES-256-CBC with PKCS#7 padding; raises `ValueError` for a wrong length or padding."""
    unpadder, decryptor = PKCS7(_BLOCK_BITS).unpadder(), Cipher(AES256(key), CBC(iv)).decryptor()
    return unpadder.update(decryptor.update(data) + decryptor.finalize()) + unpadder.finalize()


def rsa_decrypt(private_key: bytes, data: bytes, hash_name: str) -> bytes:
    """RSA-OAEP with a PKCS#8 key in DER; raises `ValueError` for a key that is none, or data that is not for it."""
    return _rsa_key(private_key).decrypt(data, _oaep(hash_name))


def rsa_encrypt(public_key: bytes, data: bytes, hash_name: str) -> bytes:
    """RSA-OAEP with the public half of a key, SubjectPublicKeyInfo in DER."""
    key = cast("rsa.RSAPublicKey", serialization.load_der_public_key(public_key))
    return key.encrypt(data, _oaep(hash_name))


def new_key_pair(bits: int = 2048) -> KeyPair:
    """A fresh RSA key, of the size that SecretSafe's clients make."""
    key, der = rsa.generate_private_key(public_exponent=65537, key_size=bits), serialization.Encoding.DER
    return KeyPair(
        key.private_bytes(der, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()),
        key.public_key().public_bytes(der, serialization.PublicFormat.SubjectPublicKeyInfo),
    )


def totp(seed: str, moment: float, hash_name: str, digits: int, period: int) -> str:
    """The code of RFC 6238 for a base32 *seed* without padding; raises `ValueError` for what it can't use."""
    generator = TOTP(_seed_bytes(seed), digits, _HASHES[hash_name], period, enforce_key_length=False)
    return generator.generate(moment).decode()


def steam_code(seed: str, moment: float) -> str:
    """The code that Steam makes of a base32 *seed*: the number of RFC 6238 in an alphabet of its own."""
    mac = hmac.HMAC(_seed_bytes(seed), _HASHES["SHA1"])
    mac.update(int(moment // _STEAM_PERIOD).to_bytes(8, "big"))
    digest = mac.finalize()
    offset = digest[-1] & 0xF
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFFFFFF
    letters = []
    for _ in range(_STEAM_LETTERS):
        number, letter = divmod(number, len(_STEAM_ALPHABET))
        letters.append(_STEAM_ALPHABET[letter])
    return "".join(letters)


def _seed_bytes(seed: str) -> bytes:
    """The bytes of a base32 text; bits at its end that make no whole byte are left out, as other clients do."""
    whole = seed[:-1] if len(seed) % 8 in _BASE32_REMAINDERS else seed
    return b32decode(whole + "=" * (-len(whole) % 8), casefold=True)


def _rsa_key(private_key: bytes) -> rsa.RSAPrivateKey:
    key = serialization.load_der_private_key(private_key, password=None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise ValueError("not an RSA key")  # noqa: TRY004  # what callers expect of any key that can't be used
    return key


def _oaep(hash_name: str) -> OAEP:
    chosen = _HASHES[hash_name]
    return OAEP(mgf=MGF1(chosen), algorithm=chosen, label=None)
