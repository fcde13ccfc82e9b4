"""Files that people write, read whole under a limit that none of them reaches."""

import errno
from typing import BinaryIO, Final

LIMIT: Final = 4 * 2**20
"""Bytes. The environment of a process is smaller than that; a device has no end."""


def read_small_file(path: str) -> bytes:
    """The content of a file; raises `OSError`, also for one that is larger than `LIMIT` or has no end."""
    with open(path, "rb") as file:  # noqa: PTH123  # pathlib is slow to import
        return read_small(file)


def read_small(file: BinaryIO, limit: int = LIMIT) -> bytes:
    """The rest of an open file, under a limit in bytes."""
    data = file.read(limit + 1)
    if len(data) > limit:
        raise OSError(errno.EFBIG, f"it is larger than {limit >> 20} MiB")
    return data
