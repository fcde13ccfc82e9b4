"""A report as the README's table: `python -m tests.benchmarks.readme FIGURES.json README.md` puts it in its place."""

import re
import sys
from pathlib import Path

from tests.benchmarks.measure import Figure
from tests.benchmarks.report import Report

_MARKED = re.compile(r"(<!-- benchmark -->\n).*?(<!-- /benchmark -->)", re.DOTALL)
_WHERE = "https, 20 ms"


def rewrite(report: Report, readme: Path) -> None:
    """Put the report's table where the old one was; raises `ValueError` without the marks."""
    old = readme.read_text(encoding="utf-8")
    text = block(report)
    new, replaced = _MARKED.subn(lambda mark: f"{mark[1]}{text}\n{mark[2]}", old)
    if replaced != 1:
        raise ValueError(f"{readme} has {replaced} places marked <!-- benchmark -->, not one")
    readme.write_text(new, encoding="utf-8")


def block(report: Report) -> str:
    """Markdown: when and where, the times over TLS with latency, start-up, and growth."""
    head = f"On {report.date} ({report.machine}), medians of {report.rounds}, over TLS with 20 ms of latency:"
    parts = [head, _times(report), _start_up(report), _scale(report)]
    if report.absent:
        parts.append(f"Not on that machine, though there is an adapter: {', '.join(report.absent)}.")
    return "\n\n".join(parts)


def _times(report: Report) -> str:
    counts = sorted({int(figure.case.split()[0]) for figure in report.figures if figure.case.endswith(_WHERE)})
    columns = [report.case(f"{count} items, {_WHERE}") for count in counts]
    cells = [{figure.command: figure for figure in column} for column in columns]
    lines = [
        "| | " + " | ".join("1 item" if count == 1 else f"{count} items" for count in counts) + " |",
        "|---" + "|---:" * len(counts) + "|",
    ]
    lines += [_row(figure, [cell.get(figure.command) for cell in cells]) for figure in columns[-1]]
    return "\n".join(lines)


def _row(last: Figure, figures: list[Figure | None]) -> str:
    name, _, rest = last.command.partition(" ")
    label = f"`{name.rstrip(',')}`{',' if name.endswith(',') else ''} {rest}"
    note = f" ({last.note})" if last.note and last.milliseconds is not None else ""
    return f"| {label}{note} | " + " | ".join(_took(figure) for figure in figures) + " |"


def _took(figure: Figure | None) -> str:
    if figure is None:
        return ""
    return "failed" if figure.milliseconds is None else _time(figure.milliseconds)


def _start_up(report: Report) -> str:
    took = {figure.command: figure for figure in report.case("start-up")}
    literals, vault = took["mysafe-run, literals"], took["mysafe-run, local vault"]
    noop = _took(took["no-op console script"])
    times = f"takes {_took(literals)} with literals and {_took(vault)} with a local vault"
    ratios = f"{literals.ratio:.1f} and {vault.ratio:.1f} times as long as a console script that does nothing ({noop})"
    return f"`mysafe-run` {times}, {ratios}."


def _scale(report: Report) -> str:
    sizes = [(int(each.command.split()[0]), each) for each in report.case("scale")]
    parts = (f"{count:,} in {_took(each)} and {each.mebibytes} MiB" for count, each in sizes)
    return f"Variables, five of each item, over HTTP without latency: {', '.join(parts)}."


def _time(milliseconds: float) -> str:
    return f"{milliseconds:.0f} ms" if milliseconds < 1000 else f"{milliseconds / 1000:.1f} s"


if __name__ == "__main__":
    rewrite(Report.read(Path(sys.argv[1])), Path(sys.argv[2]))
