"""File systems: which one a folder is on, and whether that is in memory."""

import os
from typing import Final

_IN_MEMORY: Final = frozenset({"tmpfs", "ramfs"})


def file_system(folder: str) -> str:
    """The type of the file system that *folder* is on, such as `tmpfs`; empty where the system does not tell.

    `/proc/self/mountinfo` (proc(5)): the third field is the device, and the type follows a lone hyphen.
    Raises `OSError` if there is no such folder.
    """
    device = os.stat(folder).st_dev  # noqa: PTH116  # pathlib is slow to import
    wanted = f"{os.major(device)}:{os.minor(device)}"
    try:
        with open("/proc/self/mountinfo", encoding="utf-8", errors="replace") as mounts:  # noqa: PTH123  # see above
            lines = [line.split() for line in mounts]
    except OSError:  # macOS
        return ""
    return next((fields[fields.index("-") + 1] for fields in lines if fields[2] == wanted), "")


def is_in_memory(folder: str) -> bool:
    """Whether files in *folder* stay off the disks, swap aside; raises `OSError` if there is no such folder."""
    return file_system(folder) in _IN_MEMORY
