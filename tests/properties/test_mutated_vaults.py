"""Damaged vault files: whatever happens to one, it is read or refused in words, and no value is shown."""

import re
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings

from mysafe_env.errors import Report, VaultFileError
from mysafe_env.vault.reader import read_vault
from tests.properties.damage import CANARY, damaged

_ROOT = Path(__file__).parents[2]
_FILES = [*sorted((_ROOT / "tests/grammar/vault/accepted").glob("*.toml")), _ROOT / "mysafe_env/demo/vault.toml"]
# Every secret field of one line becomes the canary.
_SECRET = re.compile(rb"""^((?:password|note|client_secret)\s*=\s*)(?:"[^"\n]*"|'[^'\n]*')(?!["'])""", re.MULTILINE)
CORPUS = [_SECRET.sub(rb'\1"' + CANARY.encode() + b'"', path.read_bytes()) for path in _FILES]


@settings(max_examples=500, suppress_health_check=[HealthCheck.too_slow])
@given(damaged(CORPUS))
def test_a_damaged_vault(data: bytes) -> None:
    """Reading ends in a vault, or in reports that begin with the file's name and repeat no value."""
    for report in _reports(data):
        assert re.match(r"\S*/vault\.toml(:\d+)?: ", report.message), report
        assert report.message.isprintable()
        assert CANARY not in report.message + report.hint


def test_the_corpus_holds_canaries() -> None:
    """Small and large vaults hold the value that is looked for, and none has a problem before the damage."""
    assert 2 <= sum(CANARY.encode() in data for data in CORPUS)
    assert [] == [report for data in CORPUS for report in _reports(data)]


def _reports(data: bytes) -> tuple[Report, ...]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "vault.toml")
        path.write_bytes(data)
        path.chmod(0o600)
        try:
            read_vault(str(path))
        except VaultFileError as error:
            return error.reports
    return ()
