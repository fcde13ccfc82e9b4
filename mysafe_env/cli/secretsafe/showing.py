"""The answers of SecretSafe as JSON, cards and cells of tables."""

from collections.abc import Mapping

import click

from mysafe_env.cli.columns import card
from mysafe_env.cli.output import json_text, write_json, write_text
from mysafe_env.sources.secretsafe.document import Document

Shown = Mapping[str, object]
json_option = click.option("--json", "as_json", is_flag=True, help="The server's own objects, keys in camelCase.")


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
