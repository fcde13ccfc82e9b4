"""The word that was probably meant."""

from collections.abc import Iterable


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`did you mean "..."?`, or the known words when none is close."""
    from difflib import get_close_matches  # noqa: PLC0415  # paid for by mistakes only

    words = sorted(known)
    close = get_close_matches(word, words, n=1)
    if close:
        return f'did you mean "{close[0]}"?'
    return f"known are: {', '.join(words)}" if words else "there are none"
