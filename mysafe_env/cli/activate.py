"""`mysafe-env activate`: make an item usable again."""

from typing import Any

import click

from mysafe_env.cli.inputs import settings_from
from mysafe_env.cli.kinds import writable_kind
from mysafe_env.cli.options import connection_options, deadline_of, voice
from mysafe_env.cli.state import show_state
from mysafe_env.cli.vault_file import vault_saver
from mysafe_env.sources.opening import open_writable


@click.command("activate")
@click.argument("kind", metavar="KIND")
@click.argument("identifier", metavar="IDENTIFIER")
@click.option("--json", "as_json", is_flag=True, help="An object: identifier, active.")
@connection_options
@click.pass_context
def command(ctx: click.Context, /, kind: str, identifier: str, *, as_json: bool, **options: Any) -> None:
    """Activate the item of KIND with the server's number IDENTIFIER; one that is active stays so."""
    writable_kind(kind)
    settings = settings_from(options)
    voice(ctx).note(f"activate {kind} identifier {identifier}")
    source = open_writable(settings, vault_saver(voice(ctx)))
    changed = source.activate(kind, identifier, deadline_of(ctx, settings))
    show_state(voice(ctx), kind, identifier, active=True, changed=changed, as_json=as_json)
