"""Damaged mappings: whatever happens to a file, it is read or refused in words, and no value is shown."""

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mysafe_env.errors import MappingError, Report
from tests.support.mappings import NAME, plan_text

CANARY = "canaryzqx"
FOLDER = Path(__file__).parent.parent / "grammar" / "mapping" / "accepted"
# The literals of variables become canaries; keys, kinds and references keep their meaning.
_LITERAL = re.compile(rb'^([A-Z_]+ = (?:\{ value = )?)"(?!mysafe:|")[^"\n]*"', re.MULTILINE)
CORPUS = [_LITERAL.sub(rb'\1"' + CANARY.encode() + b'"', path.read_bytes()) for path in sorted(FOLDER.glob("*.toml"))]


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """An accepted mapping with one to three injuries."""
    data = draw(st.sampled_from(CORPUS))
    for _ in range(draw(st.integers(1, 3))):
        data = draw(st.sampled_from([_flip, _lines, _swap, _insert]))(draw, data)
    return data


def _flip(draw: st.DrawFn, data: bytes) -> bytes:
    if not data:
        return data
    at = draw(st.integers(0, len(data) - 1))
    return data[:at] + bytes([data[at] ^ (1 << draw(st.integers(0, 7)))]) + data[at + 1 :]


def _lines(draw: st.DrawFn, data: bytes) -> bytes:
    """One line dropped, doubled or moved to the end."""
    lines = data.split(b"\n")
    line = lines.pop(draw(st.integers(0, len(lines) - 1)))
    where = draw(st.sampled_from(["nowhere", "twice", "end"]))
    return b"\n".join(lines if where == "nowhere" else [*lines, *[line] * (1 + (where == "twice"))])


def _swap(draw: st.DrawFn, data: bytes) -> bytes:
    """Two words exchanged; the canary stays where it is, since a key may be shown."""
    words = re.split(rb"(\w+)", data)
    places = [at for at in range(1, len(words), 2) if words[at] != CANARY.encode()]
    if len(places) > 1:
        one, other = draw(st.sampled_from(places)), draw(st.sampled_from(places))
        words[one], words[other] = words[other], words[one]
    return b"".join(words)


def _insert(draw: st.DrawFn, data: bytes) -> bytes:
    at = draw(st.integers(0, len(data)))
    tokens = [
        b"[",
        b"]",
        b"[[",
        b"{",
        b"}",
        b'"',
        b"'",
        b'"""',
        b"=",
        b".",
        b",",
        b"#",
        b"\\",
        b"\0",
        b"\n",
        b"\xff",
        b"1",
        b"{{",
    ]
    return data[:at] + draw(st.sampled_from(tokens)) + data[at:]


@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(mutated())
def test_a_damaged_mapping(data: bytes) -> None:
    """Reading and planning end in a plan, or in reports that begin with the file's name and repeat no value."""
    for report in _reports(data):
        assert re.match(rf"\S*/{re.escape(NAME)}(:\d+)?: ", report.message)
        assert report.message.isprintable()
        assert CANARY not in report.message + report.hint


def _reports(data: bytes) -> tuple[Report, ...]:
    try:
        plan_text(data)
    except MappingError as error:
        return error.reports
    return ()


def test_the_corpus_holds_canaries() -> None:
    """Most of the mappings that have a literal hold the value that is looked for."""
    assert 10 <= sum(CANARY.encode() in data for data in CORPUS)


@pytest.mark.parametrize("data", CORPUS, ids=range(len(CORPUS)))
def test_the_corpus_is_accepted(data: bytes) -> None:
    """Before the damage, every mapping can be planned."""
    plan_text(data)
