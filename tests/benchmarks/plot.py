"""A report as an SVG: `python -m tests.benchmarks.plot FIGURES.json PICTURE.svg`."""

import sys
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
from matplotlib.axes import Axes

from tests.benchmarks.report import Report

# The same picture for the same figures.
mpl.rcParams["svg.hashsalt"] = "mysafe-env"
mpl.use("svg")
_OURS = ("mysafe-run", "requests", "http.client")
_LIMIT = 80


def draw(report: Report, target: Path) -> None:
    """Times over numbers of items for each scheme and latency, the growth to thousands of variables, and the legend."""
    network = [figure.case for figure in report.figures if " items, " in figure.case]
    panels = list(dict.fromkeys(case.partition(" items, ")[2] for case in network))
    columns = (len(panels) + 2 + 1) // 2
    picture, axes = plt.subplots(2, columns, figsize=(3.6 * columns, 6), squeeze=False)
    places = list(axes.flat)
    for axis, panel in zip(places, panels, strict=False):
        axis.sharey(places[0])
        _draw_times(axis, panel, report)
    _draw_scale(places[len(panels)], report)
    for axis in places[len(panels) + 1 :]:
        axis.axis("off")
    # Every panel has the same lines, in the same order.
    places[len(panels) + 1].legend(*places[0].get_legend_handles_labels(), loc="center", fontsize=8, frameon=False)
    picture.suptitle(f"{report.date}: {report.machine}; medians of {report.rounds}", fontsize=9)
    picture.tight_layout()
    picture.savefig(target, metadata={"Date": None})


def _draw_times(axis: Axes, panel: str, report: Report) -> None:
    lines: dict[str, list[tuple[int, float]]] = {}
    for figure in report.figures:
        count, _, where = figure.case.partition(" items, ")
        if where == panel and figure.milliseconds is not None:
            lines.setdefault(figure.command, []).append((int(count), figure.milliseconds))
    for command, points in lines.items():
        width = 2.4 if command.startswith("mysafe-run") else 1
        style = "-" if command.startswith(_OURS) else "--"
        axis.plot(*zip(*sorted(points), strict=True), style, marker="o", markersize=3, linewidth=width, label=command)
    axis.set(xscale="log", yscale="log", title=panel, xlabel="items", ylabel="milliseconds")


def _draw_scale(axis: Axes, report: Report) -> None:
    """Linear axes from zero: what grows linearly is a straight line."""
    sizes = [int(figure.command.split()[0]) for figure in report.case("scale")]
    axis.plot(sizes, [figure.milliseconds or 0 for figure in report.case("scale")], marker="o", markersize=3)
    axis.set(title="5 variables of each item, http, 0 ms", xlabel="variables", ylabel="milliseconds (blue)")
    axis.set(xlim=(0, None), ylim=(0, None))
    memory = axis.twinx()
    memory.plot(sizes, [figure.mebibytes or 0 for figure in report.case("scale")], "g:", marker="s", markersize=3)
    memory.set(ylabel="peak MiB (green)", ylim=(0, _LIMIT))


if __name__ == "__main__":
    draw(Report.read(Path(sys.argv[1])), Path(sys.argv[2]))
