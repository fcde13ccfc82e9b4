"""What the tests of this folder share."""

from pathlib import Path

import pytest

from tests.render.site import Site


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A folder for one test."""
    return Site(tmp_path)
