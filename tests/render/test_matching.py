"""Which lines of two texts are the same: in a diff that is true, and comes in time."""

import random

import pytest

from mysafe_env.secret import MASK
from mysafe_env.sinks.rendering.matching import LineMatcher
from tests.render.site import Site

# So many that difflib alone would take hours, since most of the lines repeat.
HOSTS = 20_000


@pytest.mark.parametrize("letters", ["ab", "abcde", "abcdefghijklmnopqrstuvwxyz"])
@pytest.mark.parametrize("times", [1, 20])
def test_what_is_told_turns_the_old_text_into_the_new_one(letters: str, times: int) -> None:
    """Whatever was inserted, removed and moved, among lines that repeat and lines that stand once."""
    for seed in range(100):
        chance = random.Random(seed)  # noqa: S311  # repeatable
        old = [chance.choice(letters) + str(number // 40) for number in range(chance.randrange(20) * times)]
        new = _changed(old, chance)
        blocks = LineMatcher(old, new).get_matching_blocks()
        assert new == _applied(old, new)
        assert (len(old), len(new), 0) == blocks[-1]
        runs = blocks[:-1]
        assert all(run.size for run in runs)
        ends = {(run.a + run.size, run.b + run.size) for run in runs}
        assert ends.isdisjoint({(run.a, run.b) for run in runs})


def test_lines_that_repeat_and_no_other_ones() -> None:
    """The beginning and the end of what differs is found."""
    blocks = LineMatcher(["a", "b", "c"] * HOSTS, ["a", "b", "c"] * 2 + ["a", "d", "c"] * HOSTS).get_matching_blocks()
    assert [(0, 0, 7), (3 * HOSTS - 1, 3 * HOSTS + 5, 1), (3 * HOSTS, 3 * HOSTS + 6, 0)] == blocks


def test_a_value_that_stands_in_many_lines(site: Site) -> None:
    """Each line with it is shown, between the lines that stay."""
    site.mapping('template = "app.j2"\nto = "app"')
    template = f"{{% for i in range({HOSTS}) %}}\n- h{{{{ i }}}}\n  password: {{{{P}}}}\n  tls: true\n{{% endfor %}}\n"
    site.write("app.j2", template)
    site.render(P="old")
    line = f"  password: {MASK}"
    assert [f" - h{MASK}", f"-{line}", f"+{line}", "   tls: true"] * HOSTS == site.diff(P="new")


def _changed(old: list[str], chance: random.Random) -> list[str]:
    new = list(old)
    for _ in range(chance.randrange(12)):
        place = chance.randrange(len(new) + 1)
        match chance.randrange(3):
            case 0:
                new.insert(place, "new")
            case 1:
                new[place : place + 1] = []
            case _:
                new = new[place:] + new[:place]
    return new


def _applied(old: list[str], new: list[str]) -> list[str]:
    """What patch would make of the old text."""
    text: list[str] = []
    for tag, old_start, old_end, new_start, new_end in LineMatcher(old, new).get_opcodes():
        text += old[old_start:old_end] if tag == "equal" else new[new_start:new_end]
    return text
