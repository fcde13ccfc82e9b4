"""What the tests of this folder share."""

from collections.abc import Iterator

import pytest

from mysafe_env.emulator.mysafe.server import Emulator
from tests.emulator.caller import Caller, calling


@pytest.fixture
def caller(emulator: Emulator) -> Iterator[Caller]:
    """A client with a token; each file of tests has an emulator of its own."""
    with calling(emulator) as started:
        yield started
