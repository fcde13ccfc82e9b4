"""What killed writers left: new files that wait for their place, though nobody is at work on them any more."""

# ruff: noqa: PTH108, PTH118, PTH208
# pathlib is slow to import

import fcntl
import os
import stat
from contextlib import suppress
from typing import Final

from mysafe_env.sinks.memory import file_system

_PREFIX: Final = ".mysafe-env-"
_RANDOM_BYTES: Final = 8
# Where a lock is seen by everybody who can write there. Of network file systems some ask their server, which may not
# answer, and others keep locks to one machine.
_LOCAL: Final = frozenset({"btrfs", "ext2", "ext3", "ext4", "f2fs", "overlay", "ramfs", "tmpfs", "xfs", "zfs"})


def hidden_path(folder: str) -> str:
    """A path for a new file, which nobody else uses."""
    return os.path.join(folder, f"{_PREFIX}{os.urandom(_RANDOM_BYTES).hex()}")


def has_reliable_locks(folder: str) -> bool:
    """Whether a lock tells for sure that a writer is at work."""
    try:
        return file_system(folder) in _LOCAL
    except (OSError, ValueError):
        return False


def remove_leftovers(folder: str) -> None:
    """Remove the files under hidden paths that nobody has locked, in a folder with reliable locks."""
    with suppress(OSError):
        for name in os.listdir(folder):
            if name.startswith(_PREFIX) and len(name) == len(_PREFIX) + 2 * _RANDOM_BYTES:
                with suppress(OSError):
                    _remove_unlocked(os.path.join(folder, name))


def _remove_unlocked(path: str) -> None:
    status = os.lstat(path)
    # What root has written may have been given away already.
    if not stat.S_ISREG(status.st_mode) or os.geteuid() not in {0, status.st_uid}:
        return
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.unlink(path)
    finally:
        os.close(descriptor)
