"""Writing a file in a single step, in place of the one that is there."""

# ruff: noqa: PTH110, PTH112, PTH113, PTH114, PTH115, PTH116, PTH118, PTH120
# pathlib is slow to import

import errno
import os
import stat
from collections.abc import Mapping
from contextlib import closing, suppress
from typing import Final

from mysafe_env.errors import SinkError
from mysafe_env.sinks.folder_links import refuse_foreign_links
from mysafe_env.sinks.new_files import OwnerError
from mysafe_env.sinks.owners import Owner
from mysafe_env.sinks.staging import Staging, remove_stale

_MOST_LINKS: Final = 40
_PRIVATE: Final = 0o600
_HINTS: Final[Mapping[int | None, str]] = {
    errno.EPERM: "see ls -ld and lsattr: is it immutable, or another user's in a directory with the sticky bit?",
    errno.EBUSY: "a file that is mounted can't be replaced; mount its folder instead",
    errno.ENOSPC: "nothing was changed; make room there (df -h, df -i), and try again",
    errno.EDQUOT: "nothing was changed; make room in the quota, and try again",
    errno.EMFILE: "nothing was changed; allow more open files (ulimit -n), and try again",
}


def write_atomically(path: str, data: bytes, mode: int = 0o600, owner: Owner = (-1, -1)) -> None:
    """*data* as the whole content of the file *path*, with *mode* whatever the umask.

    A reader sees the old file or the new one; after a failure the old one stands, with nothing beside it. What a
    killed process has left beside it before is removed.
    A symbolic link of our own is followed. Raises `SinkError`, and `OwnerError` if it can't be given to *owner*.
    """
    replace_file(path, data, mode, owner)


def replace_file(path: str, data: bytes, mode: int, owner: Owner) -> os.stat_result:
    """The same, with the status of the new file, by which it can be known again."""
    target = follow_own_links(path)
    refuse_special_file(target)
    folder = os.path.dirname(target) or "."
    try:
        status = _replace(target, folder, data, mode, owner)
    except OwnerError:
        raise
    except (OSError, ValueError) as error:
        raise _write_error(path, folder, error) from None
    sync_folder(folder)
    return status


def check_place(path: str) -> None:
    """Raise the `SinkError` of writing a file there, as far as that can be known before; nothing is left behind."""
    target = follow_own_links(path)
    refuse_special_file(target)
    folder = os.path.dirname(target) or "."
    try:
        _try_place(target, folder)
    except (OSError, ValueError) as error:
        raise _write_error(path, folder, error) from None


def follow_own_links(path: str) -> str:
    """The path at the end of a chain of links, each of them ours and out of reach of others; raises `SinkError`.

    The folders on the way may be links of root, too.
    """
    for _ in range(_MOST_LINKS):
        refuse_foreign_links(os.path.dirname(path))
        if not os.path.islink(path):
            return path
        _refuse_descriptor(path)
        _refuse_foreign_link(path)
        path = os.path.join(os.path.dirname(path), os.readlink(path))
    raise SinkError(f"{path} is a symbolic link that leads back to itself", "remove it")


def _refuse_descriptor(path: str) -> None:
    """What /dev/stdout leads to: the file behind it may be a log that others write to."""
    if os.path.realpath(os.path.dirname(path)).startswith("/proc/"):
        raise SinkError(f"{path} is an open file of a process", "name a file, or write to standard output")


def _refuse_foreign_link(path: str) -> None:
    if os.lstat(path).st_uid != os.geteuid():
        raise SinkError(f"{path} is a symbolic link of another user", "name the file that it points at, or remove it")
    if os.stat(os.path.dirname(path) or ".").st_mode & stat.S_IWOTH:
        raise SinkError(
            f"{path} is a symbolic link in a directory that everybody can write in",
            "name the file that it points at, or move the link",
        )


def refuse_special_file(path: str) -> None:
    """Raise `SinkError` for a directory, a device, a pipe or a socket."""
    if os.path.isdir(path):
        raise SinkError(f"{path} is a directory", "name a file in it")
    if os.path.exists(path) and not os.path.isfile(path):
        raise SinkError(f"{path} is not a regular file", "name a file, or write to standard output")


def _replace(target: str, folder: str, data: bytes, mode: int, owner: Owner) -> os.stat_result:
    remove_stale(folder)
    with closing(Staging(folder)) as staging, closing(staging.write(data, mode, owner)) as new:
        new.replace(target)
        return new.status()


def _try_place(target: str, folder: str) -> None:
    """Write everything but the name; raises `OSError`, and `ValueError` for what is no file name."""
    if not target:
        raise FileNotFoundError
    with suppress(FileNotFoundError):
        os.lstat(target)
    with closing(Staging(folder)) as staging, closing(staging.write(b"", _PRIVATE, (-1, -1))):
        pass


def sync_folder(folder: str) -> None:
    """Have the names in a folder written to the disk, as far as the file system can."""
    # The file is in its place already; some network file systems can't sync a directory, or not open it.
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _write_error(path: str, folder: str, error: OSError | ValueError) -> SinkError:
    if isinstance(error, ValueError):
        return SinkError(f"{path} is not a file name", "leave the NUL character out")
    if not path:
        return SinkError("the file to be written has no name", "name one; an unset shell variable?")
    if not os.path.exists(folder):
        return SinkError(
            f"can't write {path}: there is no directory {folder}", f"make it first: {mkdir_command(folder)}"
        )
    return SinkError(f"can't write {path}: {error.strerror}", write_hint(error, folder))


def mkdir_command(folder: str) -> str:
    """What makes a missing folder, for the shell."""
    import shlex  # noqa: PLC0415  # few writes need it

    return shlex.join(["mkdir", "-p", folder])


def write_hint(error: OSError, folder: str) -> str:
    """The advice for a file that can't take its place in *folder*."""
    if error.errno == errno.EACCES:
        where = "the working directory" if folder == "." else folder
        return f"a new file is made in {where}, so that has to be writable"
    return _HINTS.get(error.errno, "nothing was changed")
