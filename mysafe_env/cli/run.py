"""`mysafe-run` and `mysafe-env run`: start a command with secrets in its environment."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from mysafe_env.cli.options import connection_options, inputs_from, mapping_options, settings_from, voice
from mysafe_env.cli.warn import warn_of_ciphertext
from mysafe_env.errors import UsageError
from mysafe_env.mapping.inherited import Inheritance, current_environment, inherit
from mysafe_env.pipeline import Inputs, Resolver, kept_names, plan_inputs
from mysafe_env.plan import Plan
from mysafe_env.scope import Scope
from mysafe_env.secret import Secret
from mysafe_env.settings import Settings
from mysafe_env.sinks.environment import check_size, child_environment
from mysafe_env.sinks.execute import replace_process
from mysafe_env.sinks.files import deliver_files

if TYPE_CHECKING:
    from mysafe_env.sinks.render import Job

_EPILOG = """
Later wins: inherited environment, --env-file, mapping. Exit code: 125 if mysafe-run itself failed, 126 if
COMMAND can't be executed, 127 if it is not found, else the command's own.

\b
Examples:
  mysafe-run -- python manage.py migrate
  mysafe-run -p staging -c 'psql "$DATABASE_URL" -c "select 1"'
"""


@click.command("run", context_settings={"allow_interspersed_args": False}, epilog=_EPILOG)
@mapping_options
@click.option("--keep", multiple=True, metavar="NAME", help="Keep an inherited value and don't fetch it; repeatable.")
@click.option("--pristine", is_flag=True, help="Inherit only PATH HOME USER LANG TERM TZ.")
@click.option("--pass", "passing", multiple=True, metavar="GLOB", help="Inherit only names that match; repeatable.")
@click.option("--drop", multiple=True, metavar="GLOB", help="Don't inherit names that match; repeatable.")
@click.option("-c", "script", metavar="STRING", help="Run STRING with /bin/sh; arguments become $0 $1 ...")
@click.option("--no-inherited-refs", is_flag=True, help="Leave references in the inherited environment alone.")
@click.option("--keep-credentials", is_flag=True, help="Let COMMAND inherit the client secret.")
@click.option("--no-render", is_flag=True, help="Don't render the mapping's [[render]] files first.")
@connection_options
@click.argument("command_line", metavar="COMMAND [ARG]...", nargs=-1, type=click.UNPROCESSED)
@click.pass_context
def command(ctx: click.Context, /, command_line: tuple[str, ...], script: str | None, **options: Any) -> None:
    """Run COMMAND with secrets in its environment.

    COMMAND replaces mysafe-run: same process, nothing of ours left.
    If one required value can't be had, nothing starts.
    """
    argv = _argv(command_line, script)
    inheritance = Inheritance(options["pristine"], options["passing"], options["drop"], options["keep_credentials"])
    environ = inherit(current_environment(), inheritance)
    settings = settings_from(options)
    inputs = _inputs(options, settings, environ)
    plan = plan_inputs(inputs)
    if plan.is_empty:
        raise _nothing_to_inject()
    resolver = Resolver(settings, voice(ctx))
    jobs = _render_jobs(plan) if plan.renders and not options["no_render"] else ()
    resolution = resolver.resolve(plan, environ, (lookup for job in jobs for lookup in job.lookups))
    values = resolution.values()
    warn_of_ciphertext(voice(ctx), resolution)
    delivered = deliver_files(_without(values, kept_names(inputs)), resolution.file_names())
    environment = child_environment(environ, delivered)
    check_size(environment, argv, delivered)
    if jobs:
        _render(jobs, resolver.scope(values, environ))
    replace_process(argv, environment)


def _argv(command_line: tuple[str, ...], script: str | None) -> list[str]:
    if script is not None:
        return ["/bin/sh", "-c", script, *command_line]
    if not command_line:
        raise UsageError("there is no COMMAND to run", "put it at the end: mysafe-run -- COMMAND [ARG]...")
    return list(command_line)


def _inputs(options: Mapping[str, Any], settings: Settings, environ: Mapping[str, str]) -> Inputs:
    return replace(
        inputs_from(options, settings, environ),
        keep=frozenset(options["keep"]),
        inherited_references=not options["no_inherited_refs"],
        keep_credentials=options["keep_credentials"],
    )


def _nothing_to_inject() -> UsageError:
    return UsageError(
        "there is nothing to inject: no mapping, no env file and no reference in the environment names a value",
        "write a mysafe.toml here, or name one with --mapping FILE",
    )


def _without(values: Mapping[str, Secret], kept: frozenset[str]) -> dict[str, Secret]:
    # A tag may give a name that is kept; that shows only now.
    return {name: value for name, value in values.items() if name not in kept}


def _render_jobs(plan: Plan) -> "tuple[Job, ...]":
    from mysafe_env.sinks.render import read_jobs  # noqa: PLC0415  # Jinja2 is slow to import

    return read_jobs(plan.renders)


def _render(jobs: "tuple[Job, ...]", scope: Scope) -> None:
    from mysafe_env.sinks.render import render_jobs  # noqa: PLC0415  # Jinja2 is slow to import

    render_jobs(jobs, scope)
