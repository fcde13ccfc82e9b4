"""Everything that reads an encrypted text, or one that was encrypted."""

from collections.abc import Callable, Mapping
from functools import cache

from mysafe_env.crypto.encstring import (
    SymmetricKey,
    decrypt,
    decrypt_text,
    decrypt_with_private_key,
    encrypt,
)
from mysafe_env.crypto.keys import unwrap, unwrap_with_private_key
from mysafe_env.crypto.primitives import new_key_pair
from mysafe_env.sources.secretsafe.totp import code_at
from tests.fuzzing.judge import judged

_KEY = SymmetricKey.of(bytes(range(64)))


@cache
def _private_key() -> bytes:
    return new_key_pair().private


def encstring(data: bytes) -> None:
    """An encrypted string, read in all ways."""
    text = data.decode("utf-8", "surrogateescape")
    for read in (
        lambda: decrypt(text, _KEY),
        lambda: decrypt_text(text, _KEY),
        lambda: unwrap(text, _KEY),
        lambda: decrypt_with_private_key(text, _private_key()),
        lambda: unwrap_with_private_key(text, _private_key()),
    ):
        with judged():
            read()


def decrypted(data: bytes) -> None:
    """What comes out of an encrypted string that its key opens."""
    sealed = encrypt(data, _KEY)
    assert data == decrypt(sealed, _KEY)
    with judged():
        decrypt_text(sealed, _KEY)
    with judged():
        unwrap(sealed, _KEY)
    with judged():
        decrypt_with_private_key(encrypt(data, _KEY).replace("2.", "4.", 1), data)


def totp(data: bytes) -> None:
    """A stored seed of one-time codes."""
    with judged():
        code_at(data.decode("utf-8", "surrogateescape"), 1_780_000_000)


TARGETS: Mapping[str, Callable[[bytes], None]] = {each.__name__: each for each in (encstring, decrypted, totp)}
