"""Values in files, for the variables that hold a path instead."""

# ruff: noqa: PTH100, PTH107, PTH106, PTH112, PTH118, PTH120
# pathlib is slow to import, and a mapping with `as = "file"` is on the way of a quick start

import fcntl
import os
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Final, Self

from mysafe_env.errors import SinkError
from mysafe_env.secret import Secret

if TYPE_CHECKING:
    from mysafe_env.mapping.model import TargetFile
    from mysafe_env.sinks.owners import Owner

# Scripts open descriptors from 3 on by number (`exec 3>log`), and shells hide theirs from 10 on.
_FIRST_DESCRIPTOR: Final = 100
_DEFAULT_MODE: Final = 0o600
_SHARED_MEMORY: Final = "/dev/shm"  # nosec B108  # noqa: S108  # mkdtemp's names in it can't be guessed


class ValueFiles:
    """The files of one run; those on a file system are removed when anything fails inside of `with`."""

    def __init__(self) -> None:
        self.paths: list[str] = []
        """What is on a file system, absolute, in the order of removal; a folder ends with a slash."""
        self.descriptors: list[int] = []
        """What is in memory, and open for the command."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: object, traceback: object) -> None:
        if kind is not None:
            self.remove()

    def deliver(self, values: Mapping[str, Secret], targets: "Mapping[str, TargetFile | None]") -> dict[str, Secret]:
        """The values of an environment, those named in *targets* replaced by the paths of files that hold them.

        Raises `SinkError`.
        """
        return {
            name: Secret(self._file(name, value, targets[name])) if name in targets else value
            for name, value in values.items()
        }

    def remove(self) -> None:
        """Take away what is on a file system; what is gone already is no problem."""
        for path in self.paths:
            with suppress(OSError):
                os.rmdir(path) if path.endswith("/") else os.remove(path)

    def _file(self, name: str, value: Secret, target: "TargetFile | None") -> str:
        data = _text(name, value)
        if target is not None:
            write_target(name, data, target)
            # Only now is it ours to be removed: what stands there after a refusal is not.
            self.paths.append(os.path.abspath(target.path))
            return self.paths[-1]
        try:
            path = memory_file(name, data)
        except (AttributeError, OSError):
            # AttributeError: macOS, or a Python built for an old C library; OSError: refused, or no descriptors left.
            path = temporary_file(name, data)
            self.paths += [path, f"{os.path.dirname(path)}/"]
        else:
            self.descriptors.append(int(path.rpartition("/")[2]))
        return path


def _text(name: str, value: Secret) -> bytes:
    try:
        return value.reveal().encode()
    except UnicodeEncodeError:
        raise SinkError(
            f"the value of {name} holds half of a surrogate pair, which is not text", "correct the item"
        ) from None


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

    Raises `SinkError`.
    """
    import shutil  # noqa: PLC0415  # slow to import, and needed where there are no memfds
    import tempfile  # noqa: PLC0415  # see above

    try:
        folder = tempfile.mkdtemp(prefix="mysafe-env-", dir=_memory_folder())
        path = os.path.join(folder, name)
        try:
            _write_new_file(path, data)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
    except OSError as error:
        raise SinkError(f"can't put {name} in a file: {error.strerror}", "make room in the temp directory") from None
    return path


def _memory_folder() -> str | None:
    folders = (os.environ.get("XDG_RUNTIME_DIR", ""), _SHARED_MEMORY)
    return next((folder for folder in folders if os.path.isdir(folder) and os.access(folder, os.W_OK | os.X_OK)), None)


def _write_new_file(path: str, data: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write(data)


def write_target(name: str, data: bytes, target: "TargetFile") -> None:
    """Write the file that the entry of the variable *name* asks for; raises `SinkError`."""
    from mysafe_env.sinks.files import write_atomically  # noqa: PLC0415  # few mappings need it
    from mysafe_env.sinks.new_files import OwnerError  # noqa: PLC0415  # see above

    if not target.on_disk:
        _refuse_disk(name, target.path)
    mode = _DEFAULT_MODE if target.mode is None else target.mode
    try:
        write_atomically(target.path, data, mode, _owner(name, target.owner))
    except OwnerError as error:
        raise SinkError(
            f"can't give {target.path} of {name} to {target.owner}: {error.strerror}",
            "only root gives files away; leave owner out, or run as root",
        ) from None


def _refuse_disk(name: str, path: str) -> None:
    from mysafe_env.sinks.memory import file_system, is_in_memory  # noqa: PLC0415  # few mappings need it

    folder = os.path.dirname(path) or "."
    try:
        if is_in_memory(folder):
            return
        kind = file_system(folder) or "an unknown file system"
    except OSError:
        raise SinkError(
            f"can't write {path} for {name}: there is no directory {folder}", f"make it first: mkdir -p {folder}"
        ) from None
    raise SinkError(
        f"{path} of {name} would be on a disk ({kind})",
        "name a path in memory (a tmpfs, as /run and /dev/shm mostly are), or add on_disk = true to its entry",
    )


def _owner(name: str, text: str) -> "Owner":
    from mysafe_env.sinks.owners import UnknownOwnerError, find_owner  # noqa: PLC0415  # few mappings need it

    try:
        return find_owner(text)
    except UnknownOwnerError as error:
        raise SinkError(f"{name} is for the {error}, which is not there", "correct owner in its entry") from None
