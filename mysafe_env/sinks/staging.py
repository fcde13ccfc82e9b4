"""A hidden folder beside the targets, where new files wait until all of them are complete."""

# ruff: noqa: PTH101, PTH102, PTH106, PTH112, PTH118, PTH208
# pathlib is slow to import

import fcntl
import os
from contextlib import suppress
from typing import Final

from mysafe_env.sinks.file_systems import file_system
from mysafe_env.sinks.new_files import NewFile
from mysafe_env.sinks.owners import Owner
from mysafe_env.sinks.random_digits import are_random_digits, random_digits

_PREFIX: Final = ".mysafe-env-new-"
_RANDOM_BYTES: Final = 8
_PRIVATE: Final = 0o700
# Where the lock of a folder is seen by everybody who can write there. Those of network file systems, and of folders
# that a virtual machine shares with its host, are seen on one machine only. Nothing is told on macOS, and of btrfs.
_LOCAL: Final = frozenset({"", "ext2", "ext3", "ext4", "f2fs", "overlay", "ramfs", "tmpfs", "xfs", "zfs"})


class Staging:
    """The hidden folder of one run, which only its owner may look into; a living run holds its lock.

    On the same file system as the targets, so that a file moves to its place in one step.
    Raises `OSError`.
    """

    def __init__(self, folder: str) -> None:
        self._path, self._lock = _make_locked(folder)
        self._number = 0

    def write(self, data: bytes, mode: int, owner: Owner) -> NewFile:
        """A new file with everything it should have, written to the disk; to be closed before the folder."""
        return NewFile(self._next(), data, mode, owner)

    def link(self, path: str) -> str:
        """The path of another name for a file that is there."""
        linked = self._next()
        os.link(path, linked, follow_symlinks=False)
        return linked

    def close(self) -> None:
        """Remove the folder with everything that is still in it."""
        _empty(self._lock)
        _remove_empty(self._path)
        os.close(self._lock)

    def _next(self) -> str:
        self._number += 1
        return os.path.join(self._path, str(self._number))


def remove_stale(folder: str) -> None:
    """Remove the hidden folders of killed runs: those that belong to us, and whose lock nobody holds any more."""
    with suppress(OSError, ValueError):
        names = [name for name in os.listdir(folder) if _is_of_staging(name)]
        if names and file_system(folder) in _LOCAL:
            for name in names:
                with suppress(OSError):
                    _remove_stale(os.path.join(folder, name))


def _is_of_staging(name: str) -> bool:
    digits = name.removeprefix(_PREFIX)
    return name != digits and are_random_digits(digits, _RANDOM_BYTES)


def _make_locked(folder: str) -> tuple[str, int]:
    """A new folder and a descriptor of it that holds the lock."""
    while True:
        path = os.path.join(folder, f"{_PREFIX}{random_digits(_RANDOM_BYTES)}")
        os.mkdir(path, _PRIVATE)
        try:
            descriptor = _lock(path)
        except BaseException:
            _remove_empty(path)
            raise
        if descriptor is not None:
            return path, descriptor


def _lock(path: str) -> int | None:
    """A descriptor of a new folder that holds the lock; None if another run took the folder for a stale one."""
    try:
        descriptor = _open_new(path)
    except FileNotFoundError:
        return None
    # Waits for a run that looks at the folder. Without locks in the file system, nobody takes it for stale.
    with suppress(OSError):
        fcntl.flock(descriptor, fcntl.LOCK_EX)
    if os.path.isdir(path):
        return descriptor
    os.close(descriptor)
    return None


def _open_new(path: str) -> int:
    try:
        return _open(path)
    except PermissionError:
        # The umask takes from the owner, too.
        os.chmod(path, _PRIVATE)
        return _open(path)


def _remove_stale(path: str) -> None:
    descriptor = _open(path)
    try:
        status = os.fstat(descriptor)
        if status.st_uid == os.geteuid() and status.st_mode & 0o777 == _PRIVATE:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _empty(descriptor)
            os.rmdir(path)
    finally:
        os.close(descriptor)


def _remove_empty(path: str) -> None:
    with suppress(OSError):
        os.rmdir(path)


def _open(path: str) -> int:
    return os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)


def _empty(descriptor: int) -> None:
    with suppress(OSError):
        for name in os.listdir(descriptor):
            os.unlink(name, dir_fd=descriptor)
