"""Which calls find the items of a lookup."""

import pytest

from mysafe_env.errors import AmbiguousError
from mysafe_env.fetching.calls import MAX_CANDIDATES, first_call, get_call, next_calls
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


def test_no_call_for_a_crowd() -> None:
    """More candidates than a filter leaves are not read one by one."""
    rows = tuple(row("secretapi", str(number), name="a") for number in range(MAX_CANDIDATES + 1))
    wanted = lookup("secretapi", tag="t")
    assert () == next_calls(wanted, rows, many=False)
    assert MAX_CANDIDATES == len(next_calls(wanted, rows[1:], many=False))
    with pytest.raises(AmbiguousError, match="65 items match"):
        choose_one(wanted, {first_call(wanted): rows})
