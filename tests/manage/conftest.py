"""The two systems that every command must treat alike."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.manage.commands import System, system
from tests.support.forked import ForkServer


@pytest.fixture(params=["local", "http"])
def vault(request: pytest.FixtureRequest, measured_forks: ForkServer, tmp_path: Path) -> Iterator[System]:
    """The vault of `commands`, as a file and over a socket."""
    with system(request.param, tmp_path, measured_forks) as opened:
        yield opened


@pytest.fixture
def local(measured_forks: ForkServer, tmp_path: Path) -> System:
    """The vault of `commands` as a file."""
    with system("local", tmp_path, measured_forks) as opened:
        return opened
