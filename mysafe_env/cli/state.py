"""What `activate` and `deactivate` share: telling the state of an item."""

from mysafe_env.cli.output import write_json, write_text
from mysafe_env.cli.voice import Voice
from mysafe_env.errors import printable


def show_state(voice: Voice, kind: str, identifier: str, *, active: bool, changed: bool, as_json: bool) -> None:
    """Print the state that the item has now.

    Whether it is new is told to `-v` alone, and as the vault's word: a call whose answer was lost is repeated,
    and finds its own change.
    """
    state = "active" if active else "inactive"
    if not changed:
        voice.note(f"the vault says that {kind} {identifier} was {state} already")
    if as_json:
        write_json({"identifier": identifier, "active": active})
        return
    write_text(f"{kind} {printable(identifier)} is {state} now\n")
