"""Which of the answers a lookup means, or the error that says why it means none. Pure."""

from mysafe_env.absence import not_found
from mysafe_env.errors import AmbiguousError, ItemError, NoAccessError, NotFoundError, SourceError
from mysafe_env.fetching.calls import Answers, first_call, fits, get_call, matching_rows
from mysafe_env.items import Item, Row
from mysafe_env.references import Lookup

_Outcome = tuple[Row | None, Item | SourceError]


def choose_one(lookup: Lookup, answers: Answers) -> Item:
    """The one item that the lookup means.

    Raises `NotFoundError`, `AmbiguousError`, or the error of the only candidate, if that can't be read.
    """
    outcomes = _outcomes(lookup, answers)
    found, refused = _items(outcomes), _errors(outcomes)
    if len(found) == 1 and (not refused or lookup.selector("identifier_code") is not None):
        # An identifier_code is unique, so candidates that can't be read don't make it ambiguous.
        return found[0]
    if len(outcomes) > 1:
        raise _ambiguous(lookup, [row for row, _ in outcomes if row is not None])
    raise refused[0] if refused else not_found([lookup])


def choose_all(lookup: Lookup, answers: Answers) -> tuple[Item | SourceError, ...]:
    """Every item that the lookup means, with an error in place of each that can't be read.

    Raises `NotFoundError` when there is none.
    """
    outcomes = _outcomes(lookup, answers)
    if not outcomes:
        raise not_found([lookup])
    return tuple(outcome for _, outcome in outcomes)


def _outcomes(lookup: Lookup, answers: Answers) -> list[_Outcome]:
    """The candidates whose items, too, have the wanted values, each with its row and its item or error."""
    outcomes = [(row, _read(lookup, row, answers)) for row in _candidates(lookup, answers)]
    return [(row, outcome) for row, outcome in outcomes if _counts(lookup, row, outcome)]


def _counts(lookup: Lookup, row: Row | None, outcome: Item | SourceError) -> bool:
    if isinstance(outcome, Item):
        return fits(lookup, outcome.plain)
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
    return answer if isinstance(answer, Item | SourceError) else not_found([lookup])


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


def _no_view(row: Row) -> ItemError:
    return row.refusal or NoAccessError(
        f'the access key may not view {row.kind} {row.identifier} "{row.fields.get("name", "")}"',
        "ask its owner to share it with the access key's user, or add it to the data of the access key",
    )


def _explained(error: NoAccessError, row: Row) -> NoAccessError:
    """The error, with the reason that the row gives for it."""
    needs = [what for what, needed in (("justification", row.need_justify), ("approval", row.need_approval)) if needed]
    if not needs:
        return error
    return NoAccessError(
        f"{error.message}; it needs {' and '.join(needs)} before it can be read",
        "MySafe's API has no call for that: get it in MySafe's web interface, or have the rule taken off the item",
    )
