"""`mysafe-run` and `mysafe-env run`: start a command with secrets in its environment."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import click

from mysafe_env.cli.options import connection_options, inputs_from, mapping_options, settings_from, voice
from mysafe_env.cli.voice import Voice
from mysafe_env.cli.warn import warn_of_ciphertext
from mysafe_env.errors import UsageError
from mysafe_env.mapping.inherited import Inheritance, current_environment, inherit
from mysafe_env.pipeline import Inputs, Resolver, kept_names, plan_inputs
from mysafe_env.plan import Plan
from mysafe_env.resolve import Resolution
from mysafe_env.secret import Secret
from mysafe_env.settings import Settings
from mysafe_env.sinks.environment import check_size, child_environment
from mysafe_env.sinks.execute import replace_process
from mysafe_env.sinks.files import deliver_file

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
    values = _values(voice(ctx), plan, Resolver(settings, voice(ctx)), inputs, render=not options["no_render"])
    environment = child_environment(environ, values)
    check_size(environment, argv, values)
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


def _values(voice: Voice, plan: Plan, resolver: Resolver, inputs: Inputs, *, render: bool) -> dict[str, Secret]:
    """What the child gets besides what it inherits, with files rendered and delivered."""
    if render and plan.renders:
        resolution = _resolve_and_render(plan, resolver, inputs)
    else:
        resolution = resolver.resolve(plan, inputs.environ)
    values = resolution.values()
    warn_of_ciphertext(voice, resolution)
    kept = kept_names(inputs)
    return {
        name: Secret(deliver_file(name, value)) if name in resolution.file_names() else value
        for name, value in values.items()
        if name not in kept
    }


def _resolve_and_render(plan: Plan, resolver: Resolver, inputs: Inputs) -> Resolution:
    from mysafe_env.sinks.render import lookups_of, read_jobs, render_jobs  # noqa: PLC0415  # Jinja2 is slow to import

    jobs = read_jobs(plan.renders)
    resolution = resolver.resolve(plan, inputs.environ, lookups_of(jobs))
    render_jobs(jobs, resolver.scope(resolution.values(), inputs.environ))
    return resolution
