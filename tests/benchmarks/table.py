"""A report as text for a terminal."""

from tests.benchmarks.measure import Figure
from tests.benchmarks.report import Report


def table(report: Report) -> str:
    """A line for each figure, and one for the peers that were not there."""
    lines = [f"{'case':26}  {'command':28}  {'ms':>8}  {'ratio':>6}  note"]
    lines += [_line(figure) for figure in report.figures]
    if report.absent:
        lines.append(f"not on PATH, so not compared: {', '.join(report.absent)}")
    return "\n".join(lines)


def _line(figure: Figure) -> str:
    took, ratio = "-", "-"
    if figure.milliseconds is not None and figure.ratio is not None:
        took, ratio = f"{figure.milliseconds:.1f}", f"{figure.ratio:.2f}"
    note = figure.note or (f"peak memory {figure.mebibytes} MiB" if figure.mebibytes else "")
    return f"{figure.case:26}  {figure.command:28}  {took:>8}  {ratio:>6}  {note}".rstrip()
