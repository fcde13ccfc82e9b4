"""Inputs that are made to cost much, in a process of their own: none may hang, or take 256 MiB."""

import json
import subprocess
import sys

import pytest

from tests.fuzzing.bombs import BOMBS
from tests.support.process import environment_for

# What hangs takes more than a slow machine needs for the rest.
SECONDS = 60.0
MOST_MIB = 256.0
PATIENCE = 1200.0
Blast = tuple[str, str, float, float, str]


@pytest.fixture(scope="module")
def blasts() -> dict[str, list[Blast]]:
    """What every bomb took, by target."""
    command = (sys.executable, "-m", "tests.fuzzing.blast")
    finished = subprocess.run(
        command, env=environment_for(None, measured=False), capture_output=True, timeout=PATIENCE, check=False
    )
    assert b"" == finished.stderr
    lines = [tuple(json.loads(line)) for line in finished.stdout.splitlines()]
    return {target: [blast for blast in lines if blast[0] == target] for target in BOMBS}


@pytest.mark.parametrize("target", BOMBS)
def test_bombs(blasts: dict[str, list[Blast]], target: str) -> None:
    """Each ends in a result or in words, soon, and in little memory."""
    assert list(BOMBS[target]) == [name for _, name, *_ in blasts[target]]
    assert [] == [blast for blast in blasts[target] if blast[4] or blast[2] > SECONDS or blast[3] > MOST_MIB]
