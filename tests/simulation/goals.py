"""What a herd has to achieve, and whether the model tells what real processes do."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from statistics import median

from tests.simulation.measures import Figures

MOST_DRAIN = 1.3
"""Total time to the ideal, where every start has time enough."""
LEAST_USE = 0.75
"""Of the starts that could succeed, where there is not time enough for all."""
MOST_LEFT = 4.0
"""Seconds that a start may have left when it gives up: one that was named, two of the narrowest jitter, and one more.

A process counts its time from before its first request, which is where the journal begins.
"""
_COMPARED = ("succeeded", "drain", "arrivals_per_answer", "later_peak")
_TOLERANCE = 0.1


@dataclass(frozen=True, slots=True)
class Case:
    """A herd's name, and the figures of its courses: one that happened, or as many as the model has seeds."""

    name: str
    courses: tuple[Figures, ...]

    def middle(self, figure: str) -> float:
        """The median of one figure."""
        return float(median(getattr(course, figure) for course in self.courses))


def missed(case: Case) -> Iterator[str]:
    """The goals that a course of the case misses, each with the figure that does."""
    for course in case.courses:
        if course.succeeded == course.starts and course.drain_ratio > MOST_DRAIN:
            yield f"{case.name}: the drain took {course.drain_ratio:.2f} of the ideal"
        if course.succeeded < LEAST_USE * course.most_successes:
            yield f"{case.name}: only {course.succeeded} of {course.most_successes} possible starts succeeded"
        if course.gave_up_early > MOST_LEFT:
            yield f"{case.name}: a start gave up with {course.gave_up_early:.1f} s left"
        if course.beyond_limit:
            yield f"{case.name}: {course.beyond_limit} requests went through beyond the limit"
        if course.beyond_jitter:
            yield f"{case.name}: in {course.beyond_jitter} slots more came back than jitter allows"


def disagreements(real: Case, model: Case) -> Iterator[str]:
    """Figures of a real herd that lie outside of what the model of it has in any course, by more than a tenth."""
    for figure in fields(Figures):
        if figure.name in _COMPARED:
            values = [getattr(course, figure.name) for course in model.courses]
            low, high, value = min(values), max(values), real.middle(figure.name)
            if not low * (1 - _TOLERANCE) <= value <= high * (1 + _TOLERANCE):
                yield f"{real.name}: {figure.name} is {value:.2f}, the model has {low:.2f} to {high:.2f}"
