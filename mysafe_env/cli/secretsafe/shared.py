"""What the commands of SecretSafe share: the client out of the flags, and how answers are shown."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, Final, NamedTuple

import click

from mysafe_env.cli.group import Group
from mysafe_env.cli.inputs import settings_from
from mysafe_env.cli.options import deadline_of, secretsafe_options, voice
from mysafe_env.cli.output import json_text, write_json, write_text
from mysafe_env.cli.voice import card, table
from mysafe_env.deadline import Deadline
from mysafe_env.errors import UsageError, printable
from mysafe_env.sources.secretsafe.api import OrganizationApi
from mysafe_env.sources.secretsafe.settings import read_secretsafe_settings
from mysafe_env.sources.secretsafe.wire import Document
from mysafe_env.suggest import did_you_mean

Shown = Mapping[str, object]

_ACCESS: Final = {"read-only": "readOnly", "hide-passwords": "hidePasswords", "manage": "manage"}

json_option = click.option("--json", "as_json", is_flag=True, help="The server's own objects, keys in camelCase.")
external_id_option = click.option("--external-id", metavar="X", help="The id that a directory knows it by.")
collection_option = click.option(
    "--collection",
    "collections",
    multiple=True,
    metavar="ID[:FLAG,...]",
    help="A collection to reach; flags: read-only, hide-passwords, manage. Repeatable.",
)


class Client(NamedTuple):
    """The organisation's API, the time for all of a command, and what gives each page of a long list its own."""

    api: OrganizationApi
    deadline: Deadline
    until: Callable[[], Deadline]


def client_from(options: Mapping[str, Any]) -> Client:
    """The client that the shared flags describe; raises `SettingsError`."""
    context = click.get_current_context()
    settings = settings_from(options)
    organization = read_secretsafe_settings(settings)
    voice(context).note(f"ask {organization.api_url}")
    api = OrganizationApi(organization)
    until = partial(deadline_of, context, settings)
    return Client(api, until(), until)


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


def associations(texts: Iterable[str]) -> list[dict[str, object]]:
    """The access that `ID[:FLAG,...]` gives, as the API writes it; raises `UsageError`."""
    return [_association(text) for text in texts]


def given(**fields: object) -> dict[str, object]:
    """The fields that were given; None stands for one that was not."""
    return {name: value for name, value in fields.items() if value is not None}


def changed(changes: dict[str, object], example: str) -> dict[str, object]:
    """The changes, if there is any; raises `UsageError`, which names an option that would be one."""
    if not changes:
        raise UsageError("nothing is to be changed", f"name an option, such as {example}; see --help")
    return changes


def show_one(document: Document, *, as_json: bool) -> None:
    """One object: in JSON, or a line for each of its keys."""
    fields = document.to_json()
    if as_json:
        write_json(fields)
        return
    write_text(card({name: as_text(value) for name, value in fields.items()}))


def as_text(value: object) -> str:
    """A value for people; null is nothing."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json_text(value)


def plain(thing: Shown, column: str) -> str:
    """A cell of a table, as the server sent it."""
    return as_text(thing.get(column))


class _OrderedGroup(Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)


def _association(text: str) -> dict[str, object]:
    identifier, _, flags = text.partition(":")
    if not identifier:
        raise UsageError(f'"{text}" names no id', "write ID, or ID:read-only; list shows the ids")
    names = [flag for flag in flags.split(",") if flag]
    for flag in names:
        if flag not in _ACCESS:
            raise UsageError(f'there is no access "{flag}"', did_you_mean(flag, _ACCESS))
    return {"id": identifier, **{key: name in names for name, key in _ACCESS.items()}}
