"""One item for a person or a script: its fields, the secret ones masked unless asked for."""

from mysafe_env.items import KINDS, Item
from mysafe_env.secret import MASK


def shown_field(item: Item, name: str) -> str | None:
    """The value of one field, revealed; None when it is empty."""
    value = item.field(name)
    return None if value is None else value.reveal()


def shown_fields(item: Item, *, reveal: bool) -> dict[str, str | None]:
    """Every field of the item's kind in the API's order."""
    return {name: _shown(item, name, reveal=reveal) for name in KINDS[item.kind].fields}


def _shown(item: Item, name: str, *, reveal: bool) -> str | None:
    value = shown_field(item, name)
    hidden = name in KINDS[item.kind].secret_fields and not reveal
    return MASK if hidden and value is not None else value
