"""What every canary test needs: a way to run the commands, and a folder with everything in it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.canary.cage import Cage
from tests.support.forked import ForkServer


@pytest.fixture(scope="package")
def forks() -> Iterator[ForkServer]:
    """One server of runs for all tests."""
    with ForkServer() as server:
        yield server


@pytest.fixture
def cage(forks: ForkServer, tmp_path: Path) -> Cage:
    """A folder with a vault full of canaries, a mapping, an env file, templates, and nothing else."""
    return Cage(forks, tmp_path)
