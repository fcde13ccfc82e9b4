"""What holds for every test, and what several folders of them share."""

from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.support.forked import ForkServer

# How long an example takes says how busy the machine is; benchmarks measure time, tests do not.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def forks() -> Iterator[ForkServer]:
    """Quick runs of the commands."""
    with ForkServer() as server:
        yield server
