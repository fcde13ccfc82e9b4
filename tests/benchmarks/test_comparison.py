"""A comparison takes what a peer does for what it is: measured, or failed with the reason."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.benchmarks.measure import Figure, Run, RunError, measure
from tests.benchmarks.peers import doppler
from tests.benchmarks.peers.known import Found
from tests.benchmarks.readme import block, rewrite
from tests.benchmarks.report import Report
from tests.benchmarks.rivals import Conditions, rival
from tests.benchmarks.table import table

# Does what the peer does: `run --api-host URL ... -- COMMAND`, with as many of the values as the limit says.
_STAND_IN = f"""#!{sys.executable}
import json, os, sys, urllib.request
options, command = sys.argv[1:sys.argv.index("--")], sys.argv[sys.argv.index("--") + 1:]
url = options[options.index("--api-host") + 1] + "/v3/configs/config/secrets/download"
asked = urllib.request.Request(url, headers={{"Authorization": "Bearer " + os.environ["DOPPLER_TOKEN"]}})
values = json.load(urllib.request.urlopen(asked))
os.execvpe(command[0], command, {{**os.environ, **dict(list(values.items())[:LIMIT])}})
"""
_CONDITIONS = Conditions(count=3, latency=0, certificate=None, bundle=None)

Making = Callable[[str], Found]


@pytest.fixture(name="peer")
def _peer(tmp_path: Path) -> Making:
    """Makes a stand-in for doppler of a script."""

    def make(script: str) -> Found:
        program = tmp_path / "doppler"
        program.write_text(script, encoding="utf-8")
        program.chmod(0o755)
        return Found(doppler.PEER, str(program), "1.0")

    return make


def test_a_peer_that_delivers_is_measured(peer: Making, tmp_path: Path) -> None:
    """Its time stands in the table with the number of its requests and what differs."""
    with rival(peer(_STAND_IN.replace("LIMIT", "None")), _CONDITIONS, tmp_path) as ready:
        figures = list(measure("a case", {"doppler 1.0": ready.run}, 1))
    assert "" == ready.reason
    noted = ready.noted(figures[0], runs=3)
    assert noted.milliseconds is not None
    assert "1 request; all values in one answer" == noted.note


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        (_STAND_IN.replace("LIMIT", "1"), "delivers 1 of 3 values"),
        ("#!/bin/sh\necho never mind; echo no such config >&2; exit 3\n", "exit 3: no such config"),
        ("#!/bin/sh\nexit 4\n", "exit 4: nothing said"),
        ("#!/nowhere/sh\n", "No such file or directory"),
    ],
    ids=["too few values", "an error", "an error without words", "no program"],
)
def test_a_peer_that_does_not_deliver_says_why(peer: Making, tmp_path: Path, script: str, reason: str) -> None:
    """What is wrong with a peer is told, and nothing else is the worse for it."""
    with rival(peer(script), _CONDITIONS, tmp_path) as ready:
        pass
    assert reason == ready.reason


def test_a_failure_later_on_is_shown_too() -> None:
    """A peer that stops working in a round is a failed one; the others are measured."""
    failing = Run(("/bin/sh", "-c", "exit 5"), {}, may_fail=True)
    figures = list(measure("a case", {"true": Run(("/bin/true",), {}), "other": failing}, 2))
    assert ["", "failed: exit 5: nothing said"] == [figure.note for figure in figures]
    assert figures[1].milliseconds is None


def test_a_failure_of_our_own_ends_it() -> None:
    """Without our own figures there is nothing to compare with."""
    with pytest.raises(RunError, match=r"\Aexit 5: nothing said\Z"):
        list(measure("a case", {"ours": Run(("/bin/sh", "-c", "exit 5"), {})}, 1))


@pytest.fixture(name="report")
def _report() -> Report:
    cases = [
        Figure("start-up", "no-op console script", 20.0, 1.0),
        Figure("start-up", "mysafe-run, literals", 60.0, 3.0),
        Figure("start-up", "mysafe-run, local vault", 50.0, 2.5),
        Figure("1 items, https, 20 ms", "mysafe-run, first run", 300.0, 1.0),
        Figure("1 items, https, 20 ms", "doppler 3.0", 30.0, 0.1, "1 request"),
        Figure("200 items, https, 20 ms", "mysafe-run, first run", 900.0, 1.0),
        Figure("200 items, https, 20 ms", "requests, one by one", 9000.0, 10.0),
        Figure("200 items, https, 20 ms", "doppler 3.0", None, None, "failed: exit 1: oops"),
        Figure("scale", "625 variables", 400.0, 1.0, mebibytes=31),
        Figure("scale", "1250 variables", 1100.0, 2.75, mebibytes=33),
    ]
    return Report("2026-11-22", "2 cores", 5, ("chamber",), tuple(cases))


def test_a_report_is_read_as_it_was_written(report: Report, tmp_path: Path) -> None:
    """The JSON keeps everything."""
    report.write(tmp_path / "figures.json")
    assert report == Report.read(tmp_path / "figures.json")


def test_the_table_leaves_nothing_out(report: Report) -> None:
    """Failures stand there with their reason, and peers that were not there by name."""
    lines = table(report).splitlines()
    assert "failed: exit 1: oops" in next(line for line in lines if "200 items" in line and "doppler" in line)
    assert "peak memory 33 MiB" in next(line for line in lines if "1250 variables" in line)
    assert "not on PATH, so not compared: chamber" == lines[-1]


def test_the_readme_gets_the_table(report: Report) -> None:
    """A row for each command and a column for each number of items; a failure is called one."""
    lines = block(report).splitlines()
    assert "On 2026-11-22 (2 cores), medians of 5, over TLS with 20 ms of latency:" == lines[0]
    assert [
        "| | 1 item | 200 items |",
        "|---|---:|---:|",
        "| `mysafe-run`, first run | 300 ms | 900 ms |",
        "| `requests`, one by one |  | 9.0 s |",
        "| `doppler` 3.0 | 30 ms | failed |",
    ] == lines[2:7]
    assert (
        "`mysafe-run` takes 60 ms with literals and 50 ms with a local vault, 3.0 and 2.5 times as long as a console"
        " script that does nothing (20 ms)."
    ) == lines[8]
    assert (
        "Variables, five of each item, over HTTP without latency: 625 in 400 ms and 31 MiB, 1,250 in 1.1 s and 33 MiB."
        == (lines[10])
    )
    assert "Not on that machine, though there is an adapter: chamber." == lines[-1]


def test_the_readme_is_rewritten_between_its_marks(report: Report, tmp_path: Path) -> None:
    """What stands around the table stays."""
    readme = tmp_path / "README.md"
    readme.write_text("before\n<!-- benchmark -->\nold\n<!-- /benchmark -->\nafter\n", encoding="utf-8")
    rewrite(report, readme)
    expected = f"before\n<!-- benchmark -->\n{block(report)}\n<!-- /benchmark -->\nafter\n"
    assert expected == readme.read_text(encoding="utf-8")


def test_a_readme_without_marks_is_left_alone(report: Report, tmp_path: Path) -> None:
    """A table that has no place is an error, not an end of the file."""
    readme = tmp_path / "README.md"
    readme.write_text("no marks\n", encoding="utf-8")
    with pytest.raises(ValueError, match="0 places marked"):
        rewrite(report, readme)
    assert "no marks\n" == readme.read_text(encoding="utf-8")
