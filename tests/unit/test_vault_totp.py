"""One-time codes."""

import pytest

from mysafe_env.vault.totp import code_at, is_seed

RFC_SEED = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


@pytest.mark.parametrize(
    ("moment", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_codes_of_the_rfc(moment: int, code: str) -> None:
    """The codes are the last six digits of RFC 6238's table, leading zeros included."""
    assert code == code_at(RFC_SEED, moment)


def test_a_seed_may_be_written_as_services_show_it() -> None:
    """Spaces, lower case and padding change nothing."""
    assert code_at("MFRGGZDFMY", 0) == code_at("mfrg gzdf my======", 0)


@pytest.mark.parametrize(
    ("seed", "whole"),
    [("MFRGGZDFM", "MFRGGZDF"), ("MFRGGZDFMZT", "MFRGGZDFMY"), ("MFRGGZDFMZTWQ2", "MFRGGZDFMZTWQ===")],
)
def test_a_seed_of_any_length_has_codes(seed: str, whole: str) -> None:
    """Bits at its end that make no whole byte are left out, as authenticator apps do."""
    assert code_at(whole, 0) == code_at(seed, 0)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("MFRGGZDF", True),
        ("mfrg gzdf my======", True),
        ("MFRGGZDFMZT", True),
        ("", False),
        ("====", False),
        ("MFRGGZD1", False),
        ("A", False),
    ],
)
def test_seeds(text: str, expected: bool) -> None:  # noqa: FBT001  # a table's column
    """A seed is made of A-Z and 2-7, and of a byte at least."""
    assert expected is is_seed(text)
