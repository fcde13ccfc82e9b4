"""What a process inherits from whoever started it, made the same for every run of the tests."""

import os
import signal
import time

# Where programs are, who runs the tests, and what tells coverage, pytest and hypothesis what to do.
_KEPT = {"CI", "PATH", "LD_LIBRARY_PATH", "JAVA_HOME", "HOME", "USER", "LOGNAME", "TMPDIR", "VIRTUAL_ENV", "PYTHONPATH"}
_KEPT_BEGINNINGS = ("COVERAGE_", "COV_CORE_", "PYTEST_", "HYPOTHESIS_")
_SET = {"LANG": "C.UTF-8", "TZ": "UTC0"}
# Python ignores them itself; a process that must not inherit that is the business of the tests.
_PYTHONS_OWN = {signal.SIGPIPE, signal.SIGXFSZ}


def settle() -> None:
    """Take back what a shell, a terminal, a service or a CI job has set for this process and those that it starts."""
    _settle_signals()
    _settle_environment()
    os.umask(0o022)


def _settle_signals() -> None:
    # Ignored by nohup, in the background of a script, in services; blocked by whoever waits for them.
    for number in signal.valid_signals() - _PYTHONS_OWN:
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())


def _settle_environment() -> None:
    for name in set(os.environ) - _KEPT:
        if not name.startswith(_KEPT_BEGINNINGS):
            del os.environ[name]
    os.environ.update(_SET)
    time.tzset()
