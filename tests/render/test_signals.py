"""Signals that come while files are written: what was begun is taken back, and then the process ends by the signal."""

import signal

import pytest

from tests.support.process import run_python

CODE = """
import signal, sys, threading
from mysafe_env.sinks.rendering.signals import ending_orderly
number = getattr(signal, sys.argv[1])
{before}
def work():
    with ending_orderly():
        try:
            signal.raise_signal(number)
            print("went on", flush=True)
        finally:
            signal.raise_signal(number) if {again} else None
            print("taken back", flush=True)
{call}
print(signal.getsignal(number) is signal.SIG_IGN, flush=True)
"""


def _ran(name: str, before: str = "", call: str = "work()", *, again: bool = False) -> tuple[int, list[str]]:
    done = run_python(CODE.format(before=before, call=call, again=again), name)
    return done.code, done.stdout.decode().splitlines()


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP", "SIGINT"])
@pytest.mark.parametrize("again", [False, True])
def test_a_signal_is_heard_after_the_work_is_taken_back(name: str, again: bool) -> None:  # noqa: FBT001  # a parameter
    """The parent sees that the signal ended it; a second one changes nothing."""
    assert (-getattr(signal, name), ["taken back"]) == _ran(name, again=again)


@pytest.mark.parametrize("checked", [False, True])
def test_a_signal_may_be_deferred(checked: bool) -> None:  # noqa: FBT001  # a parameter
    """It is heard where that is asked for, and at the end at the latest; an error does not lose it."""
    call = f"""
from mysafe_env.sinks.rendering.signals import ending_orderly
with ending_orderly() as endings:
    with endings.deferred():
        signal.raise_signal(number)
        print("went on", flush=True)
        endings.check() if {checked} else None
        print("to the end", flush=True)
    print("and beyond", flush=True)
"""
    assert (-signal.SIGTERM, ["went on"] if checked else ["went on", "to the end"]) == _ran("SIGTERM", call=call)
    failing = call.replace("endings.check()", "sys.exit(3)")
    assert (-signal.SIGTERM, ["went on"] if checked else ["went on", "to the end"]) == _ran("SIGTERM", call=failing)


def test_a_signal_that_is_ignored_stays_so() -> None:
    """As nohup wants it."""
    expected = ["went on", "taken back", "True"]
    assert (0, expected) == _ran("SIGHUP", "signal.signal(number, signal.SIG_IGN)")


def test_who_has_a_handler_is_asked_then() -> None:
    """It may end the process in a way of its own, or not; then the code is that of the signal."""
    assert (7, ["taken back"]) == _ran("SIGTERM", "import os; signal.signal(number, lambda *_: os._exit(7))")
    assert (143, ["taken back", "asked"]) == _ran("SIGTERM", "signal.signal(number, lambda *_: print('asked'))")


def test_another_thread_leaves_signals_alone() -> None:
    """Only the main thread can have handlers."""
    call = "thread = threading.Thread(target=work); thread.start(); thread.join()"
    assert -signal.SIGTERM == _ran("SIGTERM", call=call)[0]
