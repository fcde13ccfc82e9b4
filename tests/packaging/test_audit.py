"""The audit of what is installed: it fails for a vulnerability, and never because nobody answered."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

AUDIT = Path(__file__).parents[2] / ".ci" / "audit"


def _audit(folder: Path, program: str) -> tuple[int, str]:
    """Exit code and output of the audit, with *program* in place of pip-audit."""
    (folder / "pip_audit.py").write_text(program, "utf-8")
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(folder)}
    done = subprocess.run(
        [sys.executable, str(AUDIT)], env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    return done.returncode, done.stdout


def _answer(*packages: Mapping[str, object]) -> str:
    return f"print({json.dumps({'dependencies': packages})!r})"


def test_a_vulnerability_fails(tmp_path: Path) -> None:
    """Package, version and number are told."""
    found = {"name": "requests", "version": "2.0", "vulns": [{"id": "PYSEC-1"}, {"id": "PYSEC-2"}]}
    code, told = _audit(tmp_path, _answer(found, {"name": "jinja2", "version": "3", "vulns": []}))
    assert 1 == code
    assert "VULNERABLE: requests 2.0: PYSEC-1, PYSEC-2\naudited: jinja2, requests\nnot audited" in told
    assert "urllib3" in told


@pytest.mark.parametrize(
    "program",
    ["raise SystemExit(1)", "print('no JSON')", "print('{}')", _answer({"name": "requests", "skip_reason": "unknown"})],
)
def test_no_answer_is_no_failure(tmp_path: Path, program: str) -> None:
    """What was not audited is said, and nothing is said to be fine."""
    code, told = _audit(tmp_path, program)
    assert (0, True) == (code, told.startswith("not audited"))
    assert {"requests", "jinja2", "click", "cryptography"} <= {name.strip(",") for name in told.split()}
    assert "hypothesis" not in told
