"""The word that was probably meant."""

from collections.abc import Iterable, Sequence
from typing import Final

# Nobody looks through more of them.
_MOST_SHOWN: Final = 30


def closest(word: str, known: Sequence[str], likeness: float = 0.6) -> str:
    """The known word that is most like *word*; empty when none is as like as *likeness*, from 0 to 1."""
    from difflib import get_close_matches  # noqa: PLC0415  # paid for by mistakes only

    return "".join(get_close_matches(word, known, n=1, cutoff=likeness))


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`did you mean "..."?`, or the known words when none is close."""
    words = sorted(known)
    close = closest(word, words)
    if close:
        return f'did you mean "{close}"?'
    more = f" and {len(words) - _MOST_SHOWN} more" if len(words) > _MOST_SHOWN else ""
    return f"known are: {', '.join(words[:_MOST_SHOWN])}{more}" if words else "there are none"
