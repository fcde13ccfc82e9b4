"""What a rendering would change: each file as it should be, beside the file as it is."""

# ruff: noqa: PTH120
# pathlib is slow to import

import os
import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mysafe_env.errors import SinkError, TemplateError
from mysafe_env.mapping.model import Render
from mysafe_env.scope import Scope
from mysafe_env.sinks.files import follow_own_links, refuse_special_file
from mysafe_env.sinks.owners import Owner, UnknownOwnerError, find_owner
from mysafe_env.sinks.rendering.jobs import Job
from mysafe_env.sinks.rendering.marks import find_marks
from mysafe_env.templating import Template


@dataclass(frozen=True, slots=True)
class Found:
    """A file that is there."""

    data: bytes | None
    """None where it can't be read."""
    mode: int
    owner: Owner


@dataclass(frozen=True, slots=True)
class Change:
    """One file: what it is, and what it should be."""

    job: Job
    path: str
    """Where the file really is, at the end of all links."""
    old: Found | None
    pieces: tuple[str, ...]
    """The new text; a value is `Inserted`. Empty for a file that is copied."""
    data: bytes
    owner: Owner
    marks: tuple[str, ...] = ()
    """What says that the command has not succeeded since an earlier change: all of an entry, with one of its files."""

    @property
    def folder(self) -> str:
        """Where the file stands, or will."""
        return os.path.dirname(self.path) or "."

    @property
    def of_content(self) -> bool:
        """Whether the file is new, or what stands in it differs."""
        return self.old is None or self.old.data != self.data

    @property
    def of_mode(self) -> bool:
        """Whether the file is there with another mode than it should have."""
        return self.old is not None and self.old.mode != self.job.mode

    @property
    def of_owner(self) -> bool:
        """Whether the file is there and belongs to somebody else than it should."""
        return self.old is not None and any(
            wanted not in {-1, is_now} for wanted, is_now in zip(self.owner, self.old.owner, strict=True)
        )

    @property
    def is_needed(self) -> bool:
        """Whether there is anything to do about the file."""
        return self.of_content or self.of_mode or self.of_owner

    @property
    def owes_command(self) -> bool:
        """Whether the command of an earlier change has not succeeded since, whatever is to do now."""
        return bool(self.marks and self.job.render.command)


def find_targets(jobs: Iterable[Job]) -> dict[Job, str]:
    """Where each file really is, at the end of all links; raises `SinkError` for one that may not be written."""
    targets = {job: _target(job) for job in jobs}
    _refuse_collisions(targets)
    return targets


def find_changes(targets: Mapping[Job, str], scope: Scope) -> tuple[Change, ...]:
    """Render everything, and look at every file; nothing is written. Raises `TemplateError` or `SinkError`."""
    marks = _marks(targets)
    return tuple(_change(job, path, scope, marks.get(job, ())) for job, path in targets.items())


def _marks(targets: Mapping[Job, str]) -> dict[Job, tuple[str, ...]]:
    """The marks of each entry, with the first of its files that has one."""
    beside = find_marks(targets.values())
    firsts: dict[Render, Job] = {}
    marks: dict[Job, tuple[str, ...]] = {}
    for job, path in targets.items():
        if beside[path]:
            first = firsts.setdefault(job.render, job)
            marks[first] = (*marks.get(first, ()), *beside[path])
    return marks


def _target(job: Job) -> str:
    if "\0" in job.to:
        raise SinkError(f"{job.to} is not a file name", "leave the NUL character out")
    path = follow_own_links(job.to)
    refuse_special_file(path)
    if job.render.backup:
        refuse_special_file(f"{path}~")
    _refuse_outside(path, job)
    return path


def _refuse_outside(path: str, job: Job) -> None:
    """No link below the target folder of a tree may lead out of it, nor one below the tree itself."""
    for what, inner, tree in ((job.to, path, job.tree), (job.path, job.path, job.tree and job.render.template)):
        if tree and os.path.commonpath([os.path.realpath(tree), os.path.realpath(inner)]) != os.path.realpath(tree):
            raise SinkError(f"{what} leads out of {tree} by a symbolic link", "put the file itself there")


def _refuse_collisions(targets: Mapping[Job, str]) -> None:
    read = {os.path.realpath(job.render.place.document.name): "the mapping" for job in targets}
    read |= {os.path.realpath(job.path): "a template" for job in targets}
    seen: dict[str, Job] = {}
    for job, path in targets.items():
        real = os.path.realpath(path)
        if real in read:
            raise SinkError(f"{job.to} is {read[real]} itself", "write to another file")
        for written in (real, f"{real}~") if job.render.backup else (real,):
            if written in seen:
                raise _collision(job, seen[written])
            seen[written] = job


def _collision(job: Job, other: Job) -> SinkError:
    if job.render is other.render:
        return SinkError(f"{job.to} is made of {other.path} and of {job.path}", "take one of them out")
    return SinkError(f"{job.render.place}: {job.to} is written by {other.render.place} too", "take one of them out")


def _change(job: Job, path: str, scope: Scope, marks: tuple[str, ...]) -> Change:
    old = find_file(path)
    pieces = _pieces(job.source, scope, old) if isinstance(job.source, Template) else ()
    data = job.source if isinstance(job.source, bytes) else _encoded("".join(pieces), job)
    return Change(job, path, old, pieces, data, _owner(job.render), marks)


def _owner(render: Render) -> Owner:
    try:
        return find_owner(render.owner)
    except UnknownOwnerError as error:
        raise SinkError(
            f"{render.place.at('owner')}: there is no {error} on this system", "correct it, or write the number of one"
        ) from None


def _pieces(template: Template, scope: Scope, old: Found | None) -> tuple[str, ...]:
    old_data = old.data if old and old.data else b""
    return template.pieces(scope, old_data.decode(errors="replace"))


def _encoded(text: str, job: Job) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise TemplateError(
            f"{job.path}: the rendered text holds half of a surrogate pair, which is not text",
            "look for bytes that are not UTF-8 in the inherited environment",
        ) from None


def find_file(path: str) -> Found | None:
    """The file that is there; raises `SinkError` if not even that can be told."""
    try:
        status = os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise SinkError(f"can't look at {path}: {error.strerror}", "check its path and permissions") from None
    return Found(_read(path), stat.S_IMODE(status.st_mode), (status.st_uid, status.st_gid))


def _read(path: str) -> bytes | None:
    try:
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), "rb") as file:
            return file.read()
    except OSError:
        return None
