"""Which variables are exported, and under which names. Pure."""

from collections.abc import Collection, Iterable, Mapping
from fnmatch import fnmatchcase
from typing import TypeVar

from mysafe_env.errors import ExportError, UsageError
from mysafe_env.suggest import did_you_mean

_Value = TypeVar("_Value")


def choose_names(known: Iterable[str], only: Collection[str], exclude: Collection[str]) -> tuple[str, ...]:
    """The names that are left, in order: those in *only*, if it has any, without those that a glob of *exclude* fits.

    Raises `UsageError` for a name in *only* that is not known.
    """
    known = tuple(known)
    for name in only:
        if name not in known:
            raise UsageError(f'--only: there is no variable "{name}"', did_you_mean(name, known))
    chosen = (name for name in known if not only or name in only)
    return tuple(name for name in chosen if not any(fnmatchcase(name, glob) for glob in exclude))


def rename(values: Mapping[str, _Value], prefix: str, *, uppercase: bool) -> dict[str, _Value]:
    """The same values under names with *prefix* in front, in upper case if asked.

    Raises `ExportError` if two names become one.
    """
    renamed: dict[str, _Value] = {}
    first: dict[str, str] = {}
    for name, value in values.items():
        new = (prefix + name).upper() if uppercase else prefix + name
        if new in renamed:
            raise ExportError(
                f"{first[new]} and {name} would both be exported as {new}", "leave one out with --exclude"
            )
        renamed[new], first[new] = value, name
    return renamed
