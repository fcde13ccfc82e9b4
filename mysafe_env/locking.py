"""Locks of open files and folders (flock), which last as long as somebody has them open."""

import fcntl


def lock_at_once(descriptor: int) -> bool:
    """Whether nobody else holds the lock, which is ours then; a file system that has none keeps nobody out."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # pragma: no cover  # some network file systems
        return True
    return True
