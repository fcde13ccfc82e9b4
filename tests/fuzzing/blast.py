"""Lets bombs go off in this process, and tells on standard output what each took: `python -m tests.fuzzing.blast`."""

import gc
import json
import resource
import sys
import time
from pathlib import Path

from tests.fuzzing.bombs import BOMBS
from tests.fuzzing.targets import TARGETS

# What is not to be reached at all; without it a mistake would take the machine along.
_CEILING = 2**30


def main(names: list[str]) -> None:
    """One line of JSON for each bomb of some targets: target, name, CPU seconds, peak in MiB, and what went wrong."""
    resource.setrlimit(resource.RLIMIT_DATA, (_CEILING, _CEILING))
    ignored: list[sys.UnraisableHookArgs] = []
    # No function of Python's, which would not fit in where the stack has come to its end.
    sys.unraisablehook = ignored.append
    for target in names or BOMBS:
        for name, bomb in BOMBS[target].items():
            print(json.dumps([target, name, *_blasted(target, bomb())]), flush=True)  # noqa: T201  # its output
            _tell(ignored)


def _blasted(target: str, data: bytes) -> tuple[float, float, str]:
    gc.collect()  # or what earlier bombs left would count towards the ceiling
    Path("/proc/self/clear_refs").write_text("5", "ascii")  # the peak is counted anew
    before, started = _peak(), time.process_time()
    try:
        TARGETS[target].run(data)
    except BaseException as error:  # noqa: BLE001  # whatever it is, it is the result
        wrong = f"{type(error).__name__}: {error}"[:300]
    else:
        wrong = ""
    return round(time.process_time() - started, 2), round(_peak() - before, 1), wrong


def _tell(ignored: list["sys.UnraisableHookArgs"]) -> None:
    """Tell of what could not be raised, but not of generators that Python 3.12 fails to close in the depths."""
    while ignored:
        told = ignored.pop()
        if told.exc_type is not RecursionError:
            sys.__unraisablehook__(told)


def _peak() -> float:
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024


main(sys.argv[1:])
