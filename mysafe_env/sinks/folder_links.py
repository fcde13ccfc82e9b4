"""Which symbolic links are followed on the way to the folder of a file."""

import os
import stat
from typing import Final

from mysafe_env.errors import SinkError

# As many as Linux follows.
_MOST_LINKS: Final = 40


def refuse_foreign_links(folder: str) -> None:
    """Raise `SinkError` for a link of another user on the way to a folder, for that of the folder itself, too.

    Those of root and our own are followed, wherever they stand. What can't be looked at is left to the system's error.
    """
    # Where the numbers of users are mapped (user namespaces), root's files may belong to another number.
    trusted = {0, os.geteuid(), os.stat("/").st_uid}  # noqa: PTH116  # pathlib is slow to import
    at, names, links = _start(folder), _names(folder), 0
    while names and links <= _MOST_LINKS:
        path = os.path.join(at, names.pop())  # noqa: PTH118  # as above
        try:
            status = os.lstat(path)
            target = os.readlink(path) if stat.S_ISLNK(status.st_mode) else ""  # noqa: PTH115  # as above
        except (OSError, ValueError):
            return
        if not target:
            at = path
            continue
        if status.st_uid not in trusted:
            raise SinkError(f"{path} is a symbolic link of another user", "name the folder that it points at")
        links += 1
        at = _start(target) or at
        names += _names(target)


def _start(path: str) -> str:
    return "/" if path.startswith("/") else ""


def _names(path: str) -> list[str]:
    """The parts of a path, the first one last."""
    return [name for name in reversed(path.split("/")) if name]
