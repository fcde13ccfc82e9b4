"""The commands that members, groups, collections and policies have in common."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import click

from mysafe_env.cli.columns import table
from mysafe_env.cli.group import Group
from mysafe_env.cli.options import secretsafe_options
from mysafe_env.cli.output import write_json, write_text
from mysafe_env.cli.secretsafe.client import client_from
from mysafe_env.cli.secretsafe.showing import Shown, json_option, show_one
from mysafe_env.errors import printable


def list_command(resource: str, columns: Sequence[str], show: Callable[[Shown, str], str]) -> click.Command:
    """`list`: everything of a resource, as a table of *columns* or in JSON."""

    @click.command("list", help=f"List all {resource}.")
    @json_option
    @secretsafe_options
    def command(*, as_json: bool, **options: Any) -> None:
        api, deadline, _ = client_from(options)
        things = [each.to_json() for each in api.list_all(resource, deadline)]
        if as_json:
            write_json(things)
            return
        rows = ([show(each, column) for column in columns] for each in things)
        write_text(table([column.upper() for column in columns], rows))

    return command


def get_command(resource: str) -> click.Command:
    """`get`: one thing with all that the server tells of it."""

    @click.command("get", help=f"Show one {resource.removesuffix('s')}, by its id.")
    @click.argument("identifier", metavar="ID")
    @json_option
    @secretsafe_options
    def command(*, identifier: str, as_json: bool, **options: Any) -> None:
        api, deadline, _ = client_from(options)
        show_one(api.get(resource, identifier, deadline), as_json=as_json)

    return command


def action_command(resource: str, verb: str, text: str) -> click.Command:
    """A command that does something to one thing and shows nothing."""

    @click.command(verb, help=text)
    @click.argument("identifier", metavar="ID")
    @secretsafe_options
    def command(*, identifier: str, **options: Any) -> None:
        api, deadline, _ = client_from(options)
        api.act(resource, verb, identifier, deadline)

    return command


def ids_command(resource: str, other: str) -> click.Command:
    """The ids of a member's groups, or of a group's members, one a line."""

    @click.command(other, help=f"Print the ids of a {resource.removesuffix('s')}'s {other}.")
    @click.argument("identifier", metavar="ID")
    @json_option
    @secretsafe_options
    def command(*, identifier: str, as_json: bool, **options: Any) -> None:
        api, deadline, _ = client_from(options)
        ids = api.ids(resource, identifier, deadline)
        if as_json:
            write_json(ids)
        else:
            write_text("".join(f"{printable(each)}\n" for each in ids))

    return command


def set_ids_command(resource: str, other: str) -> click.Command:
    """Replace the ids of a member's groups, or of a group's members."""

    @click.command(
        f"set-{other}", help=f"Replace a {resource.removesuffix('s')}'s {other}. Without IDS, none are left."
    )
    @click.argument("identifier", metavar="ID")
    @click.argument("ids", nargs=-1, metavar="[IDS]...")
    @secretsafe_options
    def command(*, identifier: str, ids: tuple[str, ...], **options: Any) -> None:
        api, deadline, _ = client_from(options)
        api.set_ids(resource, identifier, ids, deadline)

    return command


def group_of(name: str, text: str, commands: Iterable[click.Command]) -> click.Group:
    """A group of commands, shown in this order."""
    group = _OrderedGroup(name, help=text, no_args_is_help=False)
    for command in commands:
        group.add_command(command)
    return group


class _OrderedGroup(Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)
