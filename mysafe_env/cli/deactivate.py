"""`mysafe-env deactivate`: the nearest to deleting that MySafe has; it can be undone."""

import sys
from typing import Any, Final

import click

from mysafe_env.cli.inputs import settings_from
from mysafe_env.cli.kinds import writable_kind
from mysafe_env.cli.options import connection_options, deadline_of, voice
from mysafe_env.cli.state import show_state
from mysafe_env.cli.vault_file import vault_saver
from mysafe_env.cli.voice import is_terminal
from mysafe_env.deadline import Deadline
from mysafe_env.errors import printable
from mysafe_env.sources.opening import open_writable
from mysafe_env.sources.writing import WritableSource

_ANSWERS: Final = {"y": True, "yes": True, "n": False, "no": False}


@click.command("deactivate")
@click.argument("kind", metavar="KIND")
@click.argument("identifier", metavar="IDENTIFIER")
@click.option("-y", "--yes", is_flag=True, help="Don't ask; without a terminal nobody is asked.")
@click.option("--json", "as_json", is_flag=True, help="An object: identifier, active.")
@connection_options
@click.pass_context
def command(ctx: click.Context, /, kind: str, identifier: str, *, yes: bool, as_json: bool, **options: Any) -> int:
    """Deactivate the item of KIND with the server's number IDENTIFIER: nobody can read it until it is activated.

    It asks first, when there is a terminal.
    """
    writable_kind(kind)
    settings = settings_from(options)
    source = open_writable(settings, vault_saver(voice(ctx)))
    if not (yes or not is_terminal(sys.stdin) or _confirmed(ctx, source, kind, identifier, deadline_of(ctx, settings))):
        voice(ctx).warning(f"{kind} {identifier} was left as it is")
        return 1
    voice(ctx).note(f"deactivate {kind} identifier {identifier}")
    changed = source.deactivate(kind, identifier, deadline_of(ctx, settings))
    show_state(voice(ctx), kind, identifier, active=False, changed=changed, as_json=as_json)
    return 0


def _confirmed(ctx: click.Context, source: WritableSource, kind: str, identifier: str, deadline: Deadline) -> bool:
    """Whether the user wants it, having seen the item's name: a wrong number is somebody else's password."""
    rows = source.list_rows(kind, (), deadline)
    names = [f' "{row.fields.get("name", "")}"' for row in rows if row.identifier == identifier]
    question = f"Deactivate {kind} {identifier}{names[0] if names else ''}? Programs that need it will not start"
    while True:
        answer = click.prompt(f"{printable(question)} [y/N]", default="n", show_default=False, err=True).strip().lower()
        if answer in _ANSWERS:
            return _ANSWERS[answer]
        voice(ctx).warning("the answer is neither yes nor no", "type y or n")
