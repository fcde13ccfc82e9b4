"""`mysafe-env secretsafe groups`: create, change and delete groups."""

from typing import Any

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
from mysafe_env.cli.secretsafe.showing import json_option, plain, show_one


@click.command("create")
@click.argument("name")
@external_id_option
@collection_option
@json_option
@secretsafe_options
def _create(*, name: str, as_json: bool, **options: Any) -> None:
    """Create a group."""
    api, deadline, _ = client_from(options)
    show_one(api.create("groups", {"name": name, **_fields(options)}, deadline), as_json=as_json)


@click.command("update")
@click.argument("identifier", metavar="ID")
@click.option("--name", metavar="N", help="Another name.")
@external_id_option
@collection_option
@json_option
@secretsafe_options
def _update(*, identifier: str, name: str | None, as_json: bool, **options: Any) -> None:
    """Change the group ID; a property whose option is not given stays as it is.

    What --collection names takes the place of all collections that the group reached: repeat those that are to stay.
    """
    changes = changed({**given(name=name), **_fields(options)}, "--name")
    api, deadline, _ = client_from(options)
    show_one(api.update("groups", identifier, changes, deadline), as_json=as_json)


def _fields(options: dict[str, Any]) -> dict[str, object]:
    return given(externalId=options["external_id"], collections=associations(options["collections"]) or None)


command = group_of(
    "groups",
    "Groups of the organisation.",
    [
        list_command("groups", ("id", "name", "externalId"), plain),
        get_command("groups"),
        _create,
        _update,
        action_command("groups", "delete", "Delete the group ID; its members stay."),
        ids_command("groups", "members"),
        set_ids_command("groups", "members"),
    ],
)
