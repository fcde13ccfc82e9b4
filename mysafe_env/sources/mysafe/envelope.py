"""MySafe's envelope: the document of a success, or our error for what it refuses with."""

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from mysafe_env.changes import Change
from mysafe_env.errors import BadAnswerError, NotFoundError, OutageError, RefusedError, SourceError
from mysafe_env.sources.domain_codes import NOT_FOUND, item_error, write_error
from mysafe_env.sources.http.answers import gateway_words, quoted
from mysafe_env.sources.http.calls import Answer
from mysafe_env.sources.mysafe.answers import json_object, outage
from mysafe_env.sources.mysafe.bodies import without_values

_SUCCESS_ENDS: Final = 300
_SERVER_ERRORS: Final = 500
# Codes of the application have four digits; an `exception.code` of three repeats an HTTP status.
_DOMAIN_CODES: Final = 1000
_NOT_ENCRYPTED: Final = 400

CREATION: Final = "creation"


class Asked(NamedTuple):
    """What a call asked for, which messages name; *identifier* is empty for a list and for a create."""

    kind: str
    identifier: str = ""
    write: str = ""
    """What a call that writes does: `CREATION`, which is sent once, "update", "activation" or "deactivation"."""
    change: Change | None = None
    """The fields that a create or an update sent."""

    def __str__(self) -> str:
        if self.write:
            return f"the {self.write} of {f'{self.kind} {self.identifier}' if self.identifier else f'a {self.kind}'}"
        return f"{self.kind} {self.identifier}" if self.identifier else f"the list of {self.kind} items"


def accepted(answer: Answer, asked: Asked) -> Mapping[str, object]:
    """The document of an answer that is a success; raises `ItemError` or `OutageError` for any other."""
    try:
        document = json_object(answer, str(asked))
    except BadAnswerError:
        if answer.status < _SUCCESS_ENDS:
            raise
        raise _outage(answer, asked) from None
    if gateway_words(answer):
        raise _outage(answer, asked)
    envelope, exception = _object(document, "response"), _object(document, "exception")
    if answer.status >= _SUCCESS_ENDS or _says_error(envelope) or exception:
        raise _refusal(answer, document, asked)
    return document


def confirmed(answer: Answer, asked: Asked) -> Mapping[str, object]:
    """The document of a success that says so, since no payload may; raises as `accepted` does."""
    document = accepted(answer, asked)
    if not _object(document, "response"):
        raise BadAnswerError(
            f"the answer for {asked} holds no response",
            "it may be done, or not: check what answers at MYSAFE_URL, and do it again, since doing it twice is fine",
        )
    return document


def said(document: Mapping[str, object]) -> str:
    """MySafe's own words in the envelope of a success."""
    return _words(_object(document, "response"))


def _object(document: Mapping[str, object], name: str) -> Mapping[str, object]:
    found = document.get(name)
    return found if isinstance(found, dict) else {}


def _says_error(envelope: Mapping[str, object]) -> bool:
    # `error_code` is not asked: it is 0 in some bodies of errors, and never the domain code.
    return any(str(envelope.get(name, "")).lower() in {"true", "1"} for name in ("error", "erro"))


def _refusal(answer: Answer, document: Mapping[str, object], asked: Asked) -> SourceError:
    """The error that a document tells: about the item if it has a domain code, else about the server."""
    exception = _object(document, "exception")
    words = _words(_object(document, "response")) or _words(exception)
    code = _number(exception.get("code"))
    domain_code = code if code >= _DOMAIN_CODES else _leading_code(words)
    if domain_code:
        return _item_refusal(domain_code, words, asked)
    status = _status(answer, document)
    if status >= _SERVER_ERRORS:
        return _server_error(code, _shown(words, asked), status, asked)
    if not words or status in {401, 403}:
        return _outage(answer, asked)
    return _item_refusal(None, words, asked)


def _outage(answer: Answer, asked: Asked) -> OutageError:
    words = without_values(asked.change, gateway_words(answer))
    return outage(answer, str(asked), words, once=asked.write == CREATION)


def _shown(words: str, asked: Asked) -> str:
    """MySafe's words as a message may repeat them."""
    return quoted(without_values(asked.change, words))


def _words(fields: Mapping[str, object]) -> str:
    """MySafe's own words; some pages have the Portuguese name only, or a capital letter."""
    found = (fields.get(name) for name in ("message", "mensagem", "Message"))
    return next((text for text in found if isinstance(text, str) and text), "")


def _number(value: object) -> int:
    text = str(value)
    return int(text) if re.fullmatch(r"\d{1,9}", text, re.ASCII) else 0


def _leading_code(words: str) -> int:
    """The code that words begin with, "1006: ..." or "1006 ..."; 0 for none."""
    found = re.match(r"\s*(\d{4})\b", words, re.ASCII)
    return int(found[1]) if found else 0


def _status(answer: Answer, document: Mapping[str, object]) -> int:
    """The status of HTTP, or where that is a success the one that the envelope names."""
    if answer.status >= _SUCCESS_ENDS:
        return answer.status
    return _number(_object(document, "response").get("status")) or _number(document.get("code"))


def _item_refusal(code: int | None, words: str, asked: Asked) -> SourceError:
    shown = _shown(words, asked)
    if asked.write:
        return write_error(code, words, asked.kind, asked.identifier, asked.change, shown=shown)
    if asked.identifier:
        return item_error(code, shown, asked.kind, asked.identifier)
    error = NotFoundError if code == NOT_FOUND else RefusedError
    return error(f"MySafe refused {asked} (MySafe: {shown or code})", "the words in brackets are MySafe's own")


def _server_error(code: int, words: str, status: int, asked: Asked) -> SourceError:
    if code == _NOT_ENCRYPTED and asked.identifier and not asked.write:
        # The documented case is a long note; the body's 400 is no client error.
        return RefusedError(
            f"MySafe could not encrypt {asked} for this access key (status {status})",
            'turn off "encryption of sensitive data" in the access key, or shorten the text',
        )
    return OutageError(
        f"MySafe failed at {asked} (status {status}: {words or 'no reason given'})",
        "try again; if it stays, the server's own log says more",
    )
