"""What holds for every test, and what several folders of them share."""

import signal
from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.support.forked import ForkServer

# How long an example takes says how busy the machine is; benchmarks measure time, tests do not.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

# Under nohup and in the background a shell has them ignored, and every command that a test starts would inherit that.
signal.signal(signal.SIGHUP, signal.SIG_DFL)
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGQUIT, signal.SIG_DFL)


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
