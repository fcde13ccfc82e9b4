"""`mysafe-env secretsafe collections`: show, change and delete collections."""

from typing import Any

import click

from mysafe_env.cli.options import secretsafe_options
from mysafe_env.cli.secretsafe.changing import associations, changed, external_id_option, given
from mysafe_env.cli.secretsafe.client import client_from
from mysafe_env.cli.secretsafe.resources import action_command, get_command, group_of, list_command
from mysafe_env.cli.secretsafe.showing import json_option, plain, show_one


@click.command("update")
@click.argument("identifier", metavar="ID")
@external_id_option
@click.option(
    "--group",
    "groups",
    multiple=True,
    metavar="ID[:FLAG,...]",
    help="A group that reaches it, in place of those before; flags: read-only, hide-passwords, manage. Repeatable.",
)
@json_option
@secretsafe_options
def _update(
    *, identifier: str, external_id: str | None, groups: tuple[str, ...], as_json: bool, **options: Any
) -> None:
    """Change the collection ID; a property whose option is not given stays as it is.

    What --group names takes the place of all groups that reached the collection: repeat those that are to stay.
    """
    changes = changed(given(externalId=external_id, groups=associations(groups) or None), "--external-id")
    api, deadline, _ = client_from(options)
    show_one(api.update("collections", identifier, changes, deadline), as_json=as_json)


command = group_of(
    "collections",
    "Collections of the organisation. Their names are encrypted: the API shows external ids alone.",
    [
        list_command("collections", ("id", "externalId"), plain),
        get_command("collections"),
        _update,
        action_command("collections", "delete", "Delete the collection ID."),
    ],
)
