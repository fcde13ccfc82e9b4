"""SecretSafe's statuses and error bodies as our errors."""

from collections.abc import Iterator
from typing import Final

from mysafe_env.errors import (
    BadAnswerError,
    CredentialsError,
    NotFoundError,
    OutageError,
    RefusedError,
    SourceError,
    UnreachableError,
)
from mysafe_env.sources.http.answers import connection_refusal, is_web_page, told
from mysafe_env.sources.http.calls import Answer
from mysafe_env.sources.secretsafe.document import UNKNOWN_HINT, Document, read_json

UNAUTHORIZED: Final = 401
_SUCCESS_ENDS: Final = 300
_SERVER_ERRORS: Final = 500
_NOT_FOUND: Final = 404
_TOO_MANY: Final = 429
_GATEWAY: Final = frozenset({502, 503, 504})

_KEY_HINT: Final = (
    "any of these may be the cause: the key was rotated less than five minutes ago, the organisation is disabled or "
    "without API access, or the key is of the other kind (organization. for the organisation, user. for vault items)"
)
# What stands in the server's words, and what to do then: a machine can neither type a code nor read mail.
_LOGIN_HINTS: Final = {
    "two factor": "a machine has no second factor: use an account without two-step login",
    "device verification": "its owner got a mail: approve the new device there; and keep the folder mysafe-env in "
    "XDG_STATE_HOME (or ~/.local/state), by which the server knows this machine again",
    "sso": "the organisation wants SSO of its members: have the account exempted from that policy",
    "captcha": "the server suspects an attack from this address: log in once in the web safe, then try again",
    "locked": "have the account unlocked; see what else logs in with a wrong key",
    "disabled": "have the account, or its organisation, enabled",
    "legacy encryption": "log in once in the web safe, which renews the account's encryption",
    "invalid_scope": "the key is of the other kind, or may not use this API: organization. is for the organisation, "
    "user. for vault items",
}
_RATE_HINT: Final = "wait a minute; the server allows ten logins and some two hundred calls a minute"


def accepted(answer: Answer, purpose: str, *, thing: str = "") -> Answer:
    """An answer that is a success; raises `SourceError` for any other.

    *thing* is what the call names by its id, and a 404 then says is not there.
    """
    if answer.status < _SUCCESS_ENDS:
        return answer
    raise _refusal(answer, purpose, _words(answer), thing=thing)


def read_document(answer: Answer, purpose: str, *, thing: str = "", holds: tuple[str, ...] = ()) -> Document:
    """The JSON object of a success, with at least one of the fields *holds*, if any; raises `SourceError`.

    A proxy or another server may answer with an object of its own, which is neither an empty list nor a success.
    """
    document = Document(read_json(accepted(answer, purpose, thing=thing), purpose), purpose)
    if holds and not any(document.has(name) for name in holds):
        raise BadAnswerError(f"the answer for {purpose} holds no {' and no '.join(holds)}", UNKNOWN_HINT)
    return document


def expect_done(answer: Answer, purpose: str, *, thing: str = "") -> None:
    """Raise `SourceError` unless a call that answers nothing was done; a newer server may send an object of its own."""
    if accepted(answer, purpose, thing=thing).body:
        read_document(answer, purpose, thing=thing, holds=("object",))


def login_refusal(answer: Answer, purpose: str) -> SourceError:
    """The error for a token request that was refused: OAuth's body, or the server's own."""
    words = _words(answer)
    said = told(answer, words)
    if answer.status not in {400, 401, 403}:
        return _refusal(answer, purpose, words, thing="")
    if is_web_page(answer):
        return connection_refusal(answer, purpose) or BadAnswerError(
            f"the answer for {purpose} is a web page ({said})",
            "check SECRETSAFE_URL, and whether a proxy is in between",
        )
    for sign, hint in _LOGIN_HINTS.items():
        if sign in words.lower():
            return CredentialsError(f"SecretSafe refuses the login ({said})", hint)
    return CredentialsError(f"SecretSafe refuses the client id and secret ({said})", _KEY_HINT)


def _refusal(answer: Answer, purpose: str, words: str, *, thing: str) -> SourceError:
    said = told(answer, words)
    if answer.status in {UNAUTHORIZED, 403}:
        return CredentialsError(f"SecretSafe refuses {purpose} ({said})", _KEY_HINT)
    if answer.status == _NOT_FOUND:
        return _not_there(purpose, said, thing=thing)
    if answer.status == _TOO_MANY:
        return OutageError(f"SecretSafe asks for fewer requests, at {purpose} ({said})", _RATE_HINT)
    if answer.status in _GATEWAY:
        return UnreachableError(
            f"SecretSafe is not available for {purpose} ({said})",
            "try again in a moment; if it stays, ask who runs the server",
        )
    if answer.status >= _SERVER_ERRORS:
        return OutageError(
            f"SecretSafe failed at {purpose} ({said})", "try again; if it stays, the server's own log says more"
        )
    return RefusedError(f"SecretSafe refused {purpose} ({said})", "the words in brackets are SecretSafe's own")


def _not_there(purpose: str, said: str, *, thing: str) -> SourceError:
    if thing:
        return NotFoundError(
            f"SecretSafe has no {thing} ({said})",
            "check the id; a server that is too old for a call answers the same, see: mysafe-env secretsafe spec",
        )
    return BadAnswerError(f"SecretSafe has no address for {purpose} ({said})", "check SECRETSAFE_URL")


def _words(answer: Answer) -> str:
    """The words of an error body; empty for a body that is empty or no JSON object, such as a proxy's page."""
    try:
        document = Document(read_json(answer, ""), "")
        # Some are said twice, in two members of the body.
        sentences = {sentence.lower(): sentence for sentence in _sentences(document)}
        return "; ".join(sentences.values())
    except BadAnswerError:
        return ""


def _sentences(document: Document) -> Iterator[str]:
    inner = document.document("errorModel") or document
    for text in (document.text("error"), document.text("error_description"), inner.text("message")):
        if text:
            yield text
    errors = inner.document("errors") or inner.document("validationErrors")
    if errors is not None:
        for name, reasons in errors.to_json().items():
            told = ", ".join(str(reason) for reason in reasons) if isinstance(reasons, list) else str(reasons)
            yield f"{name}: {told}" if name else told
