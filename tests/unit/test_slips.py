"""Slips in TOML: the words for what the folders of refused files can't show."""

import pytest

from mysafe_env.toml.reading import TomlError, parse_toml
from mysafe_env.toml.slips import Slip, find_slip


def _error(text: str) -> TomlError:
    with pytest.raises(TomlError) as caught:
        parse_toml(text)
    return caught.value


@pytest.mark.parametrize(
    ("text", "what", "line"),
    [
        ('A = [\n  """x\n', "a text is not closed", 1),
        ("A = [\n  '''x\n", "a text between three quotes is not closed", 1),
        ("A = [\n  'x\n", "a text is not closed where its line ends", 1),
        ("A = [ 'x", "a text is not closed where its line ends", 1),
        ('A = """\nB = 1\n\\d"""\n', "a text holds a lone backslash", 3),
        ('A = "x"\n\nB = [\n  1\n\nC = 1\n', "a list is not closed, or a comma is missing in it", 3),
        ("A = 1\n\n\nB", "a name is not followed by =", 4),
        ('A = """x""" y', "something stands behind the end of a value", 1),
        ("A = 'x' # don't \u201cquote\u201d me\nB = 'y' z # don't", "something stands behind the end of a value", 2),
    ],
)
def test_where_a_slip_is(text: str, what: str, line: int) -> None:
    """A slip is told on the line where its statement begins, or where it stands in a list or text of many lines."""
    error = _error(text)
    assert (what, line) == (error.what, error.line)


def test_a_line_of_a_machine_is_judged_by_the_words_of_the_parser() -> None:
    """Nobody looks for a slip of the hand in a line of thousands of characters."""
    assert "a name is not followed by =" == _error(f"export A {'x' * 3_000}").what


def test_words_that_nobody_foresaw() -> None:
    """A later parser's words are passed on as they are."""
    assert Slip("something else", "mend the TOML there", 1) == find_slip("Something else", 1, "A = 1")


def test_a_list_without_end_has_the_line_of_the_parser() -> None:
    """Where the search for the statement would cost too much, the parser's own line is told."""
    assert 20_003 == _error("A = [\n" + "[1],\n" * 20_000 + "]\nB\n").line
