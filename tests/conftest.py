"""What holds for every test, and what several folders of them share."""

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from tests.support import surroundings
from tests.support.forked import ForkServer

# How long something takes says how busy the machine is: benchmarks measure time, tests do not. And the examples are the
# same each time: what chance alone finds is looked for by `python -m tests.fuzzing`.
settings.register_profile("settled", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("settled")

surroundings.settle()


@pytest.fixture(scope="session", autouse=True)
def _home(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A home where nothing is remembered of servers that had the same port before."""
    os.environ["HOME"] = str(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="session")
def forks() -> Iterator[ForkServer]:
    """Quick runs of the commands."""
    with ForkServer() as server:
        yield server


@pytest.fixture(scope="session")
def measured_forks() -> Iterator[ForkServer]:
    """Runs of the commands that count for coverage."""
    with ForkServer(measured=True) as server:
        yield server
