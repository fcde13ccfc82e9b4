"""What the process tests start from."""

from pathlib import Path

import pytest


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A working folder whose mapping needs no vault."""
    (tmp_path / "mysafe.toml").write_text('[env]\nGREETING = "hello"\n')
    return tmp_path
