"""One-time codes, and the seeds that none can be made of."""

import pytest

from mysafe_env.sources.secretsafe.totp import TotpError, code_at

# The seeds of RFC 6238, appendix B, in base32: "12345678901234567890" and its longer sisters.
SEED = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
SEED_32 = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZA"


@pytest.mark.parametrize(
    ("stored", "moment", "code"),
    [
        (f"otpauth://totp/x?secret={SEED}&digits=8", 59, "94287082"),
        (f"otpauth://totp/x?secret={SEED_32}&digits=8&algorithm=SHA256", 59, "46119246"),
        (f"otpauth://totp/x?secret={SEED_32}&digits=8&algorithm=sha-256", 1111111109, "68084774"),
        (SEED, 59, "287082"),
        (SEED.lower(), 59, "287082"),
        ("gezd gnbv-gy3t qojq gezd gnbv gy3t qojq==", 59, "287082"),
        (f"OTPAUTH://TOTP/x?SECRET={SEED}&PERIOD=60", 119, "287082"),
        ("JBSWY3DPEHPK3PXP", 59, "996554"),
        ("JBSWY3DPEHPK3PXPJ", 59, "996554"),
        ("steam://JBSWY3DPEHPK3PXP", 59, "2YXGV"),
        ("Steam://jbsw y3dp ehpk 3pxp", 59, "2YXGV"),
    ],
)
def test_codes(stored: str, moment: float, code: str) -> None:
    """The codes of RFC 6238, however the seed is written; short seeds are common and are taken."""
    assert code == code_at(stored, moment)


@pytest.mark.parametrize(
    ("stored", "said"),
    [
        ("", "empty"),
        ("otpauth://totp/x", "empty"),
        ("canary!", "not in base32"),
        ("steam://", "empty"),
        ("steam://canary!", "not in base32"),
        (f"otpauth://hotp/x?secret={SEED}&counter=1", "do not go by time"),
        (f"otpauth://totp/x?secret={SEED}&algorithm=MD5", "algorithm"),
        (f"otpauth://totp/x?secret={SEED}&digits=10", "number of digits"),
        (f"otpauth://totp/x?secret={SEED}&period=0", "number of digits, or a period"),
        (f"otpauth://totp/x?secret={SEED}&period=soon", "number of digits, or a period"),
        ("otpauth://[totp/x", "malformed"),
        ("https://canary.test", "not known"),
    ],
)
def test_no_code(stored: str, said: str) -> None:
    """A seed that no code can be made of is refused with a reason that shows nothing of it."""
    with pytest.raises(TotpError) as caught:
        code_at(stored, 59)
    assert said in str(caught.value)
    assert "canary" not in str(caught.value)
