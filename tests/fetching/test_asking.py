"""Fetching: every distinct call once, all that can be asked at once, and no longer than the deadline."""

import threading
from collections.abc import Mapping

import pytest

from mysafe_env.deadline import Deadline
from mysafe_env.errors import ItemError, NotFoundError, TimedOutError, UnreachableError
from mysafe_env.fetching.asking import fetch
from mysafe_env.fetching.calls import Answer
from mysafe_env.fetching.choice import choose_all, choose_one
from mysafe_env.fetching.watch import NoWatch
from mysafe_env.items import Item
from mysafe_env.references import Lookup
from mysafe_env.settings import CONCURRENCY
from tests.support.deadlines import Skipping
from tests.support.sources import Call, MemorySource, item, lookup

ITEMS = [
    item("password", "1", name="db", username="app", tags="orders,db", password="p1"),
    item("password", "2", name="mail", username="app", tags="orders", password="p2"),
    item("note", "3", name="key", tags="orders", note="n3"),
    item(
        "secretapi", "4", name="stripe", identifier_code="stripe-live", tags="pay", client_id="c4", client_secret="s4"
    ),
    item("secretapi", "5", name="stripe", identifier_code="stripe-test", tags="pay", client_secret="s5"),
]
both_ways = pytest.mark.parametrize("concurrent", [False, True], ids=["in turn", "in threads"])


class Recorder(NoWatch):
    """A watch that keeps what it was told."""

    def __init__(self) -> None:
        self.calls: list[Lookup] = []
        self.progress: list[tuple[int, int]] = []

    def asked(self, call: Lookup) -> None:
        """Keep the call."""
        self.calls.append(call)

    def answered(self, done: int, total: int) -> None:
        """Keep the numbers."""
        self.progress.append((done, total))


def _fetch(source: MemorySource, wanted: Mapping[Lookup, bool]) -> dict[Lookup, Answer]:
    answers: dict[Lookup, Answer] = {}
    fetch(source, wanted, answers, Deadline(60), NoWatch(), concurrency=CONCURRENCY)
    return answers


@both_ways
def test_one_call_for_every_distinct_question(concurrent: bool) -> None:  # noqa: FBT001  # a table
    """A selector is listed once and an item got once, however many lookups need them."""
    source = MemorySource(ITEMS, concurrent=concurrent)
    single = [lookup("password", tag="db"), lookup("password", name="db"), lookup("password", identifier="1")]
    several = lookup("password", tag="orders")
    answers = _fetch(source, dict.fromkeys(single, False) | {several: True})
    lists: list[Call] = [
        ("password", (("name", "db"),)),
        ("password", (("tag", "db"),)),
        ("password", (("tag", "orders"),)),
    ]
    assert sorted([*lists, ("password", "1"), ("password", "2")], key=str) == sorted(source.calls, key=str)
    assert ["1", "1", "1"] == [choose_one(each, answers).identifier for each in single]
    assert ["1", "2"] == [each.identifier for each in choose_all(several, answers) if isinstance(each, Item)]


@both_ways
def test_secretapi_by_several_names_is_one_list(concurrent: bool) -> None:  # noqa: FBT001  # a table
    """The server can't filter API secrets by name, so all names share one list."""
    source = MemorySource(ITEMS, concurrent=concurrent)
    _fetch(source, {lookup("secretapi", name="stripe"): True, lookup("secretapi", name="other"): False})
    assert ("secretapi", ()) == source.calls[0]
    assert [("secretapi", "4"), ("secretapi", "5")] == sorted(source.calls[1:], key=str)


def test_answers_are_kept() -> None:
    """What was answered before is not asked again, and a list that was narrowed by one lookup serves another."""
    source = MemorySource(ITEMS)
    answers = _fetch(source, {lookup("password", tag="orders"): False})
    assert [("password", (("tag", "orders"),))] == source.calls
    fetch(source, {lookup("password", tag="orders"): True}, answers, Deadline(60), NoWatch(), concurrency=CONCURRENCY)
    fetch(
        source, {lookup("password", identifier="2"): False}, answers, Deadline(60), NoWatch(), concurrency=CONCURRENCY
    )
    assert [("password", "1"), ("password", "2")] == source.calls[1:]


@both_ways
def test_an_error_about_one_item_is_its_answer(concurrent: bool) -> None:  # noqa: FBT001  # a table
    """What can't be had of one item keeps no other from being fetched."""
    refused = NotFoundError("1005")
    source = MemorySource(ITEMS, concurrent=concurrent, refuse={"1": refused})
    answers = _fetch(source, {lookup("password", identifier="1"): False, lookup("note", name="key"): False})
    assert refused is answers[lookup("password", identifier="1")]
    assert "3" == choose_one(lookup("note", name="key"), answers).identifier


@both_ways
def test_a_refused_list_is_an_answer(concurrent: bool) -> None:  # noqa: FBT001  # a table
    """A list that is refused is the error of its lookup."""
    error = ItemError("1001")

    def refuse(call: Call) -> None:
        if call[0] == "note":
            raise error

    source = MemorySource(ITEMS, concurrent=concurrent, before=refuse)
    assert error is _fetch(source, {lookup("note", name="key"): False})[lookup("note", name="key")]


@both_ways
def test_an_outage_ends_it(concurrent: bool) -> None:  # noqa: FBT001  # a table
    """When nothing can be had, nobody goes on asking."""

    def fail(_: Call) -> None:
        raise UnreachableError("no route to the server")

    wanted = {lookup("note", name=str(number)): False for number in range(200)}
    source = MemorySource(ITEMS, concurrent=concurrent, before=fail)
    with pytest.raises(UnreachableError, match="no route"):
        _fetch(source, wanted)
    assert len(source.calls) < 200 or concurrent


def test_calls_wait_side_by_side() -> None:
    """As many calls as are allowed at once are under way together."""
    together = threading.Barrier(CONCURRENCY)
    source = MemorySource(ITEMS, concurrent=True, before=lambda _: _wait(together))
    _fetch(source, {lookup("note", identifier=str(number)): False for number in range(CONCURRENCY)})
    assert CONCURRENCY == len(source.calls)


def test_an_item_is_got_as_soon_as_its_own_row_is_there() -> None:
    """A slow list holds up nothing but its own items."""
    got = threading.Event()

    def slow(call: Call) -> None:
        if call == ("note", (("name", "key"),)):
            assert got.wait(60)
        if call == ("password", "1"):
            got.set()

    source = MemorySource(ITEMS, concurrent=True, before=slow)
    _fetch(source, {lookup("note", name="key"): False, lookup("password", name="db"): False})
    assert ("note", "3") == source.calls[-1]


def test_a_source_that_hangs_is_left() -> None:
    """When the deadline passes, the error says how much was answered, although a call still hangs."""
    forever = threading.Event()

    def hang(call: Call) -> None:
        if call[1] != "3":
            forever.wait()

    class Impatient(NoWatch):
        def answered(self, done: int, total: int) -> None:  # noqa: ARG002  # as the interface says
            deadline.skip(deadline.seconds)

    source, deadline = MemorySource(ITEMS, concurrent=True, before=hang), Skipping(10)
    wanted = {lookup("note", identifier="3"): False, lookup("note", identifier="9"): False}
    with pytest.raises(TimedOutError) as caught:
        fetch(source, wanted, {}, deadline, Impatient(), concurrency=CONCURRENCY)
    forever.set()
    assert "not everything was answered within 10 s: 1 of 2 calls were" == caught.value.message
    assert "--timeout" in caught.value.hint


@both_ways
def test_the_watch_hears_of_every_call(concurrent: bool) -> None:  # noqa: FBT001  # a table
    """Each call is told before it is made, and progress ends with everything answered."""
    watch, answers = Recorder(), dict[Lookup, Answer]()
    fetch(
        MemorySource(ITEMS, concurrent=concurrent),
        {lookup("note", name="key"): False},
        answers,
        Deadline(60),
        watch,
        concurrency=CONCURRENCY,
    )
    assert [lookup("note", name="key"), lookup("note", identifier="3")] == watch.calls
    assert ([(1, 2), (2, 2)] if concurrent else []) == watch.progress


def test_nothing_wanted() -> None:
    """Without a lookup nothing is asked."""
    source = MemorySource(ITEMS, concurrent=True)
    assert {} == _fetch(source, {})
    assert [] == source.calls


def _wait(together: threading.Barrier) -> None:
    together.wait(60)
