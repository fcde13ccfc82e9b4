"""Which calls find the items of a lookup, and which of the answers are meant. Pure.

MySafe documents neither whether a list's filter is exact nor how several combine, so every filter is
compared again on this side, as soon as a row or an item carries the field.
"""

from collections.abc import Mapping
from typing import Final

from mysafe_env.errors import AmbiguousError, ItemError, NoAccessError, NotFoundError, SourceError
from mysafe_env.items import ALL_KINDS, Item, Row, split_tags
from mysafe_env.references import Lookup

# A lookup that names an identifier is a get; every other lookup that is asked for is a list.
Answer = tuple[Row, ...] | Item | SourceError
Answers = Mapping[Lookup, Answer]
_Outcome = tuple[Row | None, Item | SourceError]

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
    """The gets that a list's rows ask for; none for a row that can't be viewed, or when the rows already tell."""
    candidates = matching_rows(lookup, rows)
    if not many and len(candidates) > 1 and (_rows_tell(lookup, candidates) or len(candidates) > MAX_CANDIDATES):
        return ()
    return tuple(get_call(lookup, row.identifier) for row in candidates if row.can_view)


def matching_rows(lookup: Lookup, rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """The rows that nothing they carry speaks against."""
    return tuple(row for row in rows if all(_fits(row.fields, name, value) for name, value in lookup.selectors))


def choose_one(lookup: Lookup, answers: Answers) -> Item:
    """The one item that the lookup means.

    Raises `NotFoundError`, `AmbiguousError`, or what stands in the way of the only candidate.
    """
    outcomes = _outcomes(lookup, answers)
    found, refused = _items(outcomes), _errors(outcomes)
    if len(found) == 1 and (not refused or lookup.selector("identifier_code") is not None):
        # An identifier_code is unique, so candidates that can't be read don't make it ambiguous.
        return found[0]
    if len(outcomes) > 1:
        raise _ambiguous(lookup, [row for row, _ in outcomes if row is not None])
    raise refused[0] if refused else _not_found(lookup)


def choose_all(lookup: Lookup, answers: Answers) -> tuple[Item, ...]:
    """Every item that the lookup means; raises `NotFoundError` for none, or what stands in the way of one."""
    outcomes = _outcomes(lookup, answers)
    found, refused = _items(outcomes), _errors(outcomes)
    if refused:
        raise refused[0]
    if not found:
        raise _not_found(lookup)
    return tuple(found)


def _outcomes(lookup: Lookup, answers: Answers) -> list[_Outcome]:
    """The candidates that are left when the items have been compared too."""
    outcomes = [(row, _read(lookup, row, answers)) for row in _candidates(lookup, answers)]
    return [(row, outcome) for row, outcome in outcomes if _counts(lookup, row, outcome)]


def _counts(lookup: Lookup, row: Row | None, outcome: Item | SourceError) -> bool:
    if isinstance(outcome, Item):
        return _item_matches(lookup, outcome)
    # What was listed and is gone when it is read was deleted in between.
    return row is None or not isinstance(outcome, NotFoundError)


def _items(outcomes: list[_Outcome]) -> list[Item]:
    return [outcome for _, outcome in outcomes if isinstance(outcome, Item)]


def _errors(outcomes: list[_Outcome]) -> list[SourceError]:
    return [outcome for _, outcome in outcomes if isinstance(outcome, SourceError)]


def _candidates(lookup: Lookup, answers: Answers) -> tuple[Row | None, ...]:
    """The rows to be read; None stands for the item of a lookup by identifier, which has no row."""
    answer = answers[first_call(lookup)]
    if isinstance(answer, SourceError) and lookup.selector("identifier") is None:
        raise answer
    return (None,) if isinstance(answer, Item | SourceError) else matching_rows(lookup, answer)


def _read(lookup: Lookup, row: Row | None, answers: Answers) -> Item | SourceError:
    if row is None:
        answer = answers[first_call(lookup)]
    elif row.can_view:
        # Not asked for where the rows alone made it ambiguous.
        answer = answers.get(get_call(lookup, row.identifier), _unread(row))
    else:
        answer = _no_view(row)
    if isinstance(answer, NoAccessError) and row is not None:
        return _explained(answer, row)
    return answer if isinstance(answer, Item | SourceError) else _not_found(lookup)


def _item_matches(lookup: Lookup, item: Item) -> bool:
    return all(_fits(item.plain, name, value) for name, value in lookup.selectors)


def _fits(fields: Mapping[str, str], selector: str, wanted: str) -> bool:
    """Whether the field has the wanted value; a field that is not carried can't speak against it."""
    carried = fields.get("tags" if selector == "tag" else selector)
    if carried is None or selector == "identifier":
        return True
    return wanted in split_tags(carried) if selector == "tag" else wanted == carried


def _rows_tell(lookup: Lookup, rows: tuple[Row, ...]) -> bool:
    """Whether the rows carry everything that the lookup selects by, so that the items could add nothing."""
    names = {"tags" if name == "tag" else name for name, _ in lookup.selectors}
    return all(names <= row.fields.keys() for row in rows)


def _not_found(lookup: Lookup) -> NotFoundError:
    if lookup.system == "secretsafe":
        return NotFoundError(
            f"nothing in SecretSafe matches {lookup}", "check the spelling, and what is shared with the key's owner"
        )
    return NotFoundError(
        f"no item matches {lookup}", f"see what this access key can read with: mysafe-env list {lookup.kind}"
    )


def _ambiguous(lookup: Lookup, rows: list[Row]) -> AmbiguousError:
    listed = ", ".join(f"{row.identifier} ({row.fields.get('name', 'no name')})" for row in rows[:10])
    more = f" and {len(rows) - 10} more" if len(rows) > 10 else ""  # noqa: PLR2004  # enough to see the pattern
    first = rows[0].identifier
    if lookup.system == "secretsafe":
        how = f"secretsafe://{lookup.kind}?id={first}"
    else:
        how = f'{{ kind = "{lookup.kind}", identifier = "{first}" }}'
    return AmbiguousError(f"{len(rows)} items match {lookup}: {listed}{more}", f"name one of them, such as {how}")


def _unread(row: Row) -> ItemError:
    return ItemError(f"{row.kind} {row.identifier} was not read")


def _no_view(row: Row) -> NoAccessError:
    return NoAccessError(
        f'the access key may not view {row.kind} {row.identifier} "{row.fields.get("name", "")}"',
        "ask its owner to share it with the access key's user, or add it to the data of the access key",
    )


def _explained(error: NoAccessError, row: Row) -> NoAccessError:
    """The same error, with the reason that the row gives."""
    needs = [what for what, needed in (("justification", row.need_justify), ("approval", row.need_approval)) if needed]
    if not needs:
        return error
    return NoAccessError(
        f"{error.message}; it needs {' and '.join(needs)} before it can be read",
        "MySafe's API has no call for that: get it in MySafe's web interface, or have the rule taken off the item",
    )
