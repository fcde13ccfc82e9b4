"""Damaged mappings: whatever happens to a file, it is read or refused in words, and no value is shown."""

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from mysafe_env.errors import MappingError, Report
from tests.properties.damage import CANARY, damaged
from tests.support.mappings import NAME, plan_text

FOLDER = Path(__file__).parent.parent / "grammar" / "mapping" / "accepted"
# The literals of variables become canaries; keys, kinds and references keep their meaning.
_LITERAL = re.compile(rb'^([A-Z_]+ = (?:\{ value = )?)"(?!mysafe:|secretsafe:|")[^"\n]*"', re.MULTILINE)
CORPUS = [_LITERAL.sub(rb'\1"' + CANARY.encode() + b'"', path.read_bytes()) for path in sorted(FOLDER.glob("*.toml"))]


@settings(max_examples=600, suppress_health_check=[HealthCheck.too_slow])
@given(damaged(CORPUS))
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
