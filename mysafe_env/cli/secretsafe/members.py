"""`mysafe-env secretsafe members`: invite, change and remove members."""

from collections.abc import Iterable
from typing import Any, Final

import click

from mysafe_env.cli.options import secretsafe_options
from mysafe_env.cli.secretsafe.changing import associations, changed, collection_option, external_id_option, given
from mysafe_env.cli.secretsafe.client import client_from
from mysafe_env.cli.secretsafe.resources import (
    action_command,
    get_command,
    group_of,
    ids_command,
    list_command,
    set_ids_command,
)
from mysafe_env.cli.secretsafe.showing import Shown, json_option, plain, show_one
from mysafe_env.errors import UsageError
from mysafe_env.suggest import did_you_mean

_TYPES: Final = {"owner": 0, "admin": 1, "user": 2, "manager": 3, "custom": 4}
_STATUSES: Final = {-1: "revoked", 0: "invited", 1: "accepted", 2: "confirmed", 3: "staged"}

_PERMISSIONS: Final = (
    *("accessEventLogs", "accessImportExport", "accessReports", "createNewCollections", "editAnyCollection"),
    *("deleteAnyCollection", "manageGroups", "managePolicies", "manageSso", "manageUsers", "manageResetPassword"),
    *("manageScim", "manageAccessRules"),
)

_type_option = click.option("--type", "kind", type=click.Choice(list(_TYPES)), help="What the member may do.")
_permission_option = click.option(
    "--permission", "permissions", multiple=True, metavar="P", help="What a custom member may do, such as manageUsers."
)


def _cell(member: Shown, column: str) -> str:
    value = member.get(column)
    if column == "type":
        return next((name for name, number in _TYPES.items() if number == value), plain(member, column))
    if column == "status" and isinstance(value, int):
        return _STATUSES.get(value, str(value))
    return plain(member, column)


@click.command("create")
@click.argument("email")
@_type_option
@external_id_option
@collection_option
@click.option("--group", "groups", multiple=True, metavar="ID", help="A group to join; repeatable.")
@_permission_option
@json_option
@secretsafe_options
def _create(*, email: str, kind: str | None, as_json: bool, **options: Any) -> None:
    """Invite EMAIL to the organisation."""
    fields = {"email": email, "type": _TYPES[kind or "user"], **_fields(options)}
    api, deadline, _ = client_from(options)
    show_one(api.create("members", fields, deadline), as_json=as_json)


@click.command("update")
@click.argument("identifier", metavar="ID")
@_type_option
@external_id_option
@collection_option
@click.option(
    "--group", "groups", multiple=True, metavar="ID", help="A group to be in, in place of those before; repeatable."
)
@_permission_option
@json_option
@secretsafe_options
def _update(*, identifier: str, kind: str | None, as_json: bool, **options: Any) -> None:
    """Change the member ID; a property whose option is not given stays as it is.

    What --collection, --group or --permission name takes the place of all collections, groups or permissions that the
    member had: repeat those that are to stay.
    """
    changes = changed({**given(type=None if kind is None else _TYPES[kind]), **_fields(options)}, "--type")
    api, deadline, _ = client_from(options)
    show_one(api.update("members", identifier, changes, deadline), as_json=as_json)


def _fields(options: dict[str, Any]) -> dict[str, object]:
    return given(
        externalId=options["external_id"],
        collections=associations(options["collections"]) or None,
        groups=list(options["groups"]) or None,
        permissions=_permissions(options["permissions"]) or None,
    )


def _permissions(names: Iterable[str]) -> dict[str, bool]:
    """The permissions as the API writes them; the server would pass over a name that it does not know."""
    for name in names:
        if name not in _PERMISSIONS:
            raise UsageError(f'there is no permission "{name}"', did_you_mean(name, _PERMISSIONS))
    return dict.fromkeys(names, True)


command = group_of(
    "members",
    "Members of the organisation.",
    [
        list_command("members", ("id", "email", "name", "type", "status", "externalId"), _cell),
        get_command("members"),
        _create,
        _update,
        action_command("members", "delete", "Remove the member ID; the person's account stays."),
        ids_command("members", "groups"),
        set_ids_command("members", "groups"),
        action_command("members", "reinvite", "Send the invitation again."),
        action_command("members", "revoke", "Take the member's access away. For servers of 2026 or newer."),
        action_command("members", "restore", "Give a revoked member access again. For servers of 2026 or newer."),
    ],
)
