"""Values in files that entries name (`path`), and what stood there before."""

# ruff: noqa: PTH100, PTH107, PTH120
# pathlib is slow to import

import os
import stat
from contextlib import suppress
from typing import Final, NamedTuple

from mysafe_env.errors import SinkError
from mysafe_env.mapping.model import TargetFile
from mysafe_env.sinks.file_systems import file_system, is_in_memory
from mysafe_env.sinks.files import follow_own_links, mkdir_command, refuse_special_file, replace_file, write_atomically
from mysafe_env.sinks.new_files import OwnerError
from mysafe_env.sinks.owners import Owner, UnknownOwnerError, find_owner
from mysafe_env.sinks.supervisor import is_own

_DEFAULT_MODE: Final = 0o600


class Standing(NamedTuple):
    """A file as it stood before: perhaps that of another start, whose command still reads it."""

    data: bytes
    mode: int
    owner: Owner
    written: int
    """When, in nanoseconds."""


class Placed(NamedTuple):
    """A file that this run has put in its place; who wrote it owns it."""

    path: str
    """Absolute, at the end of all links."""
    inode: int
    written: int
    """When, in nanoseconds."""
    before: Standing | None
    """None where nothing stood there, or what nobody could read."""

    def __str__(self) -> str:
        return f"{self.inode}:{self.written}:{self.path}"

    def take_back(self) -> None:
        """Put back what stood there, or remove the file; one that another start has put there since stays."""
        with suppress(OSError):
            if is_own(self.path, str(self.inode), str(self.written)) and not self._put_back():
                os.remove(self.path)

    def _put_back(self) -> bool:
        if self.before is None:
            return False
        try:
            write_atomically(self.path, self.before.data, self.before.mode, self.before.owner)
        except (OSError, SinkError):
            return False
        # By it, the start that wrote the file knows it for its own.
        os.utime(self.path, ns=(self.before.written, self.before.written))
        return True


def place(name: str, data: bytes, target: TargetFile) -> Placed:
    """Write the file that the entry of the variable *name* asks for; raises `SinkError`."""
    if not target.on_disk:
        _refuse_disk(name, target.path)
    mode = _DEFAULT_MODE if target.mode is None else target.mode
    path = os.path.abspath(follow_own_links(target.path))
    # Nothing else has a content to be put back; a device may never come to an end.
    refuse_special_file(path)
    before = _standing(path)
    try:
        status = replace_file(path, data, mode, _owner(name, target.owner))
    except OwnerError as error:
        raise SinkError(
            f"can't give {target.path} of {name} to {target.owner}: {error.strerror}",
            "only root gives files away; leave owner out, or run as root",
        ) from None
    return Placed(path, status.st_ino, status.st_mtime_ns, before)


def _standing(path: str) -> Standing | None:
    try:
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
            status = os.fstat(file.fileno())
            return Standing(
                file.read(), stat.S_IMODE(status.st_mode), (status.st_uid, status.st_gid), status.st_mtime_ns
            )
    except OSError:
        return None


def _refuse_disk(name: str, path: str) -> None:
    folder = os.path.dirname(path) or "."
    try:
        if is_in_memory(folder):
            return
        kind = file_system(folder) or "an unknown file system"
    except OSError:
        raise SinkError(
            f"can't write {path} for {name}: there is no directory {folder}", f"make it first: {mkdir_command(folder)}"
        ) from None
    raise SinkError(
        f"{path} of {name} would be on a disk ({kind})",
        "name a path in memory (a tmpfs, as /run and /dev/shm mostly are), or add on_disk = true to its entry",
    )


def _owner(name: str, text: str) -> Owner:
    try:
        return find_owner(text)
    except UnknownOwnerError as error:
        raise SinkError(f"{name} is for the {error}, which is not there", "correct owner in its entry") from None
