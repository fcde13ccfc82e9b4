"""Late imports that no fork cuts in two.

A forked process has one thread. What another thread was importing stays half imported in it, importlib's lock of that
module is never let go, and whoever imports it hangs. The programs in which we are guests have threads, they fork, and
can't know when we import, or in which thread. So their forks wait until it is done.
"""

import os
from _thread import RLock  # `threading` is slow to import
from functools import cache
from typing import Final

IMPORTING: Final = RLock()
"""Held while something is imported late: `with IMPORTING: from ... import ...`. Nobody waits for a server meanwhile."""


@cache
def have_forks_wait() -> None:
    """Have each fork of this process wait for whoever holds `IMPORTING`; a command, which only execs, needs it not."""
    # The last to be registered is the first to be called. Logging has forks wait for a lock, too, which what is
    # imported takes: who holds that one must not wait for this one.
    import logging  # noqa: F401, PLC0415  # see above; slow to import

    os.register_at_fork(before=IMPORTING.acquire, after_in_parent=IMPORTING.release, after_in_child=IMPORTING.release)
