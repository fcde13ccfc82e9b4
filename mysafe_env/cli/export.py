"""`mysafe-env export`: the variables in the format of another tool."""

from typing import Any

import click

from mysafe_env.cli.options import connection_options, inputs_from, mapping_options, settings_from, voice
from mysafe_env.cli.output import require_reveal, write_text
from mysafe_env.cli.warn import warn_of_ciphertext
from mysafe_env.errors import ExportError, UsageError
from mysafe_env.mapping.inherited import current_environment
from mysafe_env.pipeline import Resolver, plan_inputs
from mysafe_env.sinks.export.registry import FORMATS, export_text, writer


@click.command("export")
@click.option("-f", "--format", "format_name", metavar="FORMAT", required=True, help=f"One of: {', '.join(FORMATS)}.")
@click.option("-o", "--output", metavar="FILE", help="Write to FILE, in one step and readable by you alone.")
@click.option("--reveal", is_flag=True, help="Show the values on a terminal.")
@mapping_options
@connection_options
@click.pass_context
def command(ctx: click.Context, /, format_name: str, output: str | None, *, reveal: bool, **options: Any) -> None:
    """Print the mapped variables in the format of the tool that will read them.

    \b
    Examples:
      eval "$(mysafe-env export --format shell)"
      mysafe-env export --format json --output secrets.json
    """
    writer(format_name)
    if output is None:
        require_reveal(reveal=reveal, what="the values")
    environ = current_environment()
    settings = settings_from(options)
    plan = plan_inputs(inputs_from(options, settings, environ))
    if plan.is_empty:
        raise UsageError("there is nothing to export", "write a mysafe.toml here, or name one with --mapping FILE")
    resolution = Resolver(settings, voice(ctx)).resolve(plan, environ)
    values = resolution.values()
    files = sorted(resolution.file_names())
    if files:
        raise ExportError(
            f'{", ".join(files)} can\'t be exported: an entry with as = "file" lives in one process',
            "use mysafe-run, or leave the entry out of an exported mapping",
        )
    warn_of_ciphertext(voice(ctx), resolution)
    write_text(export_text(format_name, values), output)
