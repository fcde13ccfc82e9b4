"""Values in files, for the variables that hold a path instead."""

# ruff: noqa: PTH100, PTH107, PTH106, PTH112, PTH118, PTH120
# pathlib is slow to import, and a mapping with `as = "file"` is on the way of a quick start

import fcntl
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Final, Self

from mysafe_env.errors import SinkError
from mysafe_env.secret import Secret

if TYPE_CHECKING:
    from mysafe_env.mapping.model import TargetFile
    from mysafe_env.sinks.target_files import Placed

# Scripts open descriptors from 3 on by number (`exec 3>log`), and shells hide theirs from 10 on.
_FIRST_DESCRIPTOR: Final = 100
_SHARED_MEMORY: Final = "/dev/shm"  # nosec B108  # noqa: S108  # mkdtemp's names in it can't be guessed


class ValueFiles:
    """The value files of one run; those on a file system are removed when anything fails inside of `with`."""

    def __init__(self) -> None:
        self.paths: list[str] = []
        """What is on a file system under names of ours: absolute, in the order of removal; folders end with a slash."""
        self.placed: list[Placed] = []
        """What stands under a name that an entry gives."""
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

    @property
    def left(self) -> tuple[str, ...]:
        """What is on a file system, as `supervisor.py` is told of it."""
        return (*(f"::{path}" for path in self.paths), *map(str, self.placed))

    def remove(self) -> None:
        """Take away what is on a file system, and put back what stood there; what is gone already is no problem."""
        for path in self.paths:
            with suppress(OSError):
                os.rmdir(path) if path.endswith("/") else os.remove(path)
        for file in self.placed:
            file.take_back()

    def _file(self, name: str, value: Secret, target: "TargetFile | None") -> str:
        data = _text(name, value)
        if target is not None:
            from mysafe_env.sinks.target_files import place  # noqa: PLC0415  # few mappings need it

            # Only when it stands there is it ours to be removed: what stands there after a refusal is not.
            self.placed.append(place(name, data, target))
            return os.path.abspath(target.path)
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
    """The path of a file *name*, mode 0600, in a new directory of ours: in memory, where systems have such files.

    Raises `SinkError`.
    """
    import shutil  # noqa: PLC0415  # slow to import, and needed where there are no memfds
    import tempfile  # noqa: PLC0415  # see above

    place = _memory_folder(name)
    try:
        folder = tempfile.mkdtemp(prefix="mysafe-env-", dir=place)
        path = os.path.join(folder, name)
        try:
            _write_new_file(path, data)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
    except OSError as error:
        raise SinkError(f"can't put {name} in a file: {error.strerror}", "make room in the temp directory") from None
    return path


def _memory_folder(name: str) -> str | None:
    """A folder in memory for the value of *name*; None, the system's temporary folder, where files never are in memory.

    Raises `SinkError` on Linux, where they can be.
    """
    folders = (os.environ.get("XDG_RUNTIME_DIR", ""), _SHARED_MEMORY)
    usable = [folder for folder in folders if os.path.isdir(folder) and os.access(folder, os.W_OK | os.X_OK)]
    if sys.platform != "linux":
        return next(iter(usable), None)
    from mysafe_env.sinks.file_systems import is_in_memory  # noqa: PLC0415  # needed where there are no memfds

    found = next((folder for folder in usable if is_in_memory(folder)), None)
    if found is None:
        raise SinkError(
            f"there is no place in memory for the file of {name}",
            "raise the limit of open files (ulimit -n), mount a tmpfs on /dev/shm,"
            " or give its entry a path and on_disk = true",
        )
    return found


def _write_new_file(path: str, data: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write(data)
