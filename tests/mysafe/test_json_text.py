"""JSON from elsewhere: what of it is read, and what is too deep, too much or not JSON."""

import pytest

from mysafe_env.sources.json_text import parse_json


@pytest.mark.parametrize(
    ("data", "value"),
    [
        (b'{"a": [1, 2.5, null, true, "\xc3\xa9"]}', {"a": [1, 2.5, None, True, "é"]}),
        (b"\xef\xbb\xbf[]", []),
        (b"[" * 100 + b"]" * 100, None),
        (b"7", 7),
        (b"[" + b"1," * 900_000 + b"1]", None),
    ],
    ids=["everything", "byte order mark", "a hundred levels", "a number", "almost a million values"],
)
def test_read(data: bytes, value: object) -> None:
    """JSON is read as it is meant."""
    found = parse_json(data)
    assert value is None or value == found


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"\xff",
        b'{"a": NaN}',
        b"[-Infinity]",
        b"1e999",
        b'{"a": 1, "a": 2}',
        b"[" * 101 + b"]" * 101,
        b"[" * 100_000,
        b"9" * 10_000,
        b"[" + b"1," * 1_000_000 + b"1]",
    ],
    ids=lambda data: data[:12].decode("latin-1"),
)
def test_refused(data: bytes) -> None:
    """What is no JSON, is ambiguous, or would cost much more than its size, is no value."""
    with pytest.raises(ValueError):  # noqa: PT011  # the one error that there is
        parse_json(data)


def test_a_large_text_may_have_more_values() -> None:
    """A vault of tens of megabytes has a value for some twenty bytes."""
    data = b"[" + b'"' + b"x" * 18_000_000 + b'"' + b",1" * 1_100_000 + b"]"
    assert 1_100_001 == len(parse_json(data))  # type: ignore[arg-type]  # a list


def test_numbers_as_they_were_written() -> None:
    """Digits may count: a number becomes what the caller makes of its text."""
    assert ["007", "1.50", "9" * 5_000] == parse_json(b'["007", 1.50, ' + b"9" * 5_000 + b"]", str)
