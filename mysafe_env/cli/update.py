"""`mysafe-env update`: change an item."""

from typing import Any

import click

from mysafe_env.changes import Change
from mysafe_env.cli.fields import SURPLUS_TAKEN, field_options, grants, json_option, plain_fields, refuse_surplus
from mysafe_env.cli.inputs import settings_from
from mysafe_env.cli.kinds import writable_kind
from mysafe_env.cli.options import connection_options, deadline_of, voice
from mysafe_env.cli.saving import save, show_saved
from mysafe_env.cli.secret_input import given_secrets
from mysafe_env.cli.vault_file import vault_saver
from mysafe_env.deadline import Deadline
from mysafe_env.errors import UsageError
from mysafe_env.items import Grants
from mysafe_env.sources.opening import open_writable
from mysafe_env.sources.writing import WritableSource

_EPILOG = """\b
Examples:
  mysafe-env update password 11 --password-prompt
  mysafe-env update secretapi 31 --tags "prod, payments" --allow-user ana:edit
"""


@click.command("update", epilog=_EPILOG, context_settings=SURPLUS_TAKEN)
@click.argument("kind", metavar="KIND")
@click.argument("identifier", metavar="IDENTIFIER")
@field_options
@click.option("--unshare-users", is_flag=True, help="Share it with no user any more.")
@click.option("--unshare-groups", is_flag=True, help="Share it with no group any more.")
@json_option
@connection_options
@click.pass_context
def command(ctx: click.Context, /, kind: str, identifier: str, *, as_json: bool, **options: Any) -> None:
    """Change the item of KIND with the server's number IDENTIFIER. Only what is named is sent.

    --allow-user and --allow-group add to those that it is shared with: these are read first.
    """
    wanted = writable_kind(kind)
    refuse_surplus(ctx)
    users = _sharing("user", options["allow_user"], ended=options["unshare_users"])
    groups = _sharing("group", options["allow_group"], ended=options["unshare_groups"])
    plain = plain_fields(wanted, options)
    settings = settings_from(options)
    source = open_writable(settings, vault_saver(voice(ctx)))
    change = Change(plain, given_secrets(wanted, options), users, groups)
    if change.is_empty:
        raise UsageError("nothing is to be changed", "name a field, such as --tags; see mysafe-env update --help")
    voice(ctx).note(f"update {kind} identifier {identifier}")
    deadline = deadline_of(ctx, settings)
    whole = _with_those_who_have_it(source, kind, identifier, change, deadline)
    saved = save(source, whole, deadline, lambda: source.update(kind, identifier, whole, deadline))
    show_saved(ctx, saved, whole, as_json=as_json)


def _sharing(who: str, allowed: tuple[str, ...], *, ended: bool) -> Grants | None:
    """Those to share with, nobody where sharing ends, or None where it is to stay."""
    if allowed and ended:
        raise UsageError(f"--allow-{who} and --unshare-{who}s contradict each other", "leave one of them out")
    return () if ended else grants(allowed) or None


def _with_those_who_have_it(
    source: WritableSource, kind: str, identifier: str, change: Change, deadline: Deadline
) -> Change:
    """The change, those whom the item is shared with added: the server replaces the list that it gets."""
    if not (change.users_allowed or change.groups_allowed):
        return change
    now = source.sharing(kind, identifier, deadline)
    return Change(
        change.plain,
        change.secrets,
        _merged(now.users_allowed, change.users_allowed),
        _merged(now.groups_allowed, change.groups_allowed),
    )


def _merged(now: Grants, added: Grants | None) -> Grants | None:
    if not added:
        return added
    return tuple({grant.name: grant for grant in (*now, *added)}.values())
