"""`python -m tests.benchmarks`: mysafe-run beside what it can be compared with, in one run.

It is compared with the smallest scripts that make the same calls, and with the comparable tools that are on PATH, each
against a loopback server of its own that has as many values and the same latency. The ratios are those of the medians.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.cases import LATENCIES, Network, scale, start_up
from tests.benchmarks.measure import Figure
from tests.benchmarks.peers.known import PEERS, Found, find
from tests.benchmarks.readme import rewrite
from tests.benchmarks.report import Report
from tests.benchmarks.table import table

COUNTS = (1, 10, 50, 200)
RESULTS = Path(__file__).parent / "results"
README = Path(__file__).parents[2] / "README.md"


def main() -> None:
    """Measure, print the table, and write what was asked for."""
    options = _options()
    peers = find(os.environ.get("PATH", os.defpath))
    print("peers:", ", ".join(peer.name for peer in peers) or "none on PATH", file=sys.stderr)
    present = {found.peer.program for found in peers}
    absent = [peer.program for peer in PEERS if peer.program not in present]
    report = Report.of_today(options.rounds, absent, _figures(options, peers))
    print(table(report))
    if options.json:
        report.write(options.json)
    if options.publish:
        _publish(report)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="runs of each command, after one warm-up")
    parser.add_argument("--counts", type=int, nargs="+", default=list(COUNTS), help="numbers of items")
    parser.add_argument("--schemes", nargs="+", choices=("http", "https"), default=["http", "https"])
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to FILE")
    parser.add_argument("--publish", action="store_true", help="rewrite the README's table, the figures and the plot")
    return parser.parse_args()


def _figures(options: argparse.Namespace, peers: list[Found]) -> list[Figure]:
    network = Network(options.counts, peers, options.rounds)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        figures = [*start_up(options.rounds, folder)]
        for scheme in options.schemes:
            for latency in LATENCIES:
                figures += network.figures(scheme, latency, folder)
        figures += scale(options.rounds, folder)
    return figures


def _publish(report: Report) -> None:
    from tests.benchmarks.plot import draw  # noqa: PLC0415  # it needs the extra `benchmark`, the table does not

    report.write(RESULTS / "figures.json")
    draw(report, RESULTS / "figures.svg")
    rewrite(report, README)


if __name__ == "__main__":
    main()
