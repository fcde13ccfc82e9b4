"""New files, which have their content, mode and owner, and are on the disk, before they take their place."""

# ruff: noqa: PTH105, PTH108, PTH120
# pathlib is slow to import

import os
from contextlib import suppress
from typing import Final

from mysafe_env.sinks.owners import Owner

_PRIVATE: Final = 0o600
_CLOSED: Final = -1


class OwnerError(PermissionError):
    """The file can't be given to its owner."""


class NewFile:
    """A complete file that has not taken its place yet.

    On Linux it has no name until then (O_TMPFILE of open(2)), so that a process which is killed leaves nothing of it.
    Where the system has no such files, it waits under the path *hidden*, which nobody else uses.
    Raises `OwnerError` if it can't be given to *owner*, and `OSError`; nothing is left then.
    """

    def __init__(self, hidden: str, data: bytes, mode: int, owner: Owner = (-1, -1)) -> None:
        self._hidden = hidden
        self._content = data, mode, owner
        self._descriptor = _CLOSED
        self._is_seen = self._is_placed = False
        try:
            self._descriptor = _open_unnamed(os.path.dirname(hidden) or ".")
            if self._descriptor == _CLOSED:
                self._open_hidden()
            _fill(self._descriptor, data, mode, owner)
        except BaseException:
            self.close()
            raise

    def replace(self, target: str) -> None:
        """Take the place of *target* in one step; raises `OSError`."""
        self._show()
        os.replace(self._hidden, target)
        self._is_placed = True

    def status(self) -> os.stat_result:
        """Its status, once it has taken its place."""
        return os.fstat(self._descriptor)

    def wait_hidden(self) -> None:
        """Go on under the hidden path, without a descriptor."""
        self._show()
        os.fsync(self._descriptor)
        self._close_descriptor()

    def close(self) -> None:
        """Remove the file, or, if it has taken its place, have that written to the disk."""
        with suppress(OSError):
            if not self._is_placed:
                os.unlink(self._hidden)
            elif self._descriptor != _CLOSED:
                # As long as it had no name, some file systems (btrfs) wrote down nothing that a power cut could spare.
                os.fsync(self._descriptor)
        self._close_descriptor()

    def _show(self) -> None:
        """Have the file under its hidden path."""
        if self._is_seen:
            return
        try:
            _link(self._descriptor, self._hidden)
            self._is_seen = True
        except OSError:
            # There is no /proc, or the file is not ours any more. Written again, it will have a name, or tell why not.
            self._close_descriptor()
            self._open_hidden()
            _fill(self._descriptor, *self._content)

    def _open_hidden(self) -> None:
        self._is_seen = True
        # It was not there before: nobody else can have opened it, nor put a link in its place.
        self._descriptor = os.open(self._hidden, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE)

    def _close_descriptor(self) -> None:
        if self._descriptor != _CLOSED:
            os.close(self._descriptor)
            self._descriptor = _CLOSED


def _open_unnamed(folder: str) -> int:
    try:
        return os.open(folder, os.O_WRONLY | os.O_TMPFILE, _PRIVATE)
    except (AttributeError, OSError):
        # AttributeError: not on Linux. For whatever reason else, opening a file with a name tells it.
        return _CLOSED


def _link(descriptor: int, path: str) -> None:
    """Give a name to an open file that has none."""
    # With a descriptor for the source's folder, which an absolute path makes no use of, Python calls linkat(2), which
    # can follow the link in /proc; without one it calls link(2), which can't.
    os.link(f"/proc/self/fd/{descriptor}", path, src_dir_fd=descriptor, follow_symlinks=True)


def _fill(descriptor: int, data: bytes, mode: int, owner: Owner) -> None:
    with os.fdopen(descriptor, "wb", closefd=False) as file:
        file.write(data)
    if owner != (-1, -1):
        _give(descriptor, owner)
    # After the owner, whose change takes some bits away.
    os.fchmod(descriptor, mode)
    os.fsync(descriptor)


def _give(descriptor: int, owner: Owner) -> None:
    try:
        os.fchown(descriptor, *owner)
    except OSError as error:
        raise OwnerError(error.errno, error.strerror) from None
