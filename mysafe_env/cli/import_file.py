"""`mysafe-env import`: many items from one file, and the mapping that asks for them."""

import os.path
from typing import Any

import click

from mysafe_env.cli.columns import table
from mysafe_env.cli.fields import SURPLUS_TAKEN, grants, plain_options, refuse_surplus
from mysafe_env.cli.inputs import settings_from
from mysafe_env.cli.kinds import writable_kind
from mysafe_env.cli.options import connection_options, voice
from mysafe_env.cli.output import showing, write_json, write_text
from mysafe_env.cli.vault_file import vault_saver
from mysafe_env.cli.voice import Voice
from mysafe_env.deadline import Deadline
from mysafe_env.errors import Report, SinkError, UsageError
from mysafe_env.importing.creation import Creation, Outcome, failures
from mysafe_env.importing.drafts import Defaults, Draft, Entry
from mysafe_env.importing.files import READERS, read_entries
from mysafe_env.importing.journal import Journal
from mysafe_env.importing.mapping_text import mapping_text
from mysafe_env.settings import Settings
from mysafe_env.sinks.files import check_place, write_atomically
from mysafe_env.sources.opening import open_writable

_EPILOG = """\b
Examples:
  mysafe-env import .env --prefix orders/ --dry-run
  mysafe-env import .env --prefix orders/ --result done.jsonl --mapping-out mysafe.toml
  mysafe-run -- ./my-program

Options such as --username hold for every row that says nothing else. A .env file becomes items of one kind, each named
like its variable; the username of a password is that name, too.
"""
_MAPPING_MODE = 0o644


@click.command("import", epilog=_EPILOG, context_settings=SURPLUS_TAKEN)
@click.argument("file", metavar="FILE")
@click.option("--kind", default="password", metavar="KIND", help="The kind of rows that name none.  [password]")
@click.option("--format", "form", type=click.Choice(list(READERS)), help="The form of FILE.  [by its name; dotenv]")
@click.option("--prefix", default="", metavar="TEXT", help="Put TEXT before the names and identifier_codes.")
@plain_options
@click.option("--allow-user", multiple=True, metavar="NAME[:edit]", help="Share them with a user; repeatable.")
@click.option("--allow-group", multiple=True, metavar="NAME[:edit]", help="Share them with a group; repeatable.")
@click.option("--dry-run", is_flag=True, help="Show what would be created; create nothing.")
@click.option("--result", metavar="PATH", help="Note every step there, no secret; with it the import can be resumed.")
@click.option("--mapping-out", metavar="PATH", help="Write the mapping that gives the same environment.")
@click.option("--json", "as_json", is_flag=True, help="An array of objects: row, kind, name, variable, status, ...")
@connection_options
@click.pass_context
def command(ctx: click.Context, /, file: str, *, as_json: bool, **options: Any) -> int:
    """Create an item for every row of FILE: dotenv, JSON or CSV, whose columns are field names.

    Nothing is created while anything in FILE is wrong, or has the name or identifier_code of an item that exists.
    """
    refuse_surplus(ctx)
    _check_mapping_out(options["mapping_out"])
    entries = read_entries(file, options["form"], _defaults(options))
    if not entries:
        voice(ctx).warning(f"{file} holds nothing to import")
    settings = settings_from(options)
    with Journal(_result(options["result"], dry_run=options["dry_run"])) as journal:
        outcomes = _import(_drafts(entries), settings, journal, voice(ctx), dry_run=options["dry_run"])
    if options["dry_run"]:
        _show(outcomes, as_json=as_json)
        return _told(voice(ctx), [each for each in outcomes if each.why])
    try:
        if options["mapping_out"] and not failures(outcomes):
            _write_mapping(options["mapping_out"], mapping_text(entries, outcomes), options["result"])
    finally:
        code = _show_done(outcomes, voice(ctx), as_json=as_json)
    return code


def _defaults(options: dict[str, Any]) -> Defaults:
    if options["name"] is not None:
        raise UsageError("--name can't hold for every row", "use --prefix")
    if options["identifier_code"] is not None:
        raise UsageError("--identifier-code can't hold for every row", "use --prefix")
    names = ("url", "username", "client_id", "tags", "method", "notes")
    return Defaults(
        kind=writable_kind(options["kind"]).name,
        prefix=options["prefix"],
        plain={name: options[name] for name in names if options[name] is not None},
        users_allowed=grants(options["allow_user"]),
        groups_allowed=grants(options["allow_group"]),
    )


def _check_mapping_out(path: str | None) -> None:
    """Raise `UsageError` or `SinkError`, before anything is created, where no mapping can be written."""
    if path is None:
        return
    if os.path.lexists(path):
        raise UsageError(f"{path} exists already, and is not overwritten", "name another file with --mapping-out")
    check_place(path)


def _result(path: str | None, *, dry_run: bool) -> str | None:
    """The result file; a dry run makes none."""
    return None if dry_run and path and not os.path.lexists(path) else path


def _drafts(entries: tuple[Entry, ...]) -> tuple[Draft, ...]:
    return tuple(entry for entry in entries if isinstance(entry, Draft))


def _import(
    drafts: tuple[Draft, ...], settings: Settings, journal: Journal, speaker: Voice, *, dry_run: bool
) -> tuple[Outcome, ...]:
    journal.check(drafts)
    source = open_writable(settings, vault_saver(speaker))
    speaker.note(f"import {len(drafts)} items")
    creation = Creation(source, journal, lambda: Deadline(settings.timeout, speaker.waiting), speaker.progress)
    surveyed = creation.survey(drafts)
    return surveyed if dry_run else creation.create(surveyed)


def _write_mapping(path: str, text: str, result: str | None) -> None:
    try:
        write_atomically(path, text.encode(), _MAPPING_MODE)
    except SinkError as error:
        hint = "name them in a mapping by the identifiers that are shown; with --result, a mapping can be made again"
        if result:
            hint = "mend that and import again with the same --result, which creates nothing twice"
        raise SinkError(f"the items are there, and their mapping is not: {error.message}", hint) from None


def _show_done(outcomes: tuple[Outcome, ...], speaker: Voice, *, as_json: bool) -> int:
    """The exit code, after everything was shown and told."""
    missing = failures(outcomes)
    kinds = sorted({each.draft.kind for each in outcomes})
    what = f"{len(outcomes) - len(missing)} of {len(outcomes)} items are there, and the list of them can't be shown"
    hint = f"see them with: {'; '.join(f'mysafe-env list {kind}' for kind in kinds)}"
    try:
        with showing(what, hint, speaker):
            _show(outcomes, as_json=as_json)
    finally:
        code = _told(speaker, missing)
    return code


def _show(outcomes: tuple[Outcome, ...], *, as_json: bool) -> None:
    rows = [
        {
            "row": str(each.draft.number),
            "kind": each.draft.kind,
            "name": each.draft.name,
            "variable": each.draft.variable,
            "status": each.status,
            "identifier": each.identifier,
            "why": each.why,
        }
        for each in outcomes
    ]
    if as_json:
        numbered = [{**row, "row": int(row["row"])} for row in rows]
        write_json(numbered)
        return
    header = ("ROW", "KIND", "NAME", "VARIABLE", "STATUS", "IDENTIFIER")
    write_text(table(header, [list(row.values())[:-1] for row in rows]))


def _told(speaker: Voice, missing: list[Outcome] | tuple[Outcome, ...]) -> int:
    """The exit code, after the reasons were told."""
    reasons = [each for each in missing if each.why]
    speaker.errors([Report(f"row {each.draft.number}: {each.why}", each.hint) for each in reasons])
    if any(each.why == "" for each in missing):
        speaker.warning("what was not tried yet was not created", "mend the above and import again, with --result")
    return 1 if missing else 0
