"""`mysafe-env create`: a new item."""

from typing import Any

import click

from mysafe_env.changes import Change
from mysafe_env.cli.fields import SURPLUS_TAKEN, field_options, grants, json_option, plain_fields, refuse_surplus
from mysafe_env.cli.inputs import settings_from
from mysafe_env.cli.kinds import writable_kind
from mysafe_env.cli.options import connection_options, deadline_of, voice
from mysafe_env.cli.saving import save, show_saved
from mysafe_env.cli.secret_input import dashed, given_secrets, required_secret
from mysafe_env.cli.vault_file import vault_saver
from mysafe_env.errors import UsageError
from mysafe_env.items import Kind
from mysafe_env.sources.opening import open_writable
from mysafe_env.vault.records import REQUIRED_FIELDS

_EPILOG = """\b
Examples:
  mysafe-env create password --name "orders db" --username orders --generate
  vault-export | mysafe-env create note --name "tls key" --note-stdin
  mysafe-env create secretapi --name Stripe --url https://api.stripe.com \\
      --client-id acct_1 --identifier-code stripe-live --client-secret-file key
"""


@click.command("create", epilog=_EPILOG, context_settings=SURPLUS_TAKEN)
@click.argument("kind", metavar="KIND")
@field_options
@json_option
@connection_options
@click.pass_context
def command(ctx: click.Context, /, kind: str, *, as_json: bool, **options: Any) -> None:
    """Create an item of KIND: password, note or secretapi. Its secret is asked for, unless an option says where it is.

    It is sent once: if nobody can know whether it arrived, the error says how to look for it.
    """
    wanted = writable_kind(kind)
    refuse_surplus(ctx)
    plain = plain_fields(wanted, options)
    _check_required(wanted, plain)
    users, groups = grants(options["allow_user"]), grants(options["allow_group"])
    settings = settings_from(options)
    source = open_writable(settings, vault_saver(voice(ctx)))
    secrets = given_secrets(wanted, options)
    if wanted.secret_field not in secrets:
        secrets |= required_secret(wanted)
    change = Change(plain, secrets, users or None, groups or None)
    voice(ctx).note(f'create {kind} name "{plain["name"]}"')
    deadline = deadline_of(ctx, settings)
    saved = save(source, change, deadline, lambda: source.create(kind, change, deadline))
    show_saved(ctx, saved, change, as_json=as_json)


def _check_required(kind: Kind, plain: dict[str, str]) -> None:
    """Raise `UsageError` before anybody is asked for a secret in vain."""
    needed = (name for name in REQUIRED_FIELDS[kind.name] if name not in kind.secret_fields)
    missing = [f"--{dashed(name)}" for name in needed if not plain.get(name)]
    if missing:
        raise UsageError(f"a {kind.name} needs {' and '.join(missing)}", f"see mysafe-env create {kind.name} --help")
