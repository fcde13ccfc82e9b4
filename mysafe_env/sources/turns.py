"""Threads that wait for what one of them is asking for, each no longer than its own deadline."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from mysafe_env.deadline import Deadline
from mysafe_env.errors import TimedOutError


@contextmanager
def turn(lock: Lock, deadline: Deadline, purpose: str) -> Iterator[None]:
    """Hold *lock*; raises `TimedOutError` when that is not to be had in time, as another call asks for *purpose*."""
    if not lock.acquire(timeout=deadline.remaining()):
        raise TimedOutError(
            f"timed out after {deadline.seconds:g} s waiting for {purpose}, which another call is asking for",
            "raise it with --timeout or MYSAFE_TIMEOUT, or see why the server is slow",
        )
    try:
        yield
    finally:
        lock.release()
