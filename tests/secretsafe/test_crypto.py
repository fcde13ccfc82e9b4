"""Encrypted strings and the keys that open them, against published vectors and against tampering."""

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mysafe_env.crypto.encstring import (
    CipherError,
    MacError,
    SymmetricKey,
    UnsupportedCipherError,
    decrypt,
    decrypt_text,
    decrypt_with_private_key,
    encrypt,
    encrypt_for,
)
from mysafe_env.crypto.keys import (
    ARGON2ID,
    PBKDF2,
    Kdf,
    KdfError,
    master_key,
    stretch,
    unwrap,
    unwrap_with_private_key,
)
from mysafe_env.crypto.primitives import aes_encrypt, argon2id, hkdf_expand, mac_sha256, new_key_pair, pbkdf2
from tests.support.process import run_python

KEY = SymmetricKey.of(bytes(range(64)))
PAIR = new_key_pair()


def _encoded(kind: int, *parts: bytes) -> str:
    return f"{kind}." + "|".join(base64.b64encode(part).decode() for part in parts)


@given(st.binary(max_size=200))
@settings(max_examples=50)
def test_what_is_encrypted_can_be_decrypted(data: bytes) -> None:
    """Any bytes survive the way there and back."""
    assert data == decrypt(encrypt(data, KEY), KEY)


def test_hkdf_expand() -> None:
    """The second step of HKDF is that of RFC 5869, test case 1."""
    key = bytes.fromhex("077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5")
    expected = "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"
    assert expected == hkdf_expand(key, bytes.fromhex("f0f1f2f3f4f5f6f7f8f9")).hex()


def test_pbkdf2() -> None:
    """PBKDF2 is that of RFC 7914, section 11, cut to 32 bytes."""
    expected = "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc"
    assert expected == pbkdf2(b"passwd", b"salt", 1).hex()


def test_argon2id_hashes_its_salt() -> None:
    """A salt that is too short for Argon2 itself is fine, and another one gives another key."""
    first, second = (argon2id(b"password", salt, 2, 15, 1) for salt in (b"a", b"b"))
    assert 32 == len(first)
    assert first != second


def test_memory_that_is_not_there() -> None:
    """A machine that has not the memory that Argon2id wants says so, and how much that is."""
    code = """
import resource
from mysafe_env.crypto.keys import Kdf, KdfError, master_key
resource.setrlimit(resource.RLIMIT_AS, (2**29, 2**29))
try:
    master_key(b"password", "salt", Kdf(1, 2, 1024, 1))
except KdfError as error:
    print(error)
"""
    assert "Argon2id needs 1024 MiB of memory for it, which this machine does not give" == run_python(code).output


def test_e_mail_case_and_spaces_don_t_matter() -> None:
    """The salt is the e-mail address, trimmed and in lower case."""
    kdf = Kdf(PBKDF2, 5000)
    assert master_key(b"p", "ada@example.test", kdf) == master_key(b"p", "  Ada@Example.TEST ", kdf)


def test_stretched_halves_differ() -> None:
    """The two halves of a stretched key come of two different labels."""
    key = stretch(bytes(32))
    assert key.encryption != key.mac


@pytest.mark.parametrize(
    ("kdf", "said"),
    [
        (Kdf(PBKDF2, 4_999), "4999 rounds of PBKDF2"),
        (Kdf(PBKDF2, 2_000_001), "2000001 rounds of PBKDF2"),
        (Kdf(PBKDF2, -1), "-1 rounds"),
        (Kdf(ARGON2ID, 1, 64, 4), "1 rounds of Argon2id"),
        (Kdf(ARGON2ID, 11, 64, 4), "11 rounds of Argon2id"),
        (Kdf(ARGON2ID, 3, 14, 4), "14 MiB"),
        (Kdf(ARGON2ID, 3, 102_400, 4), "102400 MiB"),
        (Kdf(ARGON2ID, 3, 64, 17), "17 lanes"),
        (Kdf(ARGON2ID, 3, 64, 0), "0 lanes"),
        (Kdf(2, 600_000), "not known (2)"),
    ],
)
def test_a_server_may_not_ask_for_too_little_or_too_much(kdf: Kdf, said: str) -> None:
    """A key derivation that is weak, huge or unknown is refused before anything is computed."""
    with pytest.raises(KdfError) as caught:
        master_key(b"p", "a@b.test", kdf)
    assert said in str(caught.value)


@pytest.mark.parametrize("place", ["iv", "data", "mac"])
def test_a_changed_string_is_refused(place: str) -> None:
    """One flipped bit anywhere fails the MAC, which is looked at before anything is decrypted."""
    kind, _, rest = encrypt(b"value", KEY).partition(".")
    parts = [bytearray(base64.b64decode(part)) for part in rest.split("|")]
    parts[["iv", "data", "mac"].index(place)][0] ^= 1
    with pytest.raises(MacError):
        decrypt(_encoded(int(kind), *map(bytes, parts)), KEY)


def test_another_key_is_refused() -> None:
    """A string that belongs to another key fails the MAC."""
    with pytest.raises(MacError):
        decrypt(encrypt(b"value", SymmetricKey.new()), KEY)


def test_the_padding_is_strict() -> None:
    """A valid MAC over a block that is not padded is an error of its own."""
    iv = bytes(16)
    # The padding of a full block is a block of its own, which is cut off here.
    data = aes_encrypt(KEY.encryption, iv, b"0123456789abcdef")[:16]
    with pytest.raises(CipherError, match="not padded"):
        decrypt(_encoded(2, iv, data, mac_sha256(KEY.mac, iv + data)), KEY)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (_encoded(0, bytes(16), bytes(16)), "without a check against changes"),
        ("AAAAAAAAAAAAAAAAAAAAAA==|AAAA", "without a check against changes"),
        (_encoded(7, b"\x83\x58"), "does not support (type 7)"),
        (_encoded(1, bytes(16), bytes(16), bytes(32)), "does not support (type 1)"),
        (_encoded(4, bytes(256)), "does not support (type 4)"),
    ],
)
def test_other_types_are_refused_with_a_reason(text: str, said: str) -> None:
    """What can't be read safely, or at all, is refused by its type."""
    with pytest.raises(UnsupportedCipherError) as caught:
        decrypt(text, KEY)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    "text",
    ["", "plain text", "2.", "2.a|b|c", "2.AAAA", _encoded(2, bytes(15), bytes(16), bytes(32)), "2.AAAA|AAAA|AAA!"],
)
def test_what_is_no_encrypted_string_is_refused(text: str) -> None:
    """Malformed strings are errors without a word of their text."""
    with pytest.raises(CipherError) as caught:
        decrypt(text, KEY)
    assert "AAAA" not in str(caught.value)


def test_text_is_utf_8() -> None:
    """Bytes that are no text are refused where text is wanted."""
    assert "ä🔑" == decrypt_text(encrypt("ä🔑".encode(), KEY), KEY)
    with pytest.raises(CipherError, match="holds no text"):
        decrypt_text(encrypt(b"\xff", KEY), KEY)


def test_keys_are_unwrapped() -> None:
    """A key travels encrypted by another key, or for the owner of an RSA key."""
    assert KEY == unwrap(encrypt(KEY.to_bytes(), stretch(bytes(32))), stretch(bytes(32)))
    assert KEY == unwrap_with_private_key(encrypt_for(KEY.to_bytes(), PAIR.public), PAIR.private)


def test_obsolete_rsa_types_are_read() -> None:
    """Type 6 is type 4 with a MAC behind it, which nobody uses."""
    text = "6" + encrypt_for(b"data", PAIR.public)[1:] + "|AAAA"
    assert b"data" == decrypt_with_private_key(text, PAIR.private)


@pytest.mark.parametrize(
    ("text", "private_key", "said"),
    [
        (encrypt_for(b"data", PAIR.public), new_key_pair().private, "does not belong"),
        (encrypt_for(b"data", PAIR.public), b"no key", "does not belong"),
        (encrypt(b"data", KEY), PAIR.private, "type 2"),
    ],
    ids=["another-key", "no-key", "symmetric"],
)
def test_what_the_private_key_can_t_open(text: str, private_key: bytes, said: str) -> None:
    """A key for somebody else, a broken private key, and a string that is not for one."""
    with pytest.raises(CipherError) as caught:
        decrypt_with_private_key(text, private_key)
    assert said in str(caught.value)


def test_a_key_has_64_bytes() -> None:
    """A key of another length is refused."""
    with pytest.raises(CipherError, match="32 bytes instead of 64"):
        unwrap(encrypt(bytes(32), KEY), KEY)


def test_a_key_does_not_show_itself() -> None:
    """The repr of a key has nothing of it."""
    assert "SymmetricKey()" == repr(KEY)
