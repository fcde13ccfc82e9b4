"""What a test asks of files and folders."""

import stat
from pathlib import Path


def permissions(path: str | Path) -> int:
    """The mode bits of what *path* is or leads to."""
    return stat.S_IMODE(Path(path).stat().st_mode)


def names(folder: Path) -> list[str]:
    """What lies in a folder."""
    return [path.name for path in folder.iterdir()]
