"""What can be done with rendered files: write them, compare them with those that are there, or only try to render."""

from collections.abc import Callable, Collection, Iterable
from contextlib import closing

from mysafe_env.errors import TemplateError
from mysafe_env.mapping.model import Render
from mysafe_env.scope import Scope
from mysafe_env.secret import Secret
from mysafe_env.sinks.rendering.changes import Change, find_changes, find_targets
from mysafe_env.sinks.rendering.commands import run_commands
from mysafe_env.sinks.rendering.debts import Debts
from mysafe_env.sinks.rendering.diff import diff_lines
from mysafe_env.sinks.rendering.jobs import Job
from mysafe_env.sinks.rendering.locks import locked
from mysafe_env.sinks.rendering.signals import ending_orderly
from mysafe_env.sinks.rendering.transaction import write_changes
from mysafe_env.templating import Template

Warn = Callable[[str], None]
"""Called with what the user should know although it is no error."""

_OWED = "its command has not succeeded since the last change"


def render_jobs(jobs: Iterable[Job], scope: Scope, warn: Warn) -> tuple[str, ...]:
    """Render all, write what differs, and run the commands of what was written, now or by a run that did not get there.

    Gives the paths whose content, mode or owner changed. Raises `TemplateError` or `SinkError`; `OwedCommandError`
    when only commands have failed that were owed before.
    """
    targets = find_targets(jobs)
    with ending_orderly() as endings, closing(Debts(warn)) as debts:
        with locked(targets):
            changes = find_changes(targets, scope)
            for change in changes:
                debts.take_over(change)
            write_changes(changes, debts, endings)
        renders = _renders(changes)
        for render, has_changed in renders.items():
            if debts.includes(render) and not has_changed:
                warn(f"{render.to}: {_OWED}, so it is run now")
        run_commands(renders, debts, scope.environ, endings)
    return tuple(change.job.to for change in changes if change.is_needed)


def differing_jobs(jobs: Iterable[Job], scope: Scope, warn: Warn) -> tuple[str, ...]:
    """The paths that `render_jobs` would change, or run an owed command for; nothing is written."""
    changes = _pending(find_changes(find_targets(jobs), scope))
    for change in changes:
        if change.owes_command:
            warn(f"{change.job.to}: {_OWED}")
    return tuple(change.job.to for change in changes)


def failing_jobs(jobs: Iterable[Job], scope: Scope) -> tuple[tuple[Job, TemplateError], ...]:
    """What can't be rendered, each with the reason; files are not looked at."""
    failures = ((job, _failure(job, scope)) for job in jobs)
    return tuple((job, failure) for job, failure in failures if failure is not None)


def _failure(job: Job, scope: Scope) -> TemplateError | None:
    try:
        if isinstance(job.source, Template):
            job.source.render(scope)
    except TemplateError as error:
        return error
    return None


def diff_jobs(jobs: Iterable[Job], scope: Scope, shown: Collection[Secret]) -> str:
    """What `render_jobs` would do, as a diff with all values masked but *shown*; empty for nothing."""
    texts = frozenset(value.reveal() for value in shown)
    changes = _pending(find_changes(find_targets(jobs), scope))
    return "".join(f"{line}\n" for change in changes for line in diff_lines(change, texts))


def _renders(changes: Iterable[Change]) -> dict[Render, bool]:
    """The entries, whose command is one for all their files, each with whether the content of any of these changes."""
    renders: dict[Render, bool] = {}
    for change in changes:
        renders[change.job.render] = change.of_content or renders.get(change.job.render, False)
    return renders


def _pending(changes: Iterable[Change]) -> tuple[Change, ...]:
    return tuple(change for change in changes if change.is_needed or change.owes_command)
