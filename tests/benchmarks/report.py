"""The figures of one run with what they depend on, as JSON."""

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from tests.benchmarks.measure import Figure


@dataclass(frozen=True, slots=True)
class Report:
    """One run of the benchmarks."""

    date: str
    machine: str
    rounds: int
    absent: tuple[str, ...]
    """Peers with an adapter that were not on PATH."""
    figures: tuple[Figure, ...]

    @classmethod
    def of_today(cls, rounds: int, absent: Sequence[str], figures: Sequence[Figure]) -> Self:
        """The figures that were taken just now, here."""
        machine = f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}"
        python = f"{platform.python_implementation()} {platform.python_version()}"
        return cls(datetime.now(UTC).date().isoformat(), f"{machine}, {python}", rounds, tuple(absent), tuple(figures))

    @classmethod
    def read(cls, path: Path) -> Self:
        """A report that was written."""
        document = json.loads(path.read_text(encoding="utf-8"))
        figures = tuple(Figure(**figure) for figure in document.pop("figures"))
        return cls(**{**document, "absent": tuple(document["absent"]), "figures": figures})

    def write(self, path: Path) -> None:
        """Write the report as JSON."""
        path.write_text(json.dumps(asdict(self), indent=2) + "\n", encoding="utf-8")

    def case(self, name: str) -> list[Figure]:
        """The figures of one case, in order."""
        return [figure for figure in self.figures if figure.case == name]
