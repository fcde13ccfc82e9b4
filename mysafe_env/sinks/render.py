"""Config files made from templates: all of them rendered in memory before the first one is written."""

from collections.abc import Collection, Iterable

from mysafe_env.scope import Scope
from mysafe_env.secret import Secret
from mysafe_env.sinks.rendering.changes import Change, find_changes, find_targets
from mysafe_env.sinks.rendering.commands import run_commands
from mysafe_env.sinks.rendering.diff import diff_lines
from mysafe_env.sinks.rendering.endings import ending_orderly
from mysafe_env.sinks.rendering.jobs import DEFAULT_MODE, Job, read_jobs
from mysafe_env.sinks.rendering.locks import locked
from mysafe_env.sinks.rendering.transaction import write_changes

__all__ = ["DEFAULT_MODE", "Job", "diff_jobs", "differing_jobs", "read_jobs", "render_jobs"]


def render_jobs(jobs: Iterable[Job], scope: Scope) -> tuple[str, ...]:
    """Render all, write what differs, and run the commands of what was written.

    Gives the paths whose content, mode or owner changed. Raises `TemplateError` or `SinkError`.
    """
    targets = find_targets(jobs)
    with ending_orderly() as endings:
        with locked(targets):
            changes = find_changes(targets, scope)
            write_changes(changes, endings)
        # One command for all files of an entry.
        run_commands(dict.fromkeys(change.job.render for change in changes if change.of_content), scope.environ)
    return _differing(changes)


def differing_jobs(jobs: Iterable[Job], scope: Scope) -> tuple[str, ...]:
    """The paths that `render_jobs` would change; nothing is written."""
    return _differing(find_changes(find_targets(jobs), scope))


def diff_jobs(jobs: Iterable[Job], scope: Scope, shown: Collection[Secret]) -> str:
    """What `render_jobs` would change, as a diff with all values masked but *shown*; empty for nothing."""
    texts = frozenset(value.reveal() for value in shown)
    changes = (change for change in find_changes(find_targets(jobs), scope) if change.is_needed)
    return "".join(f"{line}\n" for change in changes for line in diff_lines(change, texts))


def _differing(changes: Iterable[Change]) -> tuple[str, ...]:
    return tuple(change.job.to for change in changes if change.is_needed)
