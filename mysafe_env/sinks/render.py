"""Config files made from templates: all of them rendered in memory before the first one is written."""

import os.path
from collections.abc import Iterable
from dataclasses import dataclass

from mysafe_env.errors import TemplateError
from mysafe_env.mapping.model import Render
from mysafe_env.references import Lookup
from mysafe_env.scope import Scope
from mysafe_env.sinks.files import write_atomically
from mysafe_env.templating import Template

DEFAULT_MODE = 0o600


@dataclass(frozen=True, slots=True)
class Job:
    """One file to be made: its template, read, and where the text goes."""

    template: Template
    to: str
    mode: int

    @property
    def lookups(self) -> tuple[tuple[Lookup, bool], ...]:
        """What the template's text asks for, each lookup with whether it means many items."""
        return self.template.needs().lookups


def read_template(path: str) -> Template:
    """The template in a file; includes are looked for in its folder. Raises `TemplateError`."""
    try:
        with open(path, encoding="utf-8", newline="") as file:  # noqa: PTH123  # as everywhere on the way of a start
            return Template(file.read(), path, os.path.dirname(path) or ".")  # noqa: PTH120
    except OSError as error:
        raise TemplateError(f"can't read the template {path}: {error.strerror}", "check its path") from None
    except UnicodeDecodeError:
        raise TemplateError(f"the template {path} is not UTF-8 text", "save it as UTF-8") from None


def read_jobs(renders: Iterable[Render]) -> tuple[Job, ...]:
    """The `[[render]]` entries with their templates read; raises `TemplateError`."""
    return tuple(_job(render) for render in renders)


def render_jobs(jobs: Iterable[Job], scope: Scope) -> tuple[str, ...]:
    """Render all, then write what changed; the paths that were written. Raises `TemplateError` or `SinkError`."""
    rendered = [(job, job.template.render(scope).encode()) for job in jobs]
    changed = [(job, data) for job, data in rendered if _differs(job.to, data)]
    for job, data in changed:
        write_atomically(job.to, data, job.mode)
    return tuple(job.to for job, _ in changed)


def _job(render: Render) -> Job:
    for key, value in (("owner", render.owner), ("command", render.command)):
        if value:
            raise TemplateError(
                f"{render.place}: {key} in [[render]] does nothing yet in this version",
                "take it out, and do it after the rendering",
            )
    mode = DEFAULT_MODE if render.mode is None else render.mode
    return Job(read_template(render.template), render.to, mode)


def _differs(path: str, data: bytes) -> bool:
    try:
        with open(path, "rb") as file:  # noqa: PTH123
            return file.read() != data
    except OSError:
        return True
