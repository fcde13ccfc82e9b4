"""Values in files: one that only the command sees, and one that replaces another in a single step."""

# ruff: noqa: PTH105, PTH108, PTH110, PTH112, PTH113, PTH114, PTH115, PTH116, PTH118, PTH120
# pathlib is slow to import, and a mapping with `as = "file"` is on the way of a quick start

import fcntl
import os
import stat
from collections.abc import Collection, Mapping
from contextlib import suppress
from typing import Final

from mysafe_env.errors import SinkError
from mysafe_env.secret import Secret

# Scripts open descriptors from 3 on by number (`exec 3>log`), and shells hide theirs from 10 on.
_FIRST_DESCRIPTOR: Final = 100
_MOST_LINKS: Final = 40


def deliver_files(values: Mapping[str, Secret], file_names: Collection[str]) -> dict[str, Secret]:
    """The values of an environment, those of *file_names* replaced by the paths of files that hold them."""
    return {name: Secret(deliver_file(name, value)) if name in file_names else value for name, value in values.items()}


def deliver_file(name: str, value: Secret) -> str:
    """The path of a new file that holds *value* as UTF-8, for the variable *name*.

    It is in memory and goes away with the last process that has it open; where the system has no such files,
    it is a file that stays. Raises `SinkError`.
    """
    try:
        data = value.reveal().encode()
    except UnicodeEncodeError:
        raise SinkError(
            f"the value of {name} holds half of a surrogate pair, which is not text", "correct the item"
        ) from None
    try:
        return memory_file(name, data)
    except (AttributeError, OSError):
        # AttributeError: macOS, or a Python built for an old C library; OSError: refused, or too few descriptors.
        return temporary_file(name, data)


def memory_file(name: str, data: bytes) -> str:
    """The path of a sealed memfd that the command and its children inherit; Linux only.

    The path works for processes that have inherited the descriptor. Its mode is 0400, since ssh, libpq and others
    refuse a key that more people may read; a command that runs as another user reads the descriptor itself.
    """
    with os.fdopen(os.memfd_create(name, os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING), "wb") as file:
        file.write(data)
        file.flush()
        os.fchmod(file.fileno(), 0o400)
        seals = fcntl.F_SEAL_WRITE | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SEAL
        fcntl.fcntl(file.fileno(), fcntl.F_ADD_SEALS, seals)
        # F_DUPFD leaves close-on-exec off, which lets the descriptor through.
        return f"/proc/self/fd/{fcntl.fcntl(file.fileno(), fcntl.F_DUPFD, _FIRST_DESCRIPTOR)}"


def temporary_file(name: str, data: bytes) -> str:
    """The path of a file *name*, mode 0600, in a new directory of ours: in memory if the system has such a place.

    Nobody removes it. Raises `SinkError`.
    """
    import shutil  # noqa: PLC0415  # slow to import, and needed where there are no memfds
    import tempfile  # noqa: PLC0415  # see above

    try:
        folder = tempfile.mkdtemp(prefix="mysafe-env-", dir=_memory_folder())
        path = os.path.join(folder, name)
        try:
            _write_new_file(path, data, 0o600)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
    except OSError as error:
        raise SinkError(f"can't put {name} in a file: {error.strerror}", "make room in the temp directory") from None
    return path


def _memory_folder() -> str | None:
    folders = (os.environ.get("XDG_RUNTIME_DIR", ""), "/dev/shm")  # noqa: S108  # a name of mkdtemp in it can't be guessed
    return next((folder for folder in folders if os.path.isdir(folder) and os.access(folder, os.W_OK | os.X_OK)), None)


def write_atomically(path: str, data: bytes, mode: int = 0o600) -> None:
    """*data* as the whole content of the file *path*, with *mode* whatever the umask.

    A reader sees the old file or the new one; after a failure the old one stands, with nothing beside it.
    A symbolic link of our own is followed. Raises `SinkError`.
    """
    target = _follow_own_links(path)
    _refuse_special_file(target)
    folder = os.path.dirname(target) or "."
    try:
        _replace(target, os.path.join(folder, f".mysafe-env-{os.urandom(8).hex()}"), data, mode)
    except (OSError, ValueError) as error:
        raise _write_error(path, folder, error) from None
    _sync_folder(folder)


def _follow_own_links(path: str) -> str:
    """The path at the end of a chain of links, each of them ours and out of reach of others."""
    for _ in range(_MOST_LINKS):
        if not os.path.islink(path):
            return path
        _refuse_foreign_link(path)
        path = os.path.join(os.path.dirname(path), os.readlink(path))
    raise SinkError(f"{path} is a symbolic link that leads back to itself", "remove it")


def _refuse_foreign_link(path: str) -> None:
    if os.lstat(path).st_uid != os.geteuid():
        raise SinkError(f"{path} is a symbolic link of another user", "name the file that it points at, or remove it")
    if os.stat(os.path.dirname(path) or ".").st_mode & stat.S_IWOTH:
        raise SinkError(
            f"{path} is a symbolic link in a directory that everybody can write in",
            "name the file that it points at, or move the link",
        )


def _refuse_special_file(path: str) -> None:
    if os.path.isdir(path):
        raise SinkError(f"{path} is a directory", "name a file in it")
    if os.path.exists(path) and not os.path.isfile(path):
        raise SinkError(f"{path} is not a regular file", "name a file, or write to standard output")


def _replace(target: str, temporary: str, data: bytes, mode: int) -> None:
    try:
        _write_new_file(temporary, data, mode)
        os.replace(temporary, target)
    except BaseException:
        with suppress(OSError, ValueError):
            os.unlink(temporary)
        raise


def _write_new_file(path: str, data: bytes, mode: int) -> None:
    """A file that was not there before: nobody else can have opened it, nor put a link in its place."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        os.fchmod(descriptor, mode)
        file.write(data)
        file.flush()
        os.fsync(descriptor)


def _sync_folder(folder: str) -> None:
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
    if not os.path.exists(folder):
        return SinkError(f"can't write {path}: there is no directory {folder}", f"make it first: mkdir -p {folder}")
    if isinstance(error, PermissionError):
        return SinkError(
            f"can't write {path}: {error.strerror}",
            f"a new file is made in {folder}, so that directory must be writable",
        )
    return SinkError(f"can't write {path}: {error.strerror}", "nothing was changed")
