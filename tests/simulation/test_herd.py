"""The model of a herd, what is measured on it, and whether real processes do the same."""

from itertools import pairwise
from pathlib import Path
from random import Random

import pytest

from mysafe_env.emulator.journal import Arrival
from mysafe_env.emulator.rate_limit import RateLimit
from mysafe_env.sources.http.backoff import pause
from tests.simulation import real
from tests.simulation.__main__ import main
from tests.simulation.goals import Case, disagreements, missed
from tests.simulation.herd import Course, Herd
from tests.simulation.measures import allowed, measure
from tests.simulation.model import simulate

TENTH = Herd(200, RateLimit(10), 120.0)
"""A tenth of the herd, which drains in the same minute."""


def as_named(tries: int, named: float | None, random: Random, left: float) -> float:  # noqa: ARG001  # `Pause` has them
    """The wait of a client that takes Retry-After by its letter."""
    return named or 0.0


def came(*moments: float, refused: bool = False, client: int = 1) -> list[Arrival]:
    """Requests of one client."""
    return [Arrival(moment, client, refused) for moment in moments]


def test_a_start_that_meets_no_limit_needs_three_round_trips() -> None:
    """Token, list and item follow each other at once."""
    course = simulate(Herd(1, RateLimit(3), 30.0, round_trip=0.1), pause, 1, [5.0])
    assert [5.0, 5.1, 5.2] == pytest.approx([arrival.at for arrival in course.arrivals])
    assert {False} == {arrival.refused for arrival in course.arrivals}


def test_a_refused_start_waits_as_it_is_told() -> None:
    """One request a second is let through; who is refused comes back after Retry-After."""
    course = simulate(Herd(1, RateLimit(1), 30.0, round_trip=0.1), as_named, 1, [5.0])
    assert [5.0, 5.1, 6.2, 6.3, 7.4] == pytest.approx([arrival.at for arrival in course.arrivals])
    assert [False, True, False, True, False] == [arrival.refused for arrival in course.arrivals]


def test_nobody_passes_the_deadline() -> None:
    """No request is sent after it, and a wait that does not fit is not begun."""
    course = simulate(Herd(50, RateLimit(1), 8.0), pause, 1)
    assert all(client[-1].at < client[0].at + 8.0 for client in course.clients())


def test_one_seed_is_one_course() -> None:
    """The same seed gives the same herd, another one another."""
    herd = Herd(20, RateLimit(5), 30.0)
    assert simulate(herd, pause, 1) == simulate(herd, pause, 1) != simulate(herd, pause, 2)


@pytest.mark.parametrize("timeout", [30.0, 120.0])
def test_a_herd_reaches_its_goals(timeout: float) -> None:
    """With the waits of the product: time, successes, deadlines, the limit, and no steps."""
    herd = Herd(500, RateLimit(25), timeout)
    case = Case("a quarter", tuple(measure(simulate(herd, pause, seed), pause) for seed in range(3)))
    assert [] == list(missed(case))


def test_jitter_spares_the_server() -> None:
    """Clients that take Retry-After by its letter come in step, and ask three times as often."""
    herd = Herd(500, RateLimit(25), 120.0)
    spread, in_step = (measure(simulate(herd, waits, 1), pause) for waits in (pause, as_named))
    assert (True, 0) == (in_step.beyond_jitter > 20, spread.beyond_jitter)
    assert in_step.arrivals_per_answer > 3 * spread.arrivals_per_answer
    assert in_step.later_peak > 1.5 * spread.later_peak


def test_figures_of_a_course() -> None:
    """Two starts at two requests a second; one has all it wants, the other gives up."""
    herd = Herd(2, RateLimit(2), 4.0, round_trip=0.0)
    arrivals = [*came(7.0, 7.1, 8.5), *came(7.2, 8.2, 9.7, refused=True, client=2)]
    figures = measure(Course(herd, tuple(sorted(arrivals))), pause)
    assert (2, 1, 2) == (figures.starts, figures.succeeded, figures.most_successes)
    assert (1.5, 3.0, 0.5) == (figures.drain, figures.ideal_drain, figures.drain_ratio)
    assert 1.5 == pytest.approx(figures.gave_up_early)
    assert (2.0, 1.5, 1.0) == (figures.arrivals_per_answer, figures.first_second, figures.later_peak)
    assert (0, 0) == (figures.beyond_limit, figures.beyond_jitter)


def test_a_limit_that_does_not_hold_is_seen() -> None:
    """What is let through is counted by the server's own windows."""
    course = Course(Herd(1, RateLimit(2), 30.0), tuple(came(6.9, 7.0, 7.3, 7.6, 7.9)))
    assert 2 == measure(course, pause).beyond_limit


def test_repetitions_in_step_are_seen() -> None:
    """A hundred clients that could come back within two seconds, and come in the same tenth of one."""
    herd = Herd(100, RateLimit(100), 30.0, round_trip=0.0)
    again = {number: (9.05 if number % 2 else 8.0 + number / 50) for number in range(100)}
    refused = [Arrival(7.0, number, refused=True) for number in range(100)]
    returned = [Arrival(at, number, refused=False) for number, at in again.items()]
    assert 1 == measure(Course(herd, (*refused, *sorted(returned))), pause).beyond_jitter


def test_chance_is_allowed() -> None:
    """A slot may have a little more than is expected in it, in proportion less where much is expected."""
    assert 4.0 == allowed(0.0)
    shares = [allowed(expected) / expected for expected in (1.0, 10.0, 100.0)]
    assert all(before > after > 1 for before, after in pairwise(shares))


def test_a_missed_goal_is_told() -> None:
    """Each goal has a sentence of its own."""
    herd = Herd(100, RateLimit(1), 5.0)
    course = Course(herd, (*came(7.0, 7.1), *came(8.0, refused=True, client=2)))
    slow = Course(Herd(1, RateLimit(1), 60.0, requests=1), tuple(came(7.0, 9.0)[:1] + came(9.0, client=2)))
    told = list(missed(Case("herd", (measure(course, pause), measure(slow, pause)))))
    assert [
        "herd: only 0 of 2 possible starts succeeded",
        "herd: a start gave up with 5.0 s left",
        "herd: 1 requests went through beyond the limit",
        "herd: the drain took 2.00 of the ideal",
    ] == told


def test_a_disagreement_is_told() -> None:
    """A real figure that no course of the model comes near to is named with both."""
    model = Case("model", tuple(measure(simulate(TENTH, pause, seed), pause) for seed in range(3)))
    same, other = (Case("real", (measure(simulate(TENTH, waits, 9), pause),)) for waits in (pause, as_named))
    assert [] == list(disagreements(same, model))
    told = "\n".join(disagreements(other, model))
    assert "real: arrivals_per_answer is 1" in told
    assert "real: later_peak is " in told


def test_real_processes_are_a_herd() -> None:
    """Processes of ours, a limit that refuses some of their requests, and all of them get everything."""
    herd = Herd(6, RateLimit(3), 60.0)
    figures = measure(real.run(herd), pause)
    assert (6, 6, 0, 0) == (figures.starts, figures.succeeded, figures.beyond_limit, figures.beyond_jitter)
    assert figures.arrivals_per_answer > 1


def test_the_command_writes_its_figures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A small herd: a table on standard output, and JSON in a file."""
    path = tmp_path / "herd.json"
    monkeypatch.setattr(
        "sys.argv", ["", "--starts", "200", "--limit", "10", "--real", "0", "--seeds", "2", "--json", str(path)]
    )
    assert 0 == main()
    assert "Every goal is reached." in capsys.readouterr().out
    assert '"name": "model without jitter"' in path.read_text(encoding="utf-8")
