"""The figures of a run as an SVG: `python -m tests.benchmarks.plot FIGURES.json PICTURE.svg`."""

import json
import sys
from pathlib import Path
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
from matplotlib.axes import Axes

# The same picture for the same figures.
mpl.rcParams["svg.hashsalt"] = "mysafe-env"
mpl.use("svg")


def main(source: Path, target: Path) -> None:
    """One panel for each scheme and latency; times over numbers of items, both logarithmic."""
    document = json.loads(source.read_text(encoding="utf-8"))
    network = [figure for figure in document["figures"] if " items, " in figure["case"]]
    panels = list(dict.fromkeys(figure["case"].partition(" items, ")[2] for figure in network))
    picture, axes = plt.subplots(1, len(panels), figsize=(3.2 * len(panels), 3.4), sharey=True, squeeze=False)
    for axis, panel in zip(axes[0], panels, strict=True):
        _draw(axis, panel, network)
    axes[0][0].set_ylabel("milliseconds")
    axes[0][-1].legend(fontsize=7)
    picture.suptitle(f"{document['date']}, {document['machine']}, median of {document['rounds']}", fontsize=8)
    picture.tight_layout()
    picture.savefig(target, metadata={"Date": None})


def _draw(axis: Axes, panel: str, network: list[dict[str, Any]]) -> None:
    lines: dict[str, list[tuple[int, float]]] = {}
    for figure in network:
        count, _, where = figure["case"].partition(" items, ")
        if where == panel:
            lines.setdefault(figure["command"], []).append((int(count), figure["milliseconds"]))
    for command, points in lines.items():
        width = 2.2 if command.startswith("mysafe-run") else 1
        axis.plot(*zip(*sorted(points), strict=True), marker="o", markersize=3, linewidth=width, label=command)
    axis.set(xscale="log", yscale="log", title=panel, xlabel="items")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
