"""`python -m tests.simulation`: a herd of starts, modelled and real, its figures and its goals."""

import argparse
import json
import platform
import sys
from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from random import Random
from statistics import median

from mysafe_env.emulator.rate_limit import RateLimit
from mysafe_env.sources.http.backoff import pause
from tests.simulation import real
from tests.simulation.goals import Case, disagreements, missed
from tests.simulation.herd import Course, Herd, Pause
from tests.simulation.measures import Figures, measure
from tests.simulation.model import simulate

TIMEOUTS = (30.0, 120.0)
"""The default, and one that suffices."""
_COLUMNS = {
    "starts": ("starts", "{:.0f}"),
    "succeeded": ("succeeded", "{:.0f}"),
    "most_successes": ("possible", "{:.0f}"),
    "gave_up_early": ("gave up, s left", "{:.1f}"),
    "drain": ("total s", "{:.1f}"),
    "drain_ratio": ("to ideal", "{:.2f}"),
    "arrivals_per_answer": ("per answer", "{:.2f}"),
    "first_second": ("first s", "{:.1f}"),
    "later_peak": ("later peak", "{:.1f}"),
    "beyond_limit": ("> limit", "{:.0f}"),
    "beyond_jitter": ("> jitter", "{:.0f}"),
}


def main() -> int:
    """Run all cases, print the table, write JSON if asked for; 1 when a goal is missed."""
    options = _options()
    if options.json:
        # Whether it can be written is better known before all the work.
        options.json.parent.mkdir(parents=True, exist_ok=True)
    herds = [Herd(options.starts, RateLimit(options.limit), timeout) for timeout in TIMEOUTS]
    cases = [_modelled(f"model, {herd.timeout:g} s", herd, pause, options.seeds) for herd in herds]
    problems: list[str] = []
    for herd in herds if options.real else ():
        happened, modelled = _overlap(_scaled(herd, options.real), options.seeds)
        cases += [happened, modelled]
        problems += disagreements(happened, modelled)
    problems += [problem for case in cases for problem in missed(case)]
    cases.append(_modelled("model without jitter", herds[-1], _as_named, 1))
    print("\n".join([*_table(cases), "", *(problems or ["Every goal is reached."])]))
    if options.json:
        options.json.write_text(json.dumps(_document(cases), indent=2) + "\n", encoding="utf-8")
    return int(bool(problems))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--starts", type=int, default=2000, help="starts in the model")
    parser.add_argument("--limit", type=int, default=100, help="requests a second that the server lets through")
    parser.add_argument("--real", type=int, default=100, help="real processes, the limit lower in proportion; 0: none")
    parser.add_argument("--seeds", type=int, default=20, help="courses of each modelled herd")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    return parser.parse_args()


def _scaled(herd: Herd, starts: int) -> Herd:
    """A smaller herd that drains in the same time, as its limit is lower in proportion."""
    limit = max(1, round(herd.limit.count * starts / herd.starts))
    return replace(herd, starts=starts, limit=RateLimit(limit))


def _modelled(name: str, herd: Herd, waits: Pause, seeds: int, beginnings: Sequence[float] = ()) -> Case:
    print(f"running: {name}", file=sys.stderr)
    # However the clients wait, they are measured by what the product's jitter allows.
    courses = (simulate(herd, waits, seed, beginnings) for seed in range(seeds))
    return Case(name, tuple(measure(course, pause) for course in courses))


def _as_named(tries: int, named: float | None, random: Random, left: float) -> float:  # noqa: ARG001  # `Pause` has them
    """The wait of a client that takes Retry-After by its letter; for comparison."""
    return named or 0.0


def _overlap(herd: Herd, seeds: int) -> tuple[Case, Case]:
    """Real processes, and the model of them, which is given the moments at which they came."""
    name = f"real, {herd.timeout:g} s"
    print(f"running: {name}", file=sys.stderr)
    course = real.run(herd)
    like_it = replace(herd, round_trip=_round_trip(course))
    beginnings = [client[0].at for client in course.clients()]
    happened = Case(name, (measure(replace(course, herd=like_it), pause),))
    return happened, _modelled(f"model of it, {herd.timeout:g} s", like_it, pause, seeds, beginnings)


def _round_trip(course: Course) -> float:
    """The usual time from a request that went through to the next of the same client."""
    pairs = (pair for client in course.clients() for pair in pairwise(client))
    return median(after.at - before.at for before, after in pairs if not before.refused)


def _table(cases: Sequence[Case]) -> Iterator[str]:
    widths = [max(9, len(title)) for title, _ in _COLUMNS.values()]
    titles = (title for title, _ in _COLUMNS.values())
    yield f"{'herd':22}" + "".join(f"  {title:>{width}}" for title, width in zip(titles, widths, strict=True))
    for case in cases:
        texts = (_shown(case, figure) for figure in _COLUMNS)
        yield f"{case.name:22}" + "".join(f"  {text:>{width}}" for text, width in zip(texts, widths, strict=True))


def _shown(case: Case, figure: str) -> str:
    if figure == "drain_ratio" and case.middle("succeeded") < case.middle("starts"):
        return "-"  # nothing was drained
    return _COLUMNS[figure][1].format(case.middle(figure))


def _document(cases: Sequence[Case]) -> dict[str, object]:
    """The medians of every case, and the extremes where it has many courses."""
    names = [field.name for field in fields(Figures)]
    system = f"{platform.machine()}, {platform.system()} {platform.release()}"
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": f"{system}, Python {platform.python_version()}",
        "cases": [
            {
                "name": case.name,
                "courses": len(case.courses),
                "medians": {name: round(case.middle(name), 2) for name in names},
                "largest": {name: round(max(getattr(each, name) for each in case.courses), 2) for name in names},
            }
            for case in cases
        ],
    }


if __name__ == "__main__":
    sys.exit(main())
