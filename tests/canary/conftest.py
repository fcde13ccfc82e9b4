"""What every canary test needs: a folder with everything in it."""

from pathlib import Path

import pytest

from tests.canary.cage import Cage
from tests.support.forked import ForkServer


@pytest.fixture
def cage(forks: ForkServer, tmp_path: Path) -> Cage:
    """A folder with a vault full of canaries, a mapping, an env file, templates, and nothing else."""
    return Cage(forks, tmp_path)
