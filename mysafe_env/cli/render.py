"""`mysafe-env render`: config files with secrets in them."""

from collections.abc import Iterable
from typing import Any

import click

from mysafe_env.cli.options import connection_options, inputs_from, mapping_options, settings_from, voice
from mysafe_env.cli.output import write_text
from mysafe_env.cli.warn import warn_of_ciphertext
from mysafe_env.errors import UsageError
from mysafe_env.mapping.inherited import current_environment
from mysafe_env.pipeline import Resolver, plan_inputs
from mysafe_env.references import Lookup
from mysafe_env.scope import Scope
from mysafe_env.sinks.render import read_jobs, read_template, render_jobs


@click.command("render")
@click.argument("template", required=False, metavar="[TEMPLATE]")
@click.option("-o", "--output", metavar="FILE", help="Write to FILE, in one step and readable by you alone.")
@mapping_options
@connection_options
@click.pass_context
def command(ctx: click.Context, /, template: str | None, output: str | None, **options: Any) -> None:
    """Render TEMPLATE to standard output or FILE; without TEMPLATE, all [[render]] entries of the mapping.

    In the template: every mapped name, env, environ, secret("mysafe://..."), item(kind, selector="..."),
    tagged(tag, kind="...").
    """
    if template is None and output is not None:
        raise UsageError("--output goes with a TEMPLATE", "each [[render]] entry of the mapping names its own file")
    environ = current_environment()
    settings = settings_from(options)
    plan = plan_inputs(inputs_from(options, settings, environ))
    resolver = Resolver(settings, voice(ctx))

    def scope(besides: Iterable[tuple[Lookup, bool]]) -> Scope:
        resolution = resolver.resolve(plan, environ, besides)
        values = resolution.values()
        warn_of_ciphertext(voice(ctx), resolution)
        return resolver.scope(values, environ)

    if template is not None:
        one = read_template(template)
        write_text(one.render(scope(one.needs().lookups)), output)
        return
    if not plan.renders:
        raise UsageError("there is nothing to render", "name a TEMPLATE, or write [[render]] entries in the mapping")
    jobs = read_jobs(plan.renders)
    for path in render_jobs(jobs, scope(lookup for job in jobs for lookup in job.lookups)):
        voice(ctx).note(f"wrote {path}")
