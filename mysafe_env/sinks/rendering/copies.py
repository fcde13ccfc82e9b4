"""Copies of files that are about to be replaced, and that can't have another name by which they would come back."""

from contextlib import suppress

from mysafe_env.sinks.new_files import NewFile, OwnerError
from mysafe_env.sinks.rendering.changes import Found, find_file
from mysafe_env.sinks.staging import Staging


def copy_file(path: str, staging: Staging) -> NewFile | None:
    """A new file, to be closed, like the one that is there, with its owner as far as we may; None if it can't be read.

    Raises `OSError`.
    """
    found = find_file(path)
    return None if found is None or found.data is None else _copy(found, found.data, staging)


def _copy(found: Found, data: bytes, staging: Staging) -> NewFile:
    user, group = found.owner
    # What runs as its owner does so for that owner alone.
    for owner, mode in (((user, group), found.mode), ((-1, group), found.mode & 0o777)):
        with suppress(OwnerError):
            return staging.write(data, mode, owner)
    # Our group may do no more than everybody.
    return staging.write(data, found.mode & 0o707 | (found.mode & 0o007) << 3, (-1, -1))
