"""The word that was probably meant."""

from collections.abc import Iterable
from typing import Final

# Nobody looks through more of them.
_MOST_SHOWN: Final = 30


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`did you mean "..."?`, or the known words when none is close."""
    from difflib import get_close_matches  # noqa: PLC0415  # paid for by mistakes only

    words = sorted(known)
    close = get_close_matches(word, words, n=1)
    if close:
        return f'did you mean "{close[0]}"?'
    more = f" and {len(words) - _MOST_SHOWN} more" if len(words) > _MOST_SHOWN else ""
    return f"known are: {', '.join(words[:_MOST_SHOWN])}{more}" if words else "there are none"
