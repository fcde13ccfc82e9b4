"""What came back over HTTP: a JSON object, or words that are not the application's own.

An API gateway (Kong, by its words) stands in front of senhasegura.
The documentation gives its texts without a status, so the texts decide first.
"""

import json
from datetime import UTC, datetime
from typing import Final

from mysafe_env.errors import BadAnswerError, CredentialsError, OutageError, UnreachableError
from mysafe_env.secret import MASK, Secret
from mysafe_env.sources.http.backoff import named_wait
from mysafe_env.sources.http.calls import Answer
from mysafe_env.sources.json_text import parse_json

NO_ROUTE: Final = "no route matched"
_NOT_AUTHORIZED: Final = "not authorized to access this resource"
_NO_UPSTREAM: Final = ("invalid response was received from the upstream server", "upstream server is timing out")
# Request timeout, too many requests, and what gateways say when there is nobody behind them: RFC 9110 and RFC 6585.
_BUSY: Final = frozenset({408, 429, 502, 503, 504})
_DAY: Final = 86_400
_SHORT: Final = 4096
# The name of MySafe's envelope; inside of a text its quotes would be escaped.
_ENVELOPE: Final = b'"response"'
_LARGE: Final = 2**20
_QUOTED: Final = 200

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
    """The JSON object in a body, numbers kept as text; raises `BadAnswerError` for anything else."""
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


def is_web_page(answer: Answer) -> bool:
    """Whether a body is HTML, by its type or its first character."""
    return answer.content_type == "text/html" or answer.body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def is_json(answer: Answer) -> bool:
    """Whether a body is a whole JSON document; of a large one, which is read but once, only its ends are looked at."""
    if len(answer.body) > _LARGE:
        return answer.body.rstrip().endswith((b"}", b"]"))
    try:
        json.loads(answer.body)
    except (ValueError, RecursionError):
        return False
    return True


def is_busy(answer: Answer) -> bool:
    """Whether the server, or a gateway in front of it, says that the same call may succeed in a moment."""
    words = gateway_words(answer).lower()
    return answer.status in _BUSY or any(text in words for text in _NO_UPSTREAM)


def without_echo(secret: Secret, answer: Answer) -> Answer:
    """An answer that does not repeat *secret*, for its words may end in a message, those of a success too.

    PHP, which MySafe is written in, escapes slashes in JSON.
    """
    text = secret.reveal()
    forms = {text, json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1]}
    body = answer.body
    for form in (forms | {form.replace("/", "\\/") for form in forms}) - {""}:
        body = body.replace(form.encode(), MASK.encode())
    return answer._replace(body=body)


def quoted(words: str) -> str:
    """A server's words for a message: of reasonable length."""
    return words if len(words) <= _QUOTED else words[:_QUOTED] + "..."


def gateway_words(answer: Answer) -> str:
    """The words of a gateway, `{"message": "..."}`; empty when the application answered, or something else did."""
    # Every answer is asked for them, some three times; those of the application are not parsed for it.
    if len(answer.body) > _SHORT or _ENVELOPE in answer.body:
        return ""
    try:
        document = json_object(answer, "")
    except BadAnswerError:
        return ""
    words = document.get("message")
    return words if isinstance(words, str) else ""


def told(answer: Answer, words: str) -> str:
    """The status and a server's *words*, if it has any, as messages tell them."""
    return f"status {answer.status}: {quoted(words)}" if words else f"status {answer.status}"


def has_no_route(answer: Answer) -> bool:
    """Whether the gateway knows no such path and method; MySafe says so to wrong credentials, too."""
    return NO_ROUTE in gateway_words(answer).lower()


def refuses_token(answer: Answer) -> bool:
    """Whether a fresh token may help."""
    words = gateway_words(answer).lower()
    return answer.status in {401, 403} or NO_ROUTE in words or _NOT_AUTHORIZED in words


def outage(answer: Answer, purpose: str) -> OutageError:
    """The error for an answer that is not the application's."""
    words = gateway_words(answer)
    said = told(answer, words)
    if refuses_token(answer):
        return CredentialsError(f"the server refuses {purpose} ({said})", REFUSED_HINT)
    if answer.status in {502, 503, 504} or any(text in words.lower() for text in _NO_UPSTREAM):
        return UnreachableError(
            f"the gateway in front of MySafe got no answer from it for {purpose} ({said})",
            "try again in a moment; if it stays, ask who runs the server",
        )
    if is_web_page(answer):
        return connection_refusal(answer, purpose) or _web_page(answer, purpose)
    return _unexpected(answer, purpose, said)


def connection_refusal(answer: Answer, purpose: str) -> OutageError | None:
    """The error for nginx's page about TLS, which says with status 400 what others say in the handshake."""
    page = answer.body[:_SHORT]
    if answer.status != 400 or not is_web_page(answer):  # noqa: PLR2004  # nginx logs 495 to 497, and sends this
        return None
    if b"SSL certificate" in page:
        return UnreachableError(
            f"the gateway wants a client certificate, or another one, for {purpose} (status 400)",
            "set MYSAFE_CLIENT_CERT and MYSAFE_CLIENT_KEY to a certificate that the server accepts",
        )
    if b"plain HTTP request was sent to HTTPS port" in page:
        return UnreachableError(f"the gateway wants TLS for {purpose} (status 400)", "write https:// in its address")
    return None


def _unexpected(answer: Answer, purpose: str, said: str) -> OutageError:
    if answer.status == 429:  # noqa: PLR2004  # too many requests, RFC 6585
        named = named_wait(answer.retry_after, datetime.now(UTC))
        when = f"in {named:.0f} s" if named and named < _DAY else "in a minute"
        hint = f"try again {when}, or give it that time with --timeout or MYSAFE_TIMEOUT"
        return OutageError(f"the server asks for fewer requests, at {purpose} ({said})", hint)
    if answer.status >= 500:  # noqa: PLR2004  # the statuses of server errors
        return OutageError(f"the server failed at {purpose} ({said})", "try again; if it stays, its own log says more")
    return BadAnswerError(f"unexpected answer for {purpose} ({said})", "check the path in MYSAFE_URL")


def _web_page(answer: Answer, purpose: str) -> BadAnswerError:
    return BadAnswerError(
        f"the server answered with a web page instead of {purpose} (status {answer.status})",
        "check the path in MYSAFE_URL, and whether a proxy or a login page stands in between",
    )
