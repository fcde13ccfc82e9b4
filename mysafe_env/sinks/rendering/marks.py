"""Marks beside files: each is an empty file whose name says that a command is owed for the one beside it."""

# ruff: noqa: PTH118, PTH120
# pathlib is slow to import

import os
import shlex
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from typing import Final

from mysafe_env.locking import lock_at_once
from mysafe_env.sinks.random_digits import are_random_digits, random_digits

_TEXT: Final = ".mysafe-env-command-owed-"
_RANDOM_BYTES: Final = 4
# A name has 255 bytes on nearly every file system; that of a mark is the file's with a dot, the text and the digits.
_LONGEST: Final = 255 - 1 - len(_TEXT) - 2 * _RANDOM_BYTES

# So many can be named one by one for somebody who is to remove them.
_FEW: Final = 3


def find_marks(paths: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The marks beside each of the files, whoever made them.

    With them those of the same debt beside other files, which nobody makes any more.
    """
    beginnings = {path: _beginning(path) for path in paths}
    beside: dict[str, list[str]] = {beginning: [] for beginning in beginnings.values()}
    others: list[str] = []
    for folder in {os.path.dirname(path) for path in beginnings}:
        for mark in _marks_in(folder):
            beside.get(mark.removesuffix(_digits(mark)), others).append(mark)
    debts = {_digits(mark): marks for marks in beside.values() for mark in marks}
    for mark in others:
        if _digits(mark) in debts:
            debts[_digits(mark)].append(mark)
    return {path: tuple(beside[beginning]) for path, beginning in beginnings.items()}


def make_mark(path: str) -> tuple[str, int]:
    """A new mark beside a file, and a descriptor whose lock says that its run is at work; raises `OSError`."""
    mark = f"{_beginning(path)}{random_digits(_RANDOM_BYTES)}"
    # Not open for writing: network file systems ask their server for the lock of a file that is.
    descriptor = os.open(mark, os.O_RDONLY | os.O_CREAT | os.O_EXCL, 0o600)
    lock_at_once(descriptor)
    return mark, descriptor


def link_mark(mark: str, path: str) -> str | None:
    """The same mark beside another file, with the same digits and lock; None where it has one, or can't have one."""
    linked = f"{_beginning(path)}{_digits(mark)}"
    try:
        os.link(mark, linked, follow_symlinks=False)
    except OSError:
        return None
    return linked


def removal(marks: Collection[str]) -> str:
    """A shell command that removes marks."""
    if len(marks) <= _FEW:
        return shlex.join(["rm", *marks])
    folder = os.path.commonpath([os.path.realpath(os.path.dirname(mark)) for mark in marks])
    names = sorted({f".*{_TEXT}{_digits(mark)}" for mark in marks})
    return "; ".join(shlex.join(["find", folder, "-name", name, "-exec", "rm", "{}", "+"]) for name in names)


def open_mark(mark: str) -> int | None:
    """A descriptor of a mark; None where there is none any more, or where it may not be opened."""
    try:
        return os.open(mark, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None


def take_mark(descriptor: int) -> bool:
    """Lock a mark that is there; false where a run that is still at work holds it, or has removed it."""
    return lock_at_once(descriptor) and os.fstat(descriptor).st_nlink > 0


def _marks_in(folder: str) -> Iterator[str]:
    with suppress(OSError), os.scandir(folder or ".") as entries:
        names = sorted(entry.name for entry in entries if _is_mark(entry.name) and entry.is_file(follow_symlinks=False))
        yield from (os.path.join(folder, name) for name in names)


def _is_mark(name: str) -> bool:
    _, text, digits = name.rpartition(_TEXT)
    return bool(text) and are_random_digits(digits, _RANDOM_BYTES)


def _digits(mark: str) -> str:
    """The end of its path, which is that of all marks of one debt."""
    return mark[-2 * _RANDOM_BYTES :]


def _beginning(path: str) -> str:
    """What the paths of all marks beside a file begin with."""
    folder, name = os.path.split(path)
    encoded = os.fsencode(name)
    # Cut between two characters: some file systems take no name that is not UTF-8.
    short = name if len(encoded) <= _LONGEST else encoded[:_LONGEST].decode(errors="ignore")
    return os.path.join(folder, f".{short}{_TEXT}")
