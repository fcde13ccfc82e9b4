"""`mysafe-env get`: one item."""

from typing import Any

import click

from mysafe_env.cli.columns import card
from mysafe_env.cli.inputs import settings_from
from mysafe_env.cli.kinds import readable_kind
from mysafe_env.cli.options import connection_options, deadline_of, voice
from mysafe_env.cli.output import json_text, require_reveal, write_text
from mysafe_env.errors import NotFoundError, UsageError
from mysafe_env.items import Item, Kind
from mysafe_env.mapping.grammar import with_article
from mysafe_env.references import Lookup
from mysafe_env.sinks.item_fields import refused_fields, shown_field, shown_fields
from mysafe_env.sources.opening import open_source
from mysafe_env.suggest import did_you_mean

_EPILOG = """\b
Example:
  DB_PASSWORD=$(mysafe-env get password 11 --field password)
"""


@click.command("get", epilog=_EPILOG)
@click.argument("kind", metavar="KIND")
@click.argument("identifier", metavar="IDENTIFIER")
@click.option("--field", metavar="F", help="Print the value of this field and nothing else.")
@click.option("--reveal", is_flag=True, help="Show secret fields.")
@click.option("--json", "as_json", is_flag=True, help="An object with the API's keys; secret fields masked.")
@connection_options
@click.pass_context
def command(
    ctx: click.Context, /, kind: str, identifier: str, field: str | None, *, reveal: bool, as_json: bool, **options: Any
) -> None:
    """Show the item of KIND with the server's number IDENTIFIER; its secret fields are masked.

    KIND item is one of SecretSafe, by its id.
    """
    wanted = readable_kind(kind)
    _check_field(wanted, field, reveal=reveal)
    settings = settings_from(options)
    voice(ctx).asked(Lookup(wanted.system, kind, (("identifier", identifier),)))
    item = open_source(settings, wanted.system).get_item(kind, identifier, deadline_of(ctx, settings))
    write_text(_text(item, field, reveal=reveal, as_json=as_json))
    if field is None:
        for reason in refused_fields(item):
            voice(ctx).warning(reason)


def _check_field(kind: Kind, field: str | None, *, reveal: bool) -> None:
    if field is None:
        return
    if not kind.has_field(field):
        raise UsageError(f'{with_article(kind)} has no field "{field}"', did_you_mean(field, kind.fields))
    if kind.is_secret(field):
        require_reveal(reveal=reveal, what=f"the {field}")


def _text(item: Item, field: str | None, *, reveal: bool, as_json: bool) -> str:
    if field is not None:
        value = shown_field(item, field)
        if value is None:
            raise NotFoundError(item.without(field))
        return (json_text(value) if as_json else value) + "\n"
    fields = shown_fields(item, reveal=reveal)
    if as_json:
        return json_text(fields, indent=2) + "\n"
    return card(fields)
