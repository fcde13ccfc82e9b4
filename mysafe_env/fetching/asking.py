"""Asks a source for everything at once: lists first, and each item as soon as its row is there."""

from collections import deque
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

from mysafe_env.deadline import Deadline
from mysafe_env.errors import ItemError, SourceError, TimedOutError
from mysafe_env.fetching.calls import Answer, first_call, next_calls
from mysafe_env.fetching.watch import Watch
from mysafe_env.items import Item
from mysafe_env.late_imports import IMPORTING
from mysafe_env.references import Lookup
from mysafe_env.sources.base import Source

if TYPE_CHECKING:
    from mysafe_env.fetching.workers import Workers


# Calls end at the deadline by themselves, and tell what they waited for: they are given this part of the time more.
_GRACE: Final = 0.05


def fetch(  # noqa: PLR0913  # what is asked, what is known, and three limits
    source: Source,
    wanted: Mapping[Lookup, bool],
    answers: dict[Lookup, Answer],
    deadline: Deadline,
    watch: Watch,
    *,
    concurrency: int,
) -> None:
    """Add the answers that the lookups need to *answers*; *wanted* says of each lookup whether it means many items.

    At most *concurrency* calls of a source that waits are under way at once. No call is made whose answer is there
    already, and none twice. Raises `OutageError` as soon as the source gives nothing more; an error about one item
    becomes its answer.
    """
    calls = _Calls(wanted, answers)
    if source.concurrent:
        workers = _workers(source, deadline, concurrency)
        try:
            _ask_in_threads(workers, calls, deadline, watch)
        finally:
            workers.stop()
    else:
        _ask_in_turn(source, calls, deadline, watch)


class _Calls:
    """The calls that are still to be made. An answer may add more: a list leads to its items."""

    def __init__(self, wanted: Mapping[Lookup, bool], answers: dict[Lookup, Answer]) -> None:
        self._wanted = wanted
        self._answers = answers
        self._todo: deque[Lookup] = deque()
        self._asked: set[Lookup] = set()
        self._starting: dict[Lookup, list[Lookup]] = {}
        self.total = 0
        self.done = 0
        for lookup in wanted:
            self._starting.setdefault(first_call(lookup), []).append(lookup)
        for call in self._starting:
            self._add(call)

    def take(self) -> Iterator[Lookup]:
        """The calls that can be made now."""
        while self._todo:
            yield self._todo.popleft()

    def answer(self, call: Lookup, answer: Answer) -> None:
        """Keep an answer, and add the calls that follow from it."""
        self._answers[call] = answer
        self.done += 1
        self._follow(call, answer)

    @property
    def pending(self) -> bool:
        """Whether an answer is still to come."""
        return self.done < self.total

    def _add(self, call: Lookup) -> None:
        if call in self._answers:
            self._follow(call, self._answers[call])
        elif call not in self._asked:
            self._asked.add(call)
            self.total += 1
            self._todo.append(call)

    def _follow(self, call: Lookup, answer: Answer) -> None:
        if not isinstance(answer, Item | SourceError):
            for lookup in self._starting.get(call, ()):
                for following in next_calls(lookup, answer, many=self._wanted[lookup]):
                    self._add(following)


def _ask_in_turn(source: Source, calls: _Calls, deadline: Deadline, watch: Watch) -> None:
    """One call after the other, for a source that waits for nothing."""
    for call in calls.take():
        watch.asked(call)
        calls.answer(call, _ask(source, call, deadline))


def _workers(source: Source, deadline: Deadline, concurrency: int) -> "Workers[Lookup, Answer]":
    with IMPORTING:
        from mysafe_env.fetching.workers import Workers  # noqa: PLC0415  # the local vault needs no threads
    return Workers(concurrency, lambda call: _ask(source, call, deadline))


def _ask_in_threads(workers: "Workers[Lookup, Answer]", calls: _Calls, deadline: Deadline, watch: Watch) -> None:
    while True:
        for call in calls.take():
            watch.asked(call)
            workers.give(call)
        if not calls.pending:
            return
        call, answer = _next_answer(workers, calls, deadline)
        calls.answer(call, answer)
        watch.answered(calls.done, calls.total)


def _next_answer(workers: "Workers[Lookup, Answer]", calls: _Calls, deadline: Deadline) -> tuple[Lookup, Answer]:
    """The next answer; raises `TimedOutError` where every thread hangs in what nothing interrupts."""
    result = workers.take(deadline.remaining() + deadline.seconds * _GRACE)
    if result is None:
        raise TimedOutError(
            f"not everything was answered within {deadline.seconds:g} s: {calls.done} of {calls.total} calls were",
            "give it more time with --timeout or MYSAFE_TIMEOUT, or see whether the server is slow",
        )
    return result


def _ask(source: Source, call: Lookup, deadline: Deadline) -> Answer:
    identifier = call.selector("identifier")
    try:
        if identifier is None:
            return source.list_rows(call.kind, call.selectors, deadline)
        return source.get_item(call.kind, identifier, deadline)
    except ItemError as error:
        return error
