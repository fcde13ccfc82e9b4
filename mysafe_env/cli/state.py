"""What `activate` and `deactivate` share: telling the state of an item."""

from mysafe_env.cli.output import write_json, write_text
from mysafe_env.errors import printable


def show_state(kind: str, identifier: str, *, active: bool, changed: bool, as_json: bool) -> None:
    """Print the state of an item, and whether it is new."""
    if as_json:
        document = {"identifier": identifier, "active": active, "changed": changed}
        write_json(document)
        return
    state = "active" if active else "inactive"
    write_text(f"{kind} {printable(identifier)} {f'is {state} now' if changed else f'was {state} already'}\n")
