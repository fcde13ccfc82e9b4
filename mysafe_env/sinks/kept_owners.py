"""Files that are changed where they stand, and stay whose they are."""

from contextlib import suppress

from mysafe_env.sinks.files import replace_file
from mysafe_env.sinks.new_files import OwnerError
from mysafe_env.sinks.owners import Owner


def write_for_owner(path: str, data: bytes, mode: int, owner: Owner) -> Owner:
    """*data* as the whole content of the file *path*, in a single step, and whose file it is now.

    It is given to *owner*; where this process may not do that, to the group alone, and else to nobody else, as
    `sed -i` does it. Raises `SinkError`.
    """
    _, group = owner
    for wanted in (owner, (-1, group)):
        with suppress(OwnerError):
            return _written(path, data, mode, wanted)
    return _written(path, data, mode, (-1, -1))


def _written(path: str, data: bytes, mode: int, owner: Owner) -> Owner:
    status = replace_file(path, data, mode, owner)
    return status.st_uid, status.st_gid
