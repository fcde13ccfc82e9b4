"""prctl(2): what this process asks of Linux for itself; elsewhere, and where it is refused, nothing happens."""

from contextlib import suppress
from typing import Final

# include/uapi/linux/prctl.h
_PR_SET_DUMPABLE: Final = 4
_PR_SET_CHILD_SUBREAPER: Final = 36


def hide_memory() -> None:
    """Leave no core dump, and let no process of the same user look into `/proc/PID` (`environ`, `mem`, `fd`).

    Lasts until the next exec. Core dumps that the kernel pipes to a program ignore `RLIMIT_CORE`, and this stops
    them as well, so no limit has to be changed that the command would inherit.
    """
    _prctl(_PR_SET_DUMPABLE, 0)


def adopt_orphans() -> None:
    """Become the parent of descendants that lose theirs; lasts over exec, and is not inherited."""
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def _prctl(option: int, value: int) -> None:
    # Absent: ctypes in a Python without libffi, prctl on another system.
    with suppress(ImportError, OSError, AttributeError):
        import ctypes  # noqa: PLC0415  # takes two milliseconds, and only some runs need it

        prctl = ctypes.CDLL(None).prctl
        prctl(ctypes.c_int(option), *(ctypes.c_ulong(number) for number in (value, 0, 0, 0)))
