"""Which lines of an old and a new text are the same."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import Match, SequenceMatcher
from typing import Final, NamedTuple

# Of old and new lines together; the time of difflib grows with the cube of them where lines repeat.
_FEW: Final = 200


class LineMatcher(SequenceMatcher[str]):
    """difflib's comparison, of large texts too: those are cut at the lines that both have once.

    What lies between two such lines, if it is much, is the same only at its beginning and its end.
    """

    def __init__(self, old: Sequence[str], new: Sequence[str]) -> None:
        super().__init__(None, old, new, autojunk=False)
        self._old = old
        self._new = new

    def get_matching_blocks(self) -> list[Match]:
        """The runs of equal lines in order, none beside the next, and an empty one at the end."""
        if len(self._old) + len(self._new) <= _FEW:
            return super().get_matching_blocks()
        end = Match(len(self._old), len(self._new), 0)
        return [*_merged(self._blocks(end)), end]

    def _blocks(self, end: Match) -> Iterator[Match]:
        done = Match(0, 0, 0)
        for anchor in (*_anchors(self._old, self._new), end):
            yield from self._blocks_between(done, anchor)
            yield anchor
            done = Match(anchor.a + anchor.size, anchor.b + anchor.size, 0)

    def _blocks_between(self, start: Match, end: Match) -> Iterator[Match]:
        old, new = self._old[start.a : end.a], self._new[start.b : end.b]
        head = _length_of_same(zip(old, new, strict=False))
        tail = _length_of_same(zip(reversed(old[head:]), reversed(new[head:]), strict=False))
        yield Match(start.a, start.b, head)
        old, new = old[head : len(old) - tail], new[head : len(new) - tail]
        if len(old) + len(new) <= _FEW:
            blocks = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
            yield from (Match(start.a + head + block.a, start.b + head + block.b, block.size) for block in blocks)
        yield Match(end.a - tail, end.b - tail, tail)


class _Step(NamedTuple):
    """A line that both texts have, and the one before it in the longest row of such lines."""

    old: int
    new: int
    before: "_Step | None"


def _anchors(old: Sequence[str], new: Sequence[str]) -> list[Match]:
    """The most lines that both texts have once, and in the same order."""
    once, places = _once(old), _once(new)
    # The ends of the rows of one, two, three lines; of all rows of a length the one that ends soonest in the new text.
    ends: list[_Step] = []
    for number, line in enumerate(old):
        if line in once and line in places:
            place = places[line]
            length = bisect_left(ends, place, key=lambda step: step.new)
            ends[length : length + 1] = [_Step(number, place, ends[length - 1] if length else None)]
    return [Match(step.old, step.new, 1) for step in _row(ends[-1] if ends else None)][::-1]


def _row(step: _Step | None) -> Iterator[_Step]:
    """The steps of a row, the last one first."""
    while step:
        yield step
        step = step.before


def _once(lines: Sequence[str]) -> dict[str, int]:
    """The lines that a text has once, with their numbers."""
    times = Counter(lines)
    return {line: number for number, line in enumerate(lines) if times[line] == 1}


def _length_of_same(pairs: Iterator[tuple[str, str]]) -> int:
    length = 0
    for old, new in pairs:
        if old != new:
            break
        length += 1
    return length


def _merged(blocks: Iterator[Match]) -> Iterator[Match]:
    """The runs without empty ones, and two that stand side by side as one."""
    last = Match(0, 0, 0)
    for block in blocks:
        if (last.a + last.size, last.b + last.size) == (block.a, block.b):
            last = Match(last.a, last.b, last.size + block.size)
        else:
            if last.size:
                yield last
            last = block
    if last.size:
        yield last
