"""`mysafe-env render`: config files with secrets in them."""

import os.path
import sys
from collections.abc import Iterable, Mapping
from typing import Any

import click

from mysafe_env.cli.inputs import inputs_from, settings_from
from mysafe_env.cli.options import mapping_options, resolving_options, voice
from mysafe_env.cli.output import write_text
from mysafe_env.cli.voice import Voice
from mysafe_env.cli.warn import warn_of_ciphertext
from mysafe_env.errors import SinkError, TemplateError, UsageError
from mysafe_env.inputs import mapping_paths, plan_inputs
from mysafe_env.mapping.inherited import Inheritance, current_environment, inherit
from mysafe_env.mapping.model import Literal, Render
from mysafe_env.mapping.places import Document, Place
from mysafe_env.plan import Plan
from mysafe_env.references import Lookup
from mysafe_env.resolver import Resolver
from mysafe_env.scope import Scope
from mysafe_env.secret import Secret
from mysafe_env.sinks.rendering.actions import diff_jobs, differing_jobs, render_jobs
from mysafe_env.sinks.rendering.jobs import DEFAULT_MODE, Job, read_jobs
from mysafe_env.templating import Template, check_folders, read_template

_STREAM = "-"

_EPILOG = """\b
Examples:
  mysafe-env render app.yaml.j2 --output app.yaml
  mysafe-env render --diff
  echo '{{ DB_PASSWORD|tojson }}' | mysafe-env render -
"""


@click.command("render", epilog=_EPILOG)
@click.argument("template", required=False, metavar="[TEMPLATE]")
@click.option("-o", "--output", metavar="FILE", help="Write to FILE, in one step and readable by you alone.")
@click.option("--check", is_flag=True, help="Write nothing; print the files that would change, and exit with 1 if any.")
@click.option("--diff", is_flag=True, help="The same, with a diff in which every value is masked.")
@click.option(
    "--template-path",
    multiple=True,
    metavar="DIR",
    help="Where else to look for included templates; repeatable.",
)
@mapping_options
@resolving_options
@click.pass_context
def command(ctx: click.Context, /, template: str | None, output: str | None, **options: Any) -> int:
    """Render TEMPLATE to standard output or FILE; without TEMPLATE, all [[render]] entries of the mapping.

    TEMPLATE can be - for standard input, and a directory, whose tree FILE then mirrors.

    In the template: every mapped name, env, environ, secret("mysafe://..."), item(kind, selector="..."),
    tagged(tag, kind="...").
    """
    _check_usage(template, output, preview=options["check"] or options["diff"])
    check_folders(options["template_path"], "--template-path")
    values = _Values(options, voice(ctx))
    if template is not None and output in {None, _STREAM}:
        one = _read_one(template, options["template_path"])
        write_text(one.render(values.scope(one.needs().lookups)))
        return 0
    jobs = _jobs(values, template, output, options["template_path"])
    scope = values.scope(lookup for job in jobs for lookup in job.lookups)
    if options["diff"]:
        return _preview(diff_jobs(jobs, scope, _literals(values.plan)))
    if options["check"]:
        return _preview("".join(f"{path}\n" for path in differing_jobs(jobs, scope, voice(ctx).warning)))
    for path in render_jobs(jobs, scope, voice(ctx).warning):
        voice(ctx).note(f"wrote {path}")
    return 0


class _Values:
    """What the mapping gives to templates, fetched together with what they ask for themselves."""

    def __init__(self, options: Mapping[str, Any], speaker: Voice) -> None:
        settings = settings_from(options)
        self._environ = inherit(current_environment(), Inheritance())
        inputs = inputs_from(options, settings, self._environ)
        self.mappings = mapping_paths(inputs)
        self.plan = plan_inputs(inputs)
        self._resolver = Resolver(settings, speaker)
        self._voice = speaker

    def scope(self, besides: Iterable[tuple[Lookup, bool]]) -> Scope:
        """What the templates may use; raises `ResolveError` with everything that can't be had."""
        resolution = self._resolver.resolve(self.plan, self._environ, besides)
        values = resolution.values()
        warn_of_ciphertext(self._voice, resolution)
        return self._resolver.scope(values, self._environ, resolution.absent())


def _check_usage(template: str | None, output: str | None, *, preview: bool) -> None:
    if template is None and output is not None:
        raise UsageError("--output goes with a TEMPLATE", "each [[render]] entry of the mapping names its own file")
    if output == "":
        raise UsageError("--output names no file", "name one; an unset shell variable?")
    if template is not None and output in {None, _STREAM} and os.path.isdir(template):  # noqa: PTH112  # slow to import
        raise UsageError(f"{template} is a directory", "name the directory for its files with --output DIR")
    if preview and template is not None and output in {None, _STREAM}:
        raise UsageError("there is no file to compare with", "name it with --output FILE")


def _read_one(template: str, search: Iterable[str]) -> Template:
    if template != _STREAM:
        return read_template(template, search)
    if sys.stdin is None:
        raise TemplateError("standard input is closed", "name the template's file")
    try:
        return Template(sys.stdin.buffer.read().decode(), "standard input", ".", *search)
    except UnicodeDecodeError:
        raise TemplateError("standard input is not UTF-8 text", "give it a template") from None


def _jobs(values: _Values, template: str | None, output: str | None, search: tuple[str, ...]) -> tuple[Job, ...]:
    if template is None or output is None:
        if not values.plan.renders:
            raise UsageError(
                "there is nothing to render", "name a TEMPLATE, or write [[render]] entries in the mapping"
            )
        return read_jobs(values.plan.renders, search)
    jobs = _jobs_of_output(template, output, search)
    _refuse_mapping(jobs, values.mappings)
    return jobs


def _jobs_of_output(template: str, output: str, search: tuple[str, ...]) -> tuple[Job, ...]:
    render = Render(template, output, Place(Document("--output"), ()))
    if template == _STREAM:
        return (Job(_read_one(template, search), template, output, DEFAULT_MODE, render),)
    return read_jobs([render], search)


def _refuse_mapping(jobs: Iterable[Job], mappings: Iterable[str]) -> None:
    read = {os.path.realpath(path) for path in mappings}
    for job in jobs:
        if os.path.realpath(job.to) in read:
            raise SinkError(f"{job.to} is the mapping itself", "write to another file")


def _preview(text: str) -> int:
    write_text(text)
    return 1 if text else 0


def _literals(plan: Plan) -> tuple[Secret, ...]:
    """The values that stand in the mapping itself, which holds no secret; an env file may."""
    entries = (
        entry for entry in plan.entries if entry.place.keys[:-1] == ("env",) or "profile" in entry.place.keys[:1]
    )
    return tuple(entry.value.value for entry in entries if isinstance(entry.value, Literal))
