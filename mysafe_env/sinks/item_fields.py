"""The fields of one item as they are shown: secret ones are masked unless they are asked for."""

from collections.abc import Iterator

from mysafe_env.items import ALL_KINDS, Item
from mysafe_env.secret import MASK


def shown_field(item: Item, name: str) -> str | None:
    """The value of one field, revealed; None when it is empty. Raises the `ItemError` of one that can't be had."""
    value = item.field(name)
    return None if value is None else value.reveal()


def shown_fields(item: Item, *, reveal: bool) -> dict[str, str | None]:
    """Every field of the item's kind in the API's order; None for one that is empty or can't be read.

    For a kind whose items have different fields: those that the item has, the ones that only it has last.
    """
    return {name: _shown(item, name, reveal=reveal) for name in _names(item)}


def refused_fields(item: Item) -> Iterator[str]:
    """The reasons why some of these fields can't be read."""
    return (item.refusals[name].message for name in _names(item) if name in item.refusals)


def _names(item: Item) -> tuple[str, ...]:
    kind = ALL_KINDS[item.kind]
    if not kind.named_fields:
        return kind.fields
    there = dict.fromkeys((*item.plain, *item.secrets, *item.refusals))
    own = (name for name in there if name not in kind.fields and kind.has_field(name))
    return (*(name for name in kind.fields if name in there), *own)


def _shown(item: Item, name: str, *, reveal: bool) -> str | None:
    value = None if name in item.refusals else shown_field(item, name)
    hidden = ALL_KINDS[item.kind].is_secret(name) and not reveal
    return MASK if hidden and value is not None else value
