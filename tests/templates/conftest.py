"""What the tests of this folder share."""

from collections.abc import Iterator

import pytest

from tests.support.forked import ForkServer


@pytest.fixture(scope="session")
def forks() -> Iterator[ForkServer]:
    """Quick runs of the commands."""
    with ForkServer() as server:
        yield server
