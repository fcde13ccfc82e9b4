"""Which files a `[[render]]` entry makes: one, or those of a tree."""

# ruff: noqa: PTH110, PTH112, PTH113, PTH114, PTH118, PTH122, PTH123, PTH208
# pathlib is slow to import

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from mysafe_env.errors import TemplateError
from mysafe_env.mapping.model import Render
from mysafe_env.references import Lookup
from mysafe_env.templating import Template, check_folders, read_template

DEFAULT_MODE = 0o600
_SUFFIX = ".j2"


@dataclass(frozen=True, slots=True)
class Job:
    """One file to be made: what of, where, and the entry that asks for it."""

    source: Template | bytes
    """A template, or the content of a file of a tree that is none."""
    path: str
    """Where the source stands."""
    to: str
    mode: int
    render: Render
    tree: str = ""
    """The folder that the file may not lead out of; empty for a single file."""

    @property
    def lookups(self) -> tuple[tuple[Lookup, bool], ...]:
        """What the template's text asks for, each lookup with whether it means many items."""
        return self.source.needs().lookups if isinstance(self.source, Template) else ()


def read_jobs(renders: Iterable[Render], search: Iterable[str] = ()) -> tuple[Job, ...]:
    """The files of all entries with their templates read.

    What a template includes is looked for in its folder, then in *search*, then where its entry says.
    Raises `TemplateError`.
    """
    search, renders = tuple(search), tuple(renders)
    for render in renders:
        check_folders(render.template_path, render.place.at("template_path"))
    return tuple(job for render in renders for job in _jobs(render, (*search, *render.template_path)))


def _jobs(render: Render, search: tuple[str, ...]) -> Iterator[Job]:
    if os.path.isdir(render.template):
        return _tree_jobs(render, search)
    mode = DEFAULT_MODE if render.mode is None else render.mode
    return iter([Job(read_template(render.template, search), render.template, render.to, mode, render)])


def _tree_jobs(render: Render, search: tuple[str, ...]) -> Iterator[Job]:
    root = render.template
    _refuse_inside(render)
    for path in sorted(_files_below(root)):
        name = os.path.relpath(path, root)
        is_template = os.path.splitext(name)[1] == _SUFFIX
        _refuse_special(path)
        yield Job(
            read_template(path, (root, *search)) if is_template else _content(path),
            path,
            os.path.join(render.to, name.removesuffix(_SUFFIX) if is_template else name),
            _mode(path) if render.mode is None else render.mode,
            render,
            tree=render.to,
        )


def _refuse_inside(render: Render) -> None:
    root = os.path.realpath(render.template)
    if os.path.commonpath([root, os.path.realpath(render.to)]) == root:
        raise TemplateError(
            f"{render.place.at('to')}: {render.to} is in {render.template}, and would be mirrored itself the next time",
            "write to a folder beside it",
        )


def _refuse_special(path: str) -> None:
    """Reading a pipe would wait for somebody who writes."""
    if os.path.exists(path) and not os.path.isfile(path) and not os.path.isdir(path):
        raise TemplateError(f"can't read {path}: it is not a regular file", "take it out of the folder")


def _files_below(root: str) -> Iterator[str]:
    """The files of a tree; a link may lead to another place in it, and nowhere else."""
    for name in os.listdir(root):
        path = os.path.join(root, name)
        if name.startswith(".."):
            # Kubernetes keeps the files of a mounted ConfigMap in such a folder, and links to them from the top.
            continue
        if os.path.isdir(path) and not os.path.islink(path):
            yield from _files_below(path)
        else:
            yield path


def _content(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        raise TemplateError(f"can't read {path}: {error.strerror}", "check its permissions") from None


def _mode(path: str) -> int:
    """What a mirrored file gets where no mode is asked for: a script stays one that its owner can run."""
    return DEFAULT_MODE | (os.stat(path).st_mode & stat.S_IXUSR)  # noqa: PTH116  # as above
