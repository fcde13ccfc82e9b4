"""The bodies of create and update requests, and words about them that do not repeat what was secret in them."""

import json
from typing import Final

from mysafe_env.changes import Change
from mysafe_env.secret import MASK
from mysafe_env.sources.http.answers import spellings
from mysafe_env.sources.outgoing import sent_fields, sent_sharing

# A shorter value stands in many texts by chance.
_SHORTEST: Final = 4


def body_of(change: Change) -> bytes:
    """A change as JSON: only what it names; raises `UsageError` for what no server would take."""
    return json.dumps({**sent_fields(change), **sent_sharing(change)}, ensure_ascii=False).encode()


def without_values(change: Change | None, words: str) -> str:
    """A server's *words* with a mask for every secret of *change*, as it was sent or as JSON writes it.

    For words that are shown, and only there: a secret may be one that names a field or tells a refusal's meaning.
    """
    if change is None:
        return words
    # The longest first, since one secret may be a part of another.
    for form in sorted(_sent_forms(change), key=len, reverse=True):
        words = words.replace(form, MASK)
    return words


def _sent_forms(change: Change) -> set[str]:
    texts = sent_fields(change)
    values = [texts[name] for name in change.secrets if len(texts[name]) >= _SHORTEST]
    return {form for value in values for form in spellings(value)}
