"""Commands that are owed: a file changed, and its command has not succeeded since.

A mark beside the file says so. It is made before the change and removed after the command, so that neither a
failure nor a kill nor a power cut between the two loses the command.
"""

# ruff: noqa: PTH108
# pathlib is slow to import

import os
from collections.abc import Callable

from mysafe_env.mapping.model import Render
from mysafe_env.sinks.rendering.changes import Change
from mysafe_env.sinks.rendering.marks import link_mark, make_mark, open_mark, take_mark


class Debts:
    """What one run owes: the marks that it has made, and those that it took over from runs that have ended."""

    def __init__(self, warn: Callable[[str], None]) -> None:
        self._warn = warn
        self._marks: dict[Render, list[str]] = {}
        self._descriptors: list[int] = []
        # By device and inode, which all marks of one debt share: a lock keeps out another descriptor of ours, too.
        self._taken: dict[tuple[int, int], bool] = {}

    def take_over(self, change: Change) -> None:
        """Owe what the marks beside a file say, but for those of runs that are still at work."""
        render = change.job.render
        # A template that is named on the command line says nothing about the command of an entry.
        if render.place.keys:
            left = [mark for mark in change.marks if self._is_left(mark)]
            self._marks.setdefault(render, []).extend(left)

    def mark(self, change: Change) -> str | None:
        """The path of a new mark; None where the entry has no command, or the file a mark already. Raises `OSError`.

        Each file of a tree that changes has one, as any of them may be gone from the tree before the next run.
        """
        render = change.job.render
        if not render.command:
            return None
        marks = self._marks.setdefault(render, [])
        mark = link_mark(marks[0], change.path) if marks else self._new(change.path)
        marks += [mark] if mark else []
        return mark

    def includes(self, render: Render) -> bool:
        """Whether the command of an entry is owed."""
        return bool(render.command and self._marks.get(render))

    def marks(self, render: Render) -> tuple[str, ...]:
        """The paths of what says that the command of an entry is owed."""
        return tuple(self._marks.get(render, ()))

    def settle(self, render: Render) -> None:
        """Remove the marks of an entry; one that can't be removed has its command run once more, and is told."""
        for mark in self._marks.pop(render, ()):
            try:
                os.unlink(mark)
            except FileNotFoundError:
                pass
            except OSError as error:
                if render.command:
                    self._warn(f"can't remove {mark}: {error.strerror}; until you do, every render runs the command")

    def close(self) -> None:
        """Leave what is still owed to the next run."""
        for descriptor in self._descriptors:
            os.close(descriptor)

    def _new(self, path: str) -> str:
        mark, descriptor = make_mark(path)
        self._descriptors.append(descriptor)
        return mark

    def _is_left(self, mark: str) -> bool:
        descriptor = open_mark(mark)
        if descriptor is None:
            return os.path.lexists(mark)
        status = os.fstat(descriptor)
        debt = status.st_dev, status.st_ino
        if debt in self._taken:
            os.close(descriptor)
        else:
            self._descriptors.append(descriptor)
            self._taken[debt] = take_mark(descriptor)
        return self._taken[debt]
