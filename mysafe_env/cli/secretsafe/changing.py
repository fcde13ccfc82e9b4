"""From the options of `create` and `update` to the fields that the API takes."""

from collections.abc import Iterable
from typing import Final

import click

from mysafe_env.errors import UsageError
from mysafe_env.suggest import did_you_mean

_ACCESS: Final = {"read-only": "readOnly", "hide-passwords": "hidePasswords", "manage": "manage"}

external_id_option = click.option("--external-id", metavar="X", help="The id that a directory knows it by.")
collection_option = click.option(
    "--collection",
    "collections",
    multiple=True,
    metavar="ID[:FLAG,...]",
    help="A collection to reach; flags: read-only, hide-passwords, manage. Repeatable.",
)


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


def _association(text: str) -> dict[str, object]:
    identifier, _, flags = text.partition(":")
    if not identifier:
        raise UsageError(f'"{text}" names no id', "write ID, or ID:read-only; list shows the ids")
    names = [flag for flag in flags.split(",") if flag]
    for flag in names:
        if flag not in _ACCESS:
            raise UsageError(f'there is no access "{flag}"', did_you_mean(flag, _ACCESS))
    return {"id": identifier, **{key: name in names for name, key in _ACCESS.items()}}
