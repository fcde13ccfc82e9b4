"""Which calls find the items of a lookup."""

import pytest

from mysafe_env.errors import AmbiguousError, RefusedError
from mysafe_env.fetching.calls import MAX_CANDIDATES, first_call, get_call, matching_rows, next_calls
from mysafe_env.fetching.choice import choose_one
from mysafe_env.references import Lookup
from tests.support.sources import lookup, row


@pytest.mark.parametrize(
    ("wanted", "call"),
    [
        (lookup("password", tag="t", username="u"), lookup("password", tag="t", username="u")),
        (lookup("password", identifier="7", tag="t"), lookup("password", identifier="7")),
        (lookup("note", name="n"), lookup("note", name="n")),
        (lookup("secretapi", identifier_code="c", name="n"), lookup("secretapi", identifier_code="c")),
        (lookup("secretapi", name="n"), lookup("secretapi")),
    ],
)
def test_first_call(wanted: Lookup, call: Lookup) -> None:
    """An identifier is got; anything else is listed, with the filters that the server knows."""
    assert call == first_call(wanted)


def test_next_calls() -> None:
    """The items of the matching rows that can be viewed are got."""
    rows = (row("note", "1", name="a"), row("note", "2", name="b"), row("note", "3", name="a", can_view=False))
    wanted = lookup("note", name="a", tag="t")
    assert (get_call(wanted, "1"),) == next_calls(wanted, rows, many=False)


def test_no_call_where_the_rows_tell_that_it_is_ambiguous() -> None:
    """Two rows that carry all that is selected by need no item to be ambiguous; many items are got all the same."""
    rows = (row("note", "1", name="a"), row("note", "2", name="a"))
    wanted = lookup("note", name="a")
    assert () == next_calls(wanted, rows, many=False)
    assert (get_call(wanted, "1"), get_call(wanted, "2")) == next_calls(wanted, rows, many=True)


def test_an_item_that_is_listed_twice_is_one() -> None:
    """Rows with one identifier are the same item; the first of them that fits stands for it."""
    rows = (row("note", "1", name="b"), row("note", "1", name="a"), row("note", "1", name="a", tags="t"))
    wanted = lookup("note", name="a")
    assert rows[1:2] == matching_rows(wanted, rows)
    assert (get_call(wanted, "1"),) == next_calls(wanted, rows, many=False)


def test_items_that_can_not_be_read_stay_apart() -> None:
    """They may have no identifier to be known by, and each has a reason of its own."""
    rows = tuple(row("item", "?")._replace(refusal=RefusedError("can't be read")) for _ in range(2))
    assert rows == matching_rows(Lookup("secretsafe", "item", (("name", "a"),)), rows)


def test_no_call_for_a_crowd() -> None:
    """More candidates than a filter leaves are not read one by one."""
    rows = tuple(row("secretapi", str(number), name="a") for number in range(MAX_CANDIDATES + 1))
    wanted = lookup("secretapi", tag="t")
    assert () == next_calls(wanted, rows, many=False)
    assert MAX_CANDIDATES == len(next_calls(wanted, rows[1:], many=False))
    with pytest.raises(AmbiguousError, match="65 items match"):
        choose_one(wanted, {first_call(wanted): rows})
