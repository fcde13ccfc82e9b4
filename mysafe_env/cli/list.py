"""`mysafe-env list`: the rows of one kind."""

from collections.abc import Sequence
from typing import Any, Final

import click

from mysafe_env.cli.columns import table
from mysafe_env.cli.inputs import settings_from
from mysafe_env.cli.kinds import readable_kind
from mysafe_env.cli.options import connection_options, deadline_of, voice
from mysafe_env.cli.output import write_json, write_text
from mysafe_env.cli.voice import Voice
from mysafe_env.errors import ItemError, UsageError
from mysafe_env.fetching.calls import first_call, matching_rows
from mysafe_env.items import SECRETSAFE_KINDS, Kind, Row
from mysafe_env.mapping.grammar import with_article
from mysafe_env.references import Lookup
from mysafe_env.sources.opening import open_source

_SELECTORS = ("tag", "identifier_code", "name", "username", "url", "collection", "folder")
# A vault of another kind of encryption has thousands that can't be read, all for one reason.
_MOST_WARNINGS: Final = 10


@click.command("list")
@click.argument("kind", metavar="KIND")
@click.option("--tag", metavar="T", help="Only items that carry the tag.")
@click.option("--identifier-code", metavar="C", help="Only the API secret with this code.")
@click.option("--name", metavar="N", help="Only items of this name.")
@click.option("--username", metavar="U", help="Only passwords of this user.")
@click.option("--url", metavar="URL", help="Only passwords for this URL.")
@click.option("--collection", metavar="C", help="Only items of SecretSafe in this collection.")
@click.option("--folder", metavar="F", help="Only items of SecretSafe in this folder.")
@click.option("--json", "as_json", is_flag=True, help="An array of objects with the API's keys.")
@connection_options
@click.pass_context
def command(ctx: click.Context, /, kind: str, *, as_json: bool, **options: Any) -> None:
    """List what the access key may see of KIND: password, note or secretapi. Never a secret.

    KIND item lists the items of SecretSafe that the account may see.
    """
    wanted = readable_kind(kind)
    lookup = Lookup(wanted.system, kind, _selectors(wanted, options))
    settings = settings_from(options)
    voice(ctx).asked(lookup)
    call = first_call(lookup)
    rows = open_source(settings, wanted.system).list_rows(kind, call.selectors, deadline_of(ctx, settings))
    matching = matching_rows(lookup, rows)
    _show(wanted, tuple(row for row in matching if row.refusal is None), as_json=as_json)
    _warn(voice(ctx), [row.refusal for row in matching if row.refusal is not None])


def _warn(voice: Voice, refusals: Sequence[ItemError]) -> None:
    """Tell of the items that are left out."""
    for refusal in refusals[:_MOST_WARNINGS]:
        voice.warning(f"left out: {refusal.message}")
    if len(refusals) > _MOST_WARNINGS:
        voice.warning(f"left out: {len(refusals) - _MOST_WARNINGS} more items that can't be read")
    for hint in dict.fromkeys(refusal.hint for refusal in refusals):
        voice.hint(hint)


def _selectors(kind: Kind, options: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    given = tuple((name, options[name]) for name in sorted(_SELECTORS) if options[name] is not None)
    for name, _ in given:
        if name not in kind.selectors:
            known = ", ".join(f"--{known.replace('_', '-')}" for known in kind.selectors if known in _SELECTORS)
            raise UsageError(
                f"{with_article(kind)} can't be listed by --{name.replace('_', '-')}", f"it can by {known}"
            )
    return given


def _show(kind: Kind, rows: tuple[Row, ...], *, as_json: bool) -> None:
    if as_json:
        write_json([_fields(row) for row in rows])
        return
    shown = dict.fromkeys([*kind.fields[1:], *(name for row in rows for name in row.fields)])
    others = [name for name in shown if name != kind.fields[0] and any(name in row.fields for row in rows)]
    lines = [[row.identifier, *(row.fields.get(name, "") for name in others), _access(row)] for row in rows]
    write_text(table([kind.fields[0].upper(), *(name.upper() for name in others), "ACCESS"], lines))


def _fields(row: Row) -> dict[str, str | bool]:
    if row.kind in SECRETSAFE_KINDS:
        return {**row.fields}
    flags = {name: getattr(row, name) for name in ("can_view", "can_write", "need_justify", "need_approval")}
    return {"identifier": row.identifier, **row.fields, **flags}


def _access(row: Row) -> str:
    words = ["view" if row.can_view else "no view", "edit" if row.can_write else ""]
    words += ["needs justification" if row.need_justify else "", "needs approval" if row.need_approval else ""]
    return ", ".join(word for word in words if word)
