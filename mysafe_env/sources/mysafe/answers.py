"""MySafe's answers before its envelope is read: the JSON object that they are, or the error for anything else."""

from datetime import UTC, datetime
from typing import Final

from mysafe_env.errors import BadAnswerError, CredentialsError, OutageError, UnreachableError
from mysafe_env.sources.http.answers import connection_refusal, gateway_words, has_no_upstream, is_web_page, told
from mysafe_env.sources.http.backoff import named_wait
from mysafe_env.sources.http.calls import Answer
from mysafe_env.sources.json_text import parse_json

# The gateway's words.
_NO_ROUTE: Final = "no route matched"
_NOT_AUTHORIZED: Final = "not authorized to access this resource"
_DAY: Final = 86_400

REFUSED_CAUSES: Final = (
    "any of these may be the cause: the client id or secret is wrong, the access key has expired or was revoked, "
    "this machine's IP is not allowed, the key has a referer rule (MYSAFE_REFERER) or a certificate rule "
    "(MYSAFE_CLIENT_CERT)"
)
REFUSED_HINT: Final = f"{REFUSED_CAUSES}, or MYSAFE_URL has a wrong path"


class Number(str):
    """A number of a JSON text, as it was written there."""

    __slots__ = ()


def json_object(answer: Answer, purpose: str) -> dict[str, object]:
    """The JSON object in a body, with each number as a `Number`; raises `BadAnswerError` for anything else."""
    if is_web_page(answer):
        raise _web_page(answer, purpose)
    try:
        document = parse_json(answer.body, Number)
    except ValueError:
        document = None
    if not isinstance(document, dict):
        raise BadAnswerError(
            f"the answer for {purpose} is not a JSON object (status {answer.status})",
            "check that MYSAFE_URL leads to MySafe",
        )
    return document


def has_no_route(answer: Answer) -> bool:
    """Whether the gateway knows no such path and method; MySafe says so to wrong credentials as well."""
    return _NO_ROUTE in gateway_words(answer).lower()


def refuses_token(answer: Answer) -> bool:
    """Whether the answer may be another one with a fresh token."""
    words = gateway_words(answer).lower()
    return answer.status in {401, 403} or _NO_ROUTE in words or _NOT_AUTHORIZED in words


def outage(answer: Answer, purpose: str, words: str, *, once: bool = False) -> OutageError:
    """The error for an answer that is not the application's.

    *words* are the gateway's, as they may be shown; *once* says that the call is not repeated, however long there is.
    """
    said = told(answer, words)
    if refuses_token(answer):
        return CredentialsError(f"the server refuses {purpose} ({said})", REFUSED_HINT)
    if has_no_upstream(answer):
        return UnreachableError(
            f"the gateway in front of MySafe got no answer from it for {purpose} ({said})",
            "try again in a moment; if it stays, ask who runs the server",
        )
    if is_web_page(answer):
        return connection_refusal(answer, purpose) or _web_page(answer, purpose)
    return _unexpected(answer, purpose, said, once=once)


def _unexpected(answer: Answer, purpose: str, said: str, *, once: bool) -> OutageError:
    if answer.status == 429:  # noqa: PLR2004  # too many requests, RFC 6585
        named = named_wait(answer.retry_after, datetime.now(UTC))
        when = f"in {named:.0f} s" if named and named < _DAY else "in a minute"
        hint = f"try again {when}" + ("" if once else ", or give it that time with --timeout or MYSAFE_TIMEOUT")
        return OutageError(f"the server asks for fewer requests, at {purpose} ({said})", hint)
    if answer.status >= 500:  # noqa: PLR2004  # the statuses of server errors
        return OutageError(f"the server failed at {purpose} ({said})", "try again; if it stays, its own log says more")
    return BadAnswerError(f"unexpected answer for {purpose} ({said})", "check the path in MYSAFE_URL")


def _web_page(answer: Answer, purpose: str) -> BadAnswerError:
    return BadAnswerError(
        f"the server answered with a web page instead of {purpose} (status {answer.status})",
        "check the path in MYSAFE_URL, and whether a proxy or a login page stands in between",
    )
