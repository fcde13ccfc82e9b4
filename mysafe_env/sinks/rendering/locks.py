"""One run at a time: two that write the same files at once would leave some of the one and some of the other."""

# ruff: noqa: PTH112, PTH120
# pathlib is slow to import

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Final

from mysafe_env.errors import SinkError
from mysafe_env.locking import lock_at_once
from mysafe_env.sinks.rendering.jobs import Job

_PATIENCE_SECONDS: Final = 30.0
_PAUSE_SECONDS: Final = 0.02


@contextmanager
def locked(targets: Mapping[Job, str]) -> Iterator[None]:
    """Hold the folders that the files are in, or will be; another run that wants one of them waits.

    Where a folder can't be opened, or its file system has no locks, nothing is held. Raises `SinkError` when the
    other run takes too long.
    """
    with ExitStack() as held:
        # In one order, so that no two runs wait for each other.
        for folder in sorted({_existing(job.tree or os.path.dirname(path)) for job, path in targets.items()}):
            _hold(folder, held)
        yield


def _existing(folder: str) -> str:
    """The folder, or the closest one around it that is there."""
    folder = os.path.realpath(folder)
    while not os.path.isdir(folder):
        folder = os.path.dirname(folder)
    return folder


def _hold(folder: str, held: ExitStack) -> None:
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        return
    held.callback(os.close, descriptor)
    end = time.monotonic() + _PATIENCE_SECONDS
    while not lock_at_once(descriptor):
        if time.monotonic() > end:
            raise SinkError(
                f"{folder} has been locked for {_PATIENCE_SECONDS:g} seconds, by another run or another program",
                "nothing was changed; lslocks or lsof tell which; a flock(1) around this command needs its own file",
            )
        time.sleep(_PAUSE_SECONDS)
