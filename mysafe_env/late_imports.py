"""Late imports that no fork cuts in two.

A forked process has one thread. What another thread was importing stays half imported in it, importlib's lock of that
module is never let go, and whoever imports it hangs. The programs in which we are guests have threads, they fork, and
can't know when we import, or in which thread. So their forks wait until it is done.
"""

import os
from _thread import RLock  # `threading` and `typing` are slow to import, and forks do not wait before this is

IMPORTING = RLock()
"""Held while something is imported late: `with IMPORTING: from ... import ...`. Nobody waits for a server meanwhile."""

# No import takes so long. Whoever forks while logging is being imported would wait for ever: see `prepare_imports`.
_PATIENCE = 10.0
_is_prepared = False


def prepare_imports() -> None:
    """Have forks of this process wait for whoever holds `IMPORTING`; a command, which only execs, needs it not.

    Logging has forks wait for a lock, too, which what is imported takes. The last to be registered is the first to be
    called: whoever forks has to ask for `IMPORTING` before that lock, so that it is registered once more after it.
    """
    global _is_prepared  # noqa: PLW0603  # `functools`, whose functions remember, is slow to import
    if _is_prepared:
        return
    _have_forks_wait()
    with IMPORTING:
        if not _is_prepared:
            import logging  # noqa: F401, PLC0415  # see above; slow to import

            _have_forks_wait()
            _is_prepared = True


def _have_forks_wait() -> None:
    os.register_at_fork(before=_wait, after_in_parent=_go_on, after_in_child=_go_on)


def _wait() -> None:
    IMPORTING.acquire(timeout=_PATIENCE)


def _go_on() -> None:
    try:
        IMPORTING.release()
    except RuntimeError:
        # It was not waited for: this was registered in the middle of the fork, or patience came to its end.
        return
