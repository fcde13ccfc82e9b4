"""`github-env`: heredocs that no value can leave, and masks for the log."""

import pytest

from mysafe_env.secret import Secret
from mysafe_env.sinks.export.github_env import mask_commands
from mysafe_env.sinks.export.registry import export_text, make_format


def exported(text: str) -> str:
    """The heredoc of one variable."""
    return export_text(make_format("github-env"), {"V": Secret(text)})


@pytest.mark.parametrize(
    ("text", "heredoc"),
    [
        ("", "V<<END_OF_V_0\nEND_OF_V_0\n"),
        ("x", "V<<END_OF_V_0\nx\nEND_OF_V_0\n"),
        ("x\n", "V<<END_OF_V_0\nx\n\nEND_OF_V_0\n"),
        ("x\nEND_OF_V_0\nA=1", "V<<END_OF_V_1\nx\nEND_OF_V_0\nA=1\nEND_OF_V_1\n"),
        ("END_OF_V_0\r\nEND_OF_V_1\r\n", "V<<END_OF_V_2\nEND_OF_V_0\r\nEND_OF_V_1\r\n\nEND_OF_V_2\n"),
    ],
)
def test_a_delimiter_that_is_not_in_the_value(text: str, heredoc: str) -> None:
    """The first one that the value does not hold; the same for the same value."""
    assert heredoc == exported(text)


@pytest.mark.parametrize(
    ("text", "masks"),
    [
        ("x", ["x"]),
        ("", []),
        ("a\nb\r\n\n  \nb\n", ["a", "b"]),
        ("100%0A", ["100%250A"]),
        (" a ", [" a "]),
    ],
)
def test_each_line_is_masked(text: str, masks: list[str]) -> None:
    """A log has lines, so each line of a value is one command; empty ones would hide everything."""
    assert [f"::add-mask::{mask}" for mask in masks] == mask_commands({"V": Secret(text)}).splitlines()
