"""Commands in turns, their times, and what became of them.

Every round runs all commands of a case one after the other, so that a slow moment of the machine hits all of them.
"""

import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from statistics import median

# A run that takes longer has failed.
PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Figure:
    """What one command took in one case: the median of its wall clock times."""

    case: str
    command: str
    milliseconds: float | None
    """None if it failed."""
    ratio: float | None
    """To the first command of the case."""
    note: str = ""
    """Why it failed, or what differs."""
    mebibytes: int | None = None
    """Peak memory, where it was looked at."""


@dataclass(frozen=True, slots=True)
class Run:
    """A command to measure."""

    command: tuple[str, ...]
    environ: Mapping[str, str]
    may_fail: bool = field(default=False, kw_only=True)
    """Whether the other figures are worth having without this one."""


class RunError(Exception):
    """A command that did not end well; the text is one line."""


def measure(case: str, runs: Mapping[str, Run], rounds: int) -> Iterator[Figure]:
    """The median of each command in *rounds* runs after one warm-up, in the order of *runs*."""
    print(f"measuring: {case}", file=sys.stderr)
    times: dict[str, list[float]] = {name: [] for name in runs}
    reasons: dict[str, str] = {}
    for _ in range(rounds + 1):
        for name, run in runs.items():
            if name in reasons:
                continue
            try:
                times[name].append(timed(run)[0])
            except RunError as error:
                if not run.may_fail:
                    raise
                reasons[name] = str(error)
    yield from _figures(case, times, reasons)


def _figures(case: str, times: Mapping[str, list[float]], reasons: Mapping[str, str]) -> Iterator[Figure]:
    # The first of each is the warm-up.
    medians = {name: median(taken[1:]) for name, taken in times.items() if name not in reasons}
    first = next(iter(medians.values()), 0.0)
    for name in times:
        if name in reasons:
            yield Figure(case, name, None, None, f"failed: {reasons[name]}")
        else:
            yield Figure(case, name, round(medians[name], 1), round(medians[name] / first, 2))


def timed(run: Run) -> tuple[float, str]:
    """Milliseconds of wall clock, and what was printed; raises `RunError`."""
    started = time.perf_counter()
    try:
        done = subprocess.run(
            run.command, env=dict(run.environ), capture_output=True, text=True, timeout=PATIENCE, check=False
        )
    except subprocess.TimeoutExpired:
        raise RunError(f"no end after {PATIENCE:.0f} s") from None
    except OSError as error:
        raise RunError(error.strerror or "can't be started") from None
    taken = (time.perf_counter() - started) * 1000
    if done.returncode != 0:
        lines = (done.stderr.strip() or done.stdout.strip()).splitlines()
        raise RunError(f"exit {done.returncode}: {lines[-1].strip() if lines else 'nothing said'}")
    return taken, done.stdout.strip()
