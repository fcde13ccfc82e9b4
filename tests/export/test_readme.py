"""The README's table of formats."""

from pathlib import Path

import pytest

from mysafe_env.sinks.export.registry import FORMATS, make_format

README = Path(__file__).parents[2] / "README.md"


@pytest.mark.parametrize("name", FORMATS)
def test_the_readme_tells_what_a_format_can_not_carry(name: str) -> None:
    """Its table says what `--list-formats` says."""
    shown = make_format(name)
    cells = (f"`{shown.name}`", shown.reader, shown.cannot or "-")
    row = "".join(f"| {cell} ".replace("|", "\\|").replace("\\|", "|", 1) for cell in cells) + "|"

    assert row in README.read_text("utf-8").splitlines()
