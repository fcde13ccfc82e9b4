"""Files that a mapping asks for twice: with two values, or with a value and a rendered text."""

import os.path
from collections.abc import Iterable

from mysafe_env.mapping.model import Entry, Render
from mysafe_env.mapping.places import Place, Problems


def report_shared_files(entries: Iterable[Entry], renders: Iterable[Render], problems: Problems) -> None:
    """Note each `path` of an entry that a `[[render]]` or an entry before it writes to, under whatever name."""
    writers = {_real(render.to): render.place for render in renders}
    for entry in entries:
        if entry.target:
            path = entry.place.at("path")
            writer: Place = writers.setdefault(_real(entry.target.path), path)
            if writer is not path:
                problems.add(path, f"names a file that {writer} writes too; name another one")


def _real(path: str) -> str:
    """The file at the end of all links; one with a NUL in its name, which is no file, stays as it is."""
    return path if "\0" in path else os.path.realpath(path)
