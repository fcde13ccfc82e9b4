"""Which calls find the items of a lookup. Pure.

MySafe documents neither whether a list's filter is exact nor how several combine, so every filter is
compared again on this side, as soon as a row or an item carries the field.
"""

from collections.abc import Mapping
from typing import Final

from mysafe_env.errors import SourceError
from mysafe_env.items import ALL_KINDS, Item, Row, split_tags
from mysafe_env.references import Lookup

Answer = tuple[Row, ...] | Item | SourceError
"""What a call gives. A call is written as a lookup too: by an identifier it is a get, else a list."""
Answers = Mapping[Lookup, Answer]

# A server that ignores a filter would otherwise have us read everything it holds.
MAX_CANDIDATES: Final = 64


def first_call(lookup: Lookup) -> Lookup:
    """The call that starts a lookup: a get by identifier, or a list with the filters that the server knows."""
    identifier = lookup.selector("identifier")
    if identifier is not None:
        return get_call(lookup, identifier)
    filters = tuple((name, value) for name, value in lookup.selectors if name in ALL_KINDS[lookup.kind].filters)
    return Lookup(lookup.system, lookup.kind, filters)


def get_call(lookup: Lookup, identifier: str) -> Lookup:
    """The call that gets one item of the lookup's kind."""
    return Lookup(lookup.system, lookup.kind, (("identifier", identifier),))


def next_calls(lookup: Lookup, rows: tuple[Row, ...], *, many: bool) -> tuple[Lookup, ...]:
    """The gets that follow from a list: none for a row that can't be viewed, nor where the rows decide by themselves.

    They do where one item is wanted and several rows match for certain, or too many to be read.
    """
    candidates = matching_rows(lookup, rows)
    if not many and len(candidates) > 1 and (_rows_decide(lookup, candidates) or len(candidates) > MAX_CANDIDATES):
        return ()
    return tuple(get_call(lookup, row.identifier) for row in candidates if row.can_view)


def matching_rows(lookup: Lookup, rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """The rows that may be what the lookup means: every field that they carry has the wanted value.

    An item that is listed twice is one; those that can't be read may have no identifier to be known by.
    """
    found: dict[tuple[str, SourceError | None], Row] = {}
    for row in rows:
        if fits(lookup, row.fields):
            found.setdefault((row.identifier, row.refusal), row)
    return tuple(found.values())


def fits(lookup: Lookup, fields: Mapping[str, str]) -> bool:
    """Whether the fields may be those of what the lookup means: each that is there has the wanted value."""
    return all(_fits(fields, selector, wanted) for selector, wanted in lookup.selectors)


def _fits(fields: Mapping[str, str], selector: str, wanted: str) -> bool:
    """Whether the selected field has the wanted value; true also where that field is not there to be compared."""
    carried = fields.get("tags" if selector == "tag" else selector)
    if carried is None or selector == "identifier":
        return True
    return wanted in split_tags(carried) if selector == "tag" else wanted == carried


def _rows_decide(lookup: Lookup, rows: tuple[Row, ...]) -> bool:
    """Whether the rows carry everything that the lookup selects by, so that the items could add nothing."""
    names = {"tags" if name == "tag" else name for name, _ in lookup.selectors}
    return all(names <= row.fields.keys() for row in rows)
