"""Which variables are exported, and under which names."""

import pytest

from mysafe_env.errors import ExportError, UsageError
from mysafe_env.sinks.export.names import choose_names, rename

KNOWN = ("DB_USER", "DB_PASSWORD", "STRIPE_KEY")


@pytest.mark.parametrize(
    ("only", "exclude", "chosen"),
    [
        ((), (), KNOWN),
        (("STRIPE_KEY", "DB_USER"), (), ("DB_USER", "STRIPE_KEY")),
        ((), ("DB_*",), ("STRIPE_KEY",)),
        ((), ("db_*",), KNOWN),
        ((), ("*_KEY", "*_USER"), ("DB_PASSWORD",)),
        (("DB_USER", "DB_PASSWORD"), ("*PASS*",), ("DB_USER",)),
        ((), ("*",), ()),
    ],
)
def test_the_names_that_are_left(only: tuple[str, ...], exclude: tuple[str, ...], chosen: tuple[str, ...]) -> None:
    """In mapping order; --exclude beats --only, and case counts."""
    assert chosen == choose_names(KNOWN, only, exclude)


def test_only_a_known_name() -> None:
    """A misspelt name is an error, since what was asked for would be missing."""
    with pytest.raises(UsageError) as caught:
        choose_names(KNOWN, ("DB_PASSWRD",), ())

    assert ('--only: there is no variable "DB_PASSWRD"', 'did you mean "DB_PASSWORD"?') == (
        caught.value.message,
        caught.value.hint,
    )


@pytest.mark.parametrize(
    ("prefix", "uppercase", "names"),
    [
        ("", False, ["a", "B"]),
        ("app_", False, ["app_a", "app_B"]),
        ("", True, ["A", "B"]),
        ("app_", True, ["APP_A", "APP_B"]),
    ],
)
def test_new_names(prefix: str, uppercase: bool, names: list[str]) -> None:  # noqa: FBT001  # a column of the table
    """The prefix comes first, and upper case is for the whole name."""
    assert names == list(rename({"a": 1, "B": 2}, prefix, uppercase=uppercase))


def test_two_names_that_become_one() -> None:
    """Neither is dropped silently."""
    with pytest.raises(ExportError) as caught:
        rename({"token": 1, "OTHER": 2, "TOKEN": 3}, "", uppercase=True)

    assert ("token and TOKEN would both be exported as TOKEN", "leave one out with --exclude") == (
        caught.value.message,
        caught.value.hint,
    )
