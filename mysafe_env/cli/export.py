"""`mysafe-env export`: the variables in the format of another tool."""

import sys
from collections.abc import Mapping
from typing import Any, Final

import click

from mysafe_env.cli.columns import table
from mysafe_env.cli.exported_names import check_new_names
from mysafe_env.cli.inputs import inputs_from, plan_of, settings_from
from mysafe_env.cli.options import mapping_options, resolving_options, voice
from mysafe_env.cli.output import require_reveal, write_all, write_text
from mysafe_env.cli.warn import warn_of_ciphertext, warn_of_dangerous_names
from mysafe_env.errors import ExportError, SinkError, UsageError
from mysafe_env.mapping.inherited import current_environment
from mysafe_env.resolution import Resolution
from mysafe_env.resolver import Resolver
from mysafe_env.secret import Secret
from mysafe_env.sinks.export.base import Format
from mysafe_env.sinks.export.names import choose_names, rename
from mysafe_env.sinks.export.registry import FORMATS, export_text, make_format, verify_text

# The flags that only one format has, as its class takes them.
_OWN_FLAGS: Final = {
    "secret_name": ("--name", "k8s-secret"),
    "namespace": ("--namespace", "k8s-secret"),
    "labels": ("--label", "k8s-secret"),
    "secret_type": ("--type", "k8s-secret"),
    "unset": ("--unset", "shell"),
}


def _list_formats(ctx: click.Context, _param: click.Parameter, value: bool) -> None:  # noqa: FBT001  # click's shape
    if value:
        formats = (make_format(name) for name in FORMATS)
        rows = [(each.name, each.reader, each.cannot or "-") for each in formats]
        write_text(table(("FORMAT", "READ BY", "CANNOT CARRY"), rows))
        ctx.exit()


_EPILOG = """\b
Examples:
  eval "$(mysafe-env export --format shell)"
  mysafe-env export --format docker-env --only DB_PASSWORD --output db.env
  mysafe-env export --format k8s-secret --name orders | kubectl apply -f -
"""


@click.command("export", epilog=_EPILOG)
@click.option("-f", "--format", "format_name", metavar="FORMAT", required=True, help=f"One of: {', '.join(FORMATS)}.")
@click.option(
    "--list-formats",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_list_formats,
    help="Tell who reads each format, and what it can't carry.",
)
@click.option("-o", "--output", metavar="FILE", help="Write to FILE, in one step and readable by you alone.")
@click.option("--reveal", is_flag=True, help="Show the values on a terminal.")
@click.option(
    "--verify/--no-verify", default=None, help="Read the text back as its reader would, first.  [with --output]"
)
@click.option("--only", multiple=True, metavar="NAME", help="Export this variable and no other; repeatable.")
@click.option("--exclude", multiple=True, metavar="GLOB", help="Don't export names that match; repeatable.")
@click.option("--prefix", default="", metavar="P", help="Put P in front of every name.")
@click.option("--uppercase", is_flag=True, help="Write names in upper case.")
@click.option("--unset", is_flag=True, help="shell: print the lines that take the variables away again.")
@click.option("--name", "secret_name", metavar="NAME", help="k8s-secret: the Secret's name.  [mysafe-env]")
@click.option("--namespace", metavar="NAME", help="k8s-secret: its namespace.")
@click.option("--label", "labels", multiple=True, metavar="KEY=VALUE", help="k8s-secret: a label; repeatable.")
@click.option("--type", "secret_type", metavar="TYPE", help="k8s-secret: its type.  [Opaque]")
@mapping_options
@resolving_options
@click.pass_context
def command(ctx: click.Context, /, format_name: str, output: str | None, **options: Any) -> None:
    """Print the mapped variables in the format of the tool that will read them.

    A value that the tool would not read back as it is, is an error; nothing is written then.
    """
    output = None if output == "-" else output
    chosen = make_format(format_name, **_own_options(format_name, options))
    if output is None and not options["unset"]:
        require_reveal(reveal=options["reveal"], what="the values")
    values = _values(ctx, options)
    text = export_text(chosen, values)
    if options["unset"]:
        write_text(_unset_lines(values), output)
        return
    if options["verify"] or (options["verify"] is None and output is not None):
        verify_text(chosen, values, text)
    _mask(chosen, values)
    write_text(text, output)


def _own_options(format_name: str, options: Mapping[str, Any]) -> dict[str, object]:
    """What the class of the format takes, out of the flags; raises `UsageError` for the flag of another format."""
    # An empty text was given: an unset shell variable must not put a Secret elsewhere.
    given = {key: options[key] for key in _OWN_FLAGS if options[key] or options[key] == ""}
    for key in given:
        flag, owner = _OWN_FLAGS[key]
        if owner != format_name:
            raise UsageError(f"{flag} goes with --format {owner}", f"leave it out with --format {format_name}")
    return {key: value for key, value in given.items() if key != "unset"}


def _values(ctx: click.Context, options: Mapping[str, Any]) -> dict[str, Secret]:
    """The chosen variables under their exported names."""
    environ = current_environment()
    settings = settings_from(options)
    plan = plan_of(inputs_from(options, settings, environ), "there is nothing to export")
    resolution = Resolver(settings, voice(ctx)).resolve(plan, environ)
    values = resolution.values()
    names = choose_names((outcome.name for outcome in resolution.outcomes), options["only"], options["exclude"])
    _refuse_files(resolution, names)
    warn_of_ciphertext(voice(ctx), resolution)
    chosen = {name: values[name] for name in names if name in values}
    renamed = rename(chosen, options["prefix"], uppercase=options["uppercase"])
    new_names = dict(zip(chosen, renamed, strict=True))
    warn_of_dangerous_names(voice(ctx), (entry for entry in plan.entries if new_names.get(entry.name) == entry.name))
    check_new_names(voice(ctx), new_names, plan, resolution)
    return renamed


def _refuse_files(resolution: Resolution, names: tuple[str, ...]) -> None:
    files = sorted(resolution.file_names().intersection(names))
    if files:
        raise ExportError(
            f'{", ".join(files)} can\'t be exported: an entry with as = "file" lives in one process',
            "use mysafe-run, or leave it out with --exclude",
        )


def _unset_lines(values: Mapping[str, Secret]) -> str:
    from mysafe_env.sinks.export.shell import unset_lines  # noqa: PLC0415  # one format's own

    return unset_lines(values)


def _mask(chosen: Format, values: Mapping[str, Secret]) -> None:
    """Have a runner of GitHub Actions hide the values in its log, before they can get there."""
    if chosen.name != "github-env" or current_environment().get("GITHUB_ACTIONS") != "true":
        return
    from mysafe_env.sinks.export.github_env import mask_commands  # noqa: PLC0415  # one format's own

    if sys.stderr is None:
        raise SinkError("standard error is closed, where the runner reads what to mask", "leave 2>&- out")
    write_all(sys.stderr, mask_commands(values).encode())
