"""Worker threads: each call once, at most so many at once, errors handed back."""

import threading

import pytest

from mysafe_env.fetching.workers import Workers
from tests.support.process import run_python


def test_every_call_comes_back_once() -> None:
    """Each call's result comes back with its call."""
    workers: Workers[int, int] = Workers(3, lambda number: number * number)
    for number in range(20):
        workers.give(number)
    assert {number: number * number for number in range(20)} == dict(workers.take(60) or (0, 0) for _ in range(20))
    assert workers.take(0) is None


def test_the_limit_is_reached_and_not_passed() -> None:
    """As many calls as the limit run at the same time, and no more threads are started."""
    together = threading.Barrier(4)
    workers: Workers[int, int] = Workers(4, lambda _: together.wait(60))
    before = {*threading.enumerate()}
    for number in range(8):
        workers.give(number)
    assert 4 == len({*threading.enumerate()} - before)
    assert [0, 0, 1, 1, 2, 2, 3, 3] == sorted((workers.take(60) or (0, 0))[1] for _ in range(8))


def test_errors_are_raised_where_the_results_are_taken() -> None:
    """What the work raises is raised by `take`, and the thread goes on."""
    workers: Workers[int, float] = Workers(1, lambda number: 1 / number)
    workers.give(0)
    workers.give(4)
    with pytest.raises(ZeroDivisionError):
        workers.take(60)
    assert (4, 0.25) == workers.take(60)


def test_a_hanging_thread_does_not_keep_the_process() -> None:
    """A process ends although a worker still hangs."""
    code = """
import threading
from mysafe_env.fetching.workers import Workers
hanging = threading.Event()
def hang(call):
    hanging.set()
    threading.Event().wait()
Workers(1, hang).give("call")
hanging.wait()
print("done")
"""
    assert "done" == run_python(code).output


def test_stopped_threads_end() -> None:
    """Whoever works in a long-lived program leaves no threads behind, and what was not begun is not begun."""
    begun, go_on = threading.Event(), threading.Event()
    worked_on = []

    def work(call: str) -> None:
        worked_on.append(call)
        begun.set()
        go_on.wait(60)

    workers: Workers[str, None] = Workers(1, work)
    before = {*threading.enumerate()}
    workers.give("first")
    workers.give("second")
    (thread,) = {*threading.enumerate()} - before
    assert begun.wait(60)
    workers.stop()
    go_on.set()
    thread.join(60)
    assert not thread.is_alive()
    assert ["first"] == worked_on
