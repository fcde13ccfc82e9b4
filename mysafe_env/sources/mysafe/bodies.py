"""The bodies of create and update requests, and answers that do not repeat what was in them."""

import json
from typing import Final

from mysafe_env.changes import Change
from mysafe_env.secret import MASK
from mysafe_env.sources.http.calls import Answer
from mysafe_env.sources.json_text import parse_json
from mysafe_env.sources.mysafe.answers import Number
from mysafe_env.sources.outgoing import sent_fields, sent_sharing

# A shorter value stands in many texts by chance.
_SHORTEST: Final = 4


def body_of(change: Change) -> bytes:
    """A change as JSON: only what it names; raises `UsageError` for what no server would take."""
    return json.dumps({**sent_fields(change), **sent_sharing(change)}, ensure_ascii=False).encode()


def without_values(change: Change, answer: Answer) -> Answer:
    """*answer* without the secrets of *change*, which an error message or a warning might quote otherwise."""
    texts = sent_fields(change)
    values = [texts[name] for name in change.secrets if len(texts[name]) >= _SHORTEST]
    try:
        # Read in the way in which it is read for messages.
        document = parse_json(answer.body, Number)
    except ValueError:
        # No message quotes an answer that is not JSON.
        return answer
    masked = _masked(document, values)
    return answer if masked == document else answer._replace(body=json.dumps(masked).encode())


def _masked(value: object, secrets: list[str]) -> object:
    """The value with *secrets* masked in its texts and names; an identifier, which is a number, stays as it is."""
    if isinstance(value, dict):
        return {
            _without(key, secrets): inner if key == "identifier" else _masked(inner, secrets)
            for key, inner in value.items()
        }
    if isinstance(value, list):
        return [_masked(inner, secrets) for inner in value]
    return _without(value, secrets) if isinstance(value, str) else value


def _without(text: str, secrets: list[str]) -> str:
    for secret in secrets:
        text = text.replace(secret, MASK)
    return text
