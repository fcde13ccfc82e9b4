"""Errors: one root, words that are safe for a terminal, and a tree that the module's docstring draws."""

import inspect
import pickle
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mysafe_env import errors
from mysafe_env.errors import (
    MappingError,
    MySafeEnvError,
    NotFoundError,
    Report,
    ResolveError,
    UnfitEnvironmentError,
    printable,
)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain é", "plain é"),
        ("two\nlines\r\n\tand a tab", "two lines and a tab"),
        ("\x1b[31mred\x07", "?[31mred?"),
        ("\x9b31m", "?31m"),
        ("half \udcff", "half ?"),
        ("right\u202eleft", "right?left"),
        ("  ", ""),
    ],
)
def test_printable(text: str, shown: str) -> None:
    """A message is one line without anything that a terminal obeys."""
    assert shown == printable(text)
    assert shown == MySafeEnvError(text).message == Report("", text).hint


@given(st.text())
def test_printable_is_always_one_safe_line(text: str) -> None:
    """Whatever comes in, what goes out can be printed."""
    assert printable(text).isprintable()


def test_an_error_is_its_own_report() -> None:
    """An error tells its message and its hint, and its text is the message."""
    error = NotFoundError("there is none", "look again")
    assert "there is none" == str(error)
    assert (Report("there is none", "look again"),) == error.reports


@pytest.mark.parametrize("many", [MappingError, ResolveError, UnfitEnvironmentError, errors.VaultFileError])
def test_many_reports(many: type[MappingError]) -> None:
    """Problems that are told together keep their hints, and are joined in the error's text, each hint once."""
    reports = (Report("one", "mend it"), Report("two"), Report("three", "mend it"), Report("four", "look at it"))
    error = many(iter(reports))
    assert reports == error.reports
    assert "one; two; three; four" == str(error) == error.message
    assert "mend it; look at it" == error.hint


def test_reports_compare_by_what_they_say() -> None:
    """Two reports with the same words are the same one."""
    assert {Report("a", "b")} == {Report("a", "b"), Report("a", "b")}
    assert Report("a") != Report("b")
    assert Report("a") != "a"
    assert "Report('a', 'b')" == repr(Report("a", "b"))


def test_the_drawn_tree_is_the_tree() -> None:
    """The tree in the docstring names every public class, each under its parent."""
    drawn: dict[str, str] = {}
    parents: list[str] = []
    for line in inspect.getdoc(errors).splitlines():  # type: ignore[union-attr]  # the module has a docstring
        match = re.match(r"( *(?:│   |    )*(?:[├└]── )?)([A-Z]\w+Error)\b", line)
        if match:
            depth = len(match[1]) // 4 - 1
            drawn[match[2]] = parents[depth - 1] if depth else "Exception"
            parents[depth:] = [match[2]]
    classes = {name: each for name, each in vars(errors).items() if isinstance(each, type) and name.endswith("Error")}
    public = {name: each for name, each in classes.items() if not name.startswith("_")}
    assert {name: _parent(each) for name, each in public.items()} == drawn


def _parent(error: type[Exception]) -> str:
    """The nearest public class above; the one that is about its room if there are two."""
    above = [base for base in error.__bases__ if not base.__name__.startswith("_")]
    return above[0].__name__ if above else _parent(error.__bases__[0])


def test_every_error_can_be_told() -> None:
    """Each class has a docstring, and one root."""
    for name, each in vars(errors).items():
        if isinstance(each, type) and issubclass(each, Exception):
            assert issubclass(each, MySafeEnvError), name
            assert each.__doc__, name


@pytest.mark.parametrize(
    "error",
    [
        NotFoundError("there is none", "look again"),
        ResolveError([Report("one", "first"), Report("two")]),
        MappingError([Report("one", "first")]),
    ],
)
def test_an_error_may_cross_processes(error: MySafeEnvError) -> None:
    """An error can be pickled with all that it tells, as test runners and process pools do."""
    copied = pickle.loads(pickle.dumps(error))  # noqa: S301  # our own bytes
    assert type(error) is type(copied)
    assert (error.message, error.hint, error.reports) == (copied.message, copied.hint, copied.reports)


def test_a_message_has_an_end() -> None:
    """What a server sent without end is told by its beginning and its end."""
    report = Report("a" * 5_000_000 + "end", "h" * 5_000)
    assert 4_005 == len(report.message) == len(report.hint)
    assert report.message.startswith("aaa")
    assert report.message.endswith("aaaend")


def test_marks_of_direction_are_shown_as_what_they_are() -> None:
    """A right-to-left override, which reorders what is read, is no letter."""
    assert "a?b?" == printable("a\u202eb\u200b")
