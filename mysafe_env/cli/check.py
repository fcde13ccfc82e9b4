"""`mysafe-env check`: whether everything can be had that the mapping asks for."""

from collections.abc import Iterable
from typing import Any

import click

from mysafe_env.cli.columns import table
from mysafe_env.cli.inputs import inputs_from, plan_of, settings_from
from mysafe_env.cli.options import mapping_options, resolving_options, voice
from mysafe_env.cli.output import write_json, write_text
from mysafe_env.cli.warn import warn_of_ciphertext, warn_of_dangerous_names
from mysafe_env.mapping.inherited import current_environment
from mysafe_env.mapping.model import Entry, Wanted
from mysafe_env.plan import Plan
from mysafe_env.references import quoted_pairs
from mysafe_env.resolution import Outcome
from mysafe_env.resolver import Resolver, settings_faults
from mysafe_env.scope import Scope
from mysafe_env.sinks.rendering.actions import failing_jobs
from mysafe_env.sinks.rendering.jobs import Job, read_jobs

_OFFLINE = "not fetched"


@click.command("check")
@click.option("--offline", is_flag=True, help="Check the mapping and the settings only; fetch nothing.")
@click.option("--json", "as_json", is_flag=True, help="An array of objects: variable, item, field, ok, why.")
@mapping_options
@resolving_options
@click.pass_context
def command(ctx: click.Context, /, *, offline: bool, as_json: bool, **options: Any) -> int:
    """Check the mapping and the connection, resolve everything, and show what can be had; never a value.

    The [[render]] entries are rendered, too, and written nowhere; those that fail are shown.

    Exit code 1 if a required variable can't be had. With --offline, settings that are missing are a warning.
    """
    environ = current_environment()
    settings = settings_from(options)
    plan = plan_of(inputs_from(options, settings, environ), "there is nothing to check")
    jobs = read_jobs(plan.renders)
    warn_of_dangerous_names(voice(ctx), plan.entries)
    if offline:
        _show([_unfetched(entry) for entry in plan.entries] + _unfetched_tags(plan), as_json=as_json)
        for report in settings_faults(settings, plan):
            voice(ctx).warning(f"a run from here would fail: {report.message}", report.hint)
        return 0
    resolver = Resolver(settings, voice(ctx))
    resolution = resolver.examine(plan, environ, (lookup for job in jobs for lookup in job.lookups))
    outcomes = resolution.outcomes
    if not _any_failed(outcomes):
        outcomes += _render_failures(jobs, resolver.scope(resolution.values(), environ))
    _show([_finding(outcome) for outcome in outcomes], as_json=as_json)
    warn_of_ciphertext(voice(ctx), resolution)
    if not as_json:
        for advice in _advice(outcomes):
            voice(ctx).hint(advice)
    return 1 if _any_failed(outcomes) else 0


def _any_failed(outcomes: Iterable[Outcome]) -> bool:
    return any(outcome.error for outcome in outcomes)


def _render_failures(jobs: Iterable[Job], scope: Scope) -> tuple[Outcome, ...]:
    """The files that could not be rendered, though every variable can be had."""
    return tuple(
        Outcome(f"[[render]] {job.to}", job.render.place, f"template {job.path}", error=error)
        for job, error in failing_jobs(jobs, scope)
    )


def _advice(outcomes: Iterable[Outcome]) -> list[str]:
    """What to do about the failures, each thing once; whose it is, where not all failures have the same."""
    names: dict[str, list[str]] = {}
    for outcome in outcomes:
        for report in outcome.error.reports if outcome.error else ():
            if report.hint:
                names.setdefault(report.hint, []).append(outcome.name)
    return list(names) if len(names) == 1 else [f"{', '.join(of)}: {hint}" for hint, of in names.items()]


_Finding = dict[str, str | bool]


def _finding(outcome: Outcome) -> _Finding:
    why = outcome.error.message if outcome.error else "" if outcome.value is not None else "optional, and absent"
    return _row(outcome.name, outcome.item, outcome.field, ok=outcome.error is None, why=why)


def _unfetched(entry: Entry) -> _Finding:
    if isinstance(entry.value, Wanted):
        reference = entry.value.reference
        return _row(entry.name, str(reference.lookup), reference.field, ok=True, why=_OFFLINE)
    return _row(entry.name, type(entry.value).__name__.lower(), "", ok=True, why="")


def _unfetched_tags(plan: Plan) -> list[_Finding]:
    return [
        _row(
            each.name,
            f"{'/'.join(each.kinds)} {quoted_pairs(each.selectors)}",
            ", ".join(each.fields),
            ok=True,
            why=_OFFLINE,
        )
        for each in plan.tagged
    ]


def _row(variable: str, item: str, field: str, *, ok: bool, why: str) -> _Finding:
    return {"variable": variable, "item": item, "field": field, "ok": ok, "why": why}


def _show(findings: list[_Finding], *, as_json: bool) -> None:
    if as_json:
        write_json(findings)
        return
    header = ("VARIABLE", "ITEM", "FIELD", "", "WHY")
    rows = [
        (
            str(each["variable"]),
            str(each["item"]),
            str(each["field"]),
            "ok" if each["ok"] else "FAILED",
            str(each["why"]),
        )
        for each in findings
    ]
    write_text(table(header, rows))
