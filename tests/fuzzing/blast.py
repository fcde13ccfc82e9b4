"""Lets bombs go off in this process, and tells on standard output what each took: `python -m tests.fuzzing.blast`."""

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
    for target in names or BOMBS:
        for name, bomb in BOMBS[target].items():
            print(json.dumps([target, name, *_blasted(target, bomb())]), flush=True)  # noqa: T201  # its output


def _blasted(target: str, data: bytes) -> tuple[float, float, str]:
    Path("/proc/self/clear_refs").write_text("5", "ascii")  # the peak is counted anew
    before, started = _peak(), time.process_time()
    try:
        TARGETS[target].run(data)
    except BaseException as error:  # noqa: BLE001  # whatever it is, it is the result
        wrong = f"{type(error).__name__}: {error}"[:300]
    else:
        wrong = ""
    return round(time.process_time() - started, 2), round(_peak() - before, 1), wrong


def _peak() -> float:
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024


main(sys.argv[1:])
