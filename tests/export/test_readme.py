"""The README's table of formats."""

import re
from pathlib import Path

from mysafe_env.sinks.export.registry import FORMATS

README = Path(__file__).parents[2] / "README.md"


def test_the_readme_has_every_format() -> None:
    """Its table names each format once; what each can't carry is told by `--list-formats`."""
    exports = README.read_text("utf-8").partition("### Exports\n")[2].partition("\n### ")[0]
    rows = "\n".join(line for line in exports.splitlines() if line.startswith("| "))
    named = re.findall(r"`([a-z0-9-]+)`", rows)
    assert sorted(FORMATS) == sorted(named)
