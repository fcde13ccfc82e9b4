"""Which of the answers a lookup means, and what is said when none or several are."""

from collections.abc import Sequence

import pytest

from mysafe_env.errors import AmbiguousError, InactiveError, ItemError, NoAccessError, NotFoundError
from mysafe_env.fetching.calls import Answer, first_call, next_calls
from mysafe_env.fetching.choice import choose_all, choose_one
from mysafe_env.items import Item, Row
from mysafe_env.references import Lookup
from tests.support.sources import item, lookup, row


def _answers(
    wanted: Lookup, rows: Sequence[Row], items: Sequence[Item | ItemError], *, many: bool = False
) -> dict[Lookup, Answer]:
    """The answers after every call that the lookup asks for; items are in the order of the rows."""
    by_row: dict[str, Answer] = {each.identifier: answer for each, answer in zip(rows, items, strict=True)}
    gets = next_calls(wanted, tuple(rows), many=many)
    answers: dict[Lookup, Answer] = {first_call(wanted): tuple(rows)}
    return answers | {get: by_row[get.selector("identifier") or ""] for get in gets}


CHOSEN: list[tuple[str, Lookup, list[Row], list[Item | ItemError]]] = [
    ("the only row", lookup("note", name="a"), [row("note", "1", name="a")], [item("note", "1", name="a")]),
    (
        "a filter that is not exact, seen in the rows",
        lookup("note", name="a"),
        [row("note", "2", name="ab"), row("note", "1", name="a")],
        [item("note", "2", name="ab"), item("note", "1", name="a")],
    ),
    (
        "a filter that was ignored, seen in the items",
        lookup("secretapi", tag="t"),
        [row("secretapi", "2", name="x"), row("secretapi", "1", name="y")],
        [item("secretapi", "2", tags="tt, u"), item("secretapi", "1", tags="u, t")],
    ),
    (
        "a field that nobody carries can't speak against",
        lookup("password", url="https://h"),
        [row("password", "1", name="a")],
        [item("password", "1", name="a")],
    ),
    (
        "a unique code among rows that can't be viewed",
        lookup("secretapi", identifier_code="c"),
        [row("secretapi", "1", name="a"), row("secretapi", "2", name="b", can_view=False)],
        [item("secretapi", "1", identifier_code="c"), item("secretapi", "2", identifier_code="c")],
    ),
    (
        "one that was deleted between list and get",
        lookup("secretapi", tag="t"),
        [row("secretapi", "2", name="b"), row("secretapi", "1", name="a")],
        [NotFoundError("1005"), item("secretapi", "1", tags="t")],
    ),
]


@pytest.mark.parametrize(("wanted", "rows", "items"), [case[1:] for case in CHOSEN], ids=[case[0] for case in CHOSEN])
def test_chosen(wanted: Lookup, rows: list[Row], items: list[Item | ItemError]) -> None:
    """The item with identifier 1 is meant."""
    assert "1" == choose_one(wanted, _answers(wanted, rows, items)).identifier


NOT_FOUND: list[tuple[str, Lookup, list[Row], list[Item | ItemError]]] = [
    ("an empty list", lookup("note", name="a"), [], []),
    ("rows of other names", lookup("note", name="a"), [row("note", "1", name="A")], [item("note", "1", name="A")]),
    ("a tag that is part of another", lookup("note", tag="a"), [row("note", "1", tags="ab,ba")], [item("note", "1")]),
    (
        "items of another code",
        lookup("secretapi", identifier_code="c"),
        [row("secretapi", "1")],
        [item("secretapi", "1", identifier_code="C")],
    ),
    ("one that is gone", lookup("note", name="a"), [row("note", "1", name="a")], [NotFoundError("1005")]),
]


@pytest.mark.parametrize(
    ("wanted", "rows", "items"), [case[1:] for case in NOT_FOUND], ids=[case[0] for case in NOT_FOUND]
)
def test_not_found(wanted: Lookup, rows: list[Row], items: list[Item | ItemError]) -> None:
    """Nothing is meant, and the error says how to look for it."""
    with pytest.raises(NotFoundError) as caught:
        choose_one(wanted, _answers(wanted, rows, items))
    assert str(wanted) in caught.value.message
    assert f"see what this access key can read with: mysafe-env list {wanted.kind}" == caught.value.hint
    with pytest.raises(NotFoundError):
        choose_all(wanted, _answers(wanted, rows, items, many=True))


AMBIGUOUS: list[tuple[str, Lookup, list[Row], list[Item | ItemError], str]] = [
    (
        "rows alone",
        lookup("note", tag="t"),
        [row("note", "1", name="a", tags="t"), row("note", "2", name="b", tags="t")],
        [item("note", "1"), item("note", "2")],
        '2 items match note tag "t": 1 (a), 2 (b)',
    ),
    (
        "only the items that match are listed",
        lookup("secretapi", tag="t"),
        [row("secretapi", "1", name="a"), row("secretapi", "2", name="b"), row("secretapi", "3")],
        [item("secretapi", "1", tags="t"), item("secretapi", "2", tags="u"), item("secretapi", "3", tags="t")],
        '2 items match secretapi tag "t": 1 (a), 3 (no name)',
    ),
    (
        "one that can't be read may be meant too",
        lookup("secretapi", tag="t"),
        [row("secretapi", "1", name="a"), row("secretapi", "2", name="b")],
        [item("secretapi", "1", tags="t"), InactiveError("1009")],
        '2 items match secretapi tag "t": 1 (a), 2 (b)',
    ),
    (
        "more than ten",
        lookup("note", tag="t"),
        [row("note", str(number), name="n", tags="t") for number in range(12)],
        [item("note", str(number)) for number in range(12)],
        '12 items match note tag "t": ' + ", ".join(f"{number} (n)" for number in range(10)) + " and 2 more",
    ),
]


@pytest.mark.parametrize(
    ("wanted", "rows", "items", "message"), [case[1:] for case in AMBIGUOUS], ids=[case[0] for case in AMBIGUOUS]
)
def test_ambiguous(wanted: Lookup, rows: list[Row], items: list[Item | ItemError], message: str) -> None:
    """Several items are meant, and the error lists them and says how to name one."""
    with pytest.raises(AmbiguousError) as caught:
        choose_one(wanted, _answers(wanted, rows, items))
    assert message == caught.value.message
    assert f'identifier = "{rows[0].identifier}"' in caught.value.hint


def test_an_item_that_may_not_be_viewed() -> None:
    """A row that says it can't be viewed is no access, without a call."""
    wanted, rows = lookup("note", name="a"), (row("note", "1", name="a", can_view=False),)
    assert () == next_calls(wanted, rows, many=False)
    with pytest.raises(NoAccessError, match='may not view note 1 "a"'):
        choose_one(wanted, {first_call(wanted): rows})


@pytest.mark.parametrize(
    ("justify", "approval", "words"),
    [
        (True, False, "it needs justification before"),
        (False, True, "it needs approval before"),
        (True, True, "it needs justification and approval before"),
    ],
)
@pytest.mark.parametrize("can_view", [True, False])
def test_reasons_for_no_access(justify: bool, approval: bool, words: str, can_view: bool) -> None:  # noqa: FBT001  # a table
    """A row's flags say why an item can't be read."""
    wanted = lookup("note", name="a")
    rows = [row("note", "1", name="a", can_view=can_view, need_justify=justify, need_approval=approval)]
    with pytest.raises(NoAccessError, match=words) as caught:
        choose_one(wanted, _answers(wanted, rows, [NoAccessError("1006", "ask")]))
    assert "MySafe's API has no call for that" in caught.value.hint


def test_no_access_without_a_reason() -> None:
    """An error that the row does not explain stays as it is."""
    wanted, error = lookup("note", name="a"), NoAccessError("1006", "ask")
    with pytest.raises(NoAccessError) as caught:
        choose_one(wanted, _answers(wanted, [row("note", "1", name="a")], [error]))
    assert error is caught.value


def test_by_identifier() -> None:
    """A lookup by identifier is one get; other selectors must hold for the item."""
    found = item("note", "7", name="a")
    assert found == choose_one(lookup("note", identifier="7", name="a"), {lookup("note", identifier="7"): found})
    with pytest.raises(NotFoundError):
        choose_one(lookup("note", identifier="7", name="b"), {lookup("note", identifier="7"): found})
    with pytest.raises(NotFoundError, match="1005"):
        choose_one(lookup("note", identifier="7"), {lookup("note", identifier="7"): NotFoundError("1005")})


def test_a_refused_list() -> None:
    """A list that the server refuses is the lookup's error."""
    wanted = lookup("note", name="a")
    with pytest.raises(ItemError, match="1001"):
        choose_one(wanted, {wanted: ItemError("1001")})
    with pytest.raises(ItemError, match="1001"):
        choose_all(wanted, {wanted: ItemError("1001")})


def test_choose_all() -> None:
    """All matching items come in the list's order, an error for each that can't be read; what is gone is left out."""
    wanted = lookup("secretapi", tag="t")
    rows = [row("secretapi", "2"), row("secretapi", "1"), row("secretapi", "3")]
    items: list[Item | ItemError] = [
        item("secretapi", "2", tags="t"),
        item("secretapi", "1", tags="t"),
        NotFoundError("1005"),
    ]
    assert tuple(items[:2]) == choose_all(wanted, _answers(wanted, rows, items, many=True))
    items[2] = InactiveError("1009")
    assert tuple(items) == choose_all(wanted, _answers(wanted, rows, items, many=True))
