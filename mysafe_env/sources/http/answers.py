"""What an answer tells before anybody looks for items in it: whether it is JSON, a web page, or a gateway's words.

An API gateway (Kong, by its words) stands in front of MySafe. The documentation gives its texts without a status, so
the texts decide first.
"""

import json
from typing import Final

from mysafe_env.errors import OutageError, UnreachableError
from mysafe_env.secret import MASK, Secret
from mysafe_env.sources.http.calls import Answer
from mysafe_env.sources.json_text import parse_json

# What gateways say when there is nobody behind them: RFC 9110, 15.6.
_NO_UPSTREAM_STATUSES: Final = frozenset({502, 503, 504})
_NO_UPSTREAM: Final = ("invalid response was received from the upstream server", "upstream server is timing out")
# Request timeout and too many requests: RFC 9110, 15.5.9, and RFC 6585.
_BUSY: Final = _NO_UPSTREAM_STATUSES | {408, 429}
_SHORT: Final = 4096
# The name of MySafe's envelope; inside of a text its quotes would be escaped.
_ENVELOPE: Final = b'"response"'
_LARGE: Final = 2**20
_QUOTED: Final = 200


def is_web_page(answer: Answer) -> bool:
    """Whether a body is HTML, by its type or its first character."""
    return answer.content_type == "text/html" or answer.body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def is_json(answer: Answer) -> bool:
    """Whether a body is a whole JSON document; of more than 1 MiB only the end is looked at, since reading it costs."""
    if len(answer.body) > _LARGE:
        return answer.body.rstrip().endswith((b"}", b"]"))
    try:
        json.loads(answer.body)
    except (ValueError, RecursionError):
        return False
    return True


def is_busy(answer: Answer) -> bool:
    """Whether the server, or a gateway in front of it, says that the same call may succeed in a moment."""
    return answer.status in _BUSY or _names_no_upstream(answer)


def has_no_upstream(answer: Answer) -> bool:
    """Whether a gateway says that it got no answer from the server behind it."""
    return answer.status in _NO_UPSTREAM_STATUSES or _names_no_upstream(answer)


def gateway_words(answer: Answer) -> str:
    """The words of a gateway, `{"message": "..."}`; empty when the application answered, or something else did."""
    # Every answer is asked for them, some three times, so those of the application are not parsed for it.
    if len(answer.body) > _SHORT or _ENVELOPE in answer.body or is_web_page(answer):
        return ""
    try:
        document = parse_json(answer.body, str)
    except ValueError:
        return ""
    words = document.get("message") if isinstance(document, dict) else None
    return words if isinstance(words, str) else ""


def without_echo(secret: Secret, answer: Answer) -> Answer:
    """The answer with a mask wherever it repeats *secret*: its words may end in a message, even those of a success."""
    body = answer.body
    for form in spellings(secret.reveal()) - {""}:
        body = body.replace(form.encode(), MASK.encode())
    return answer._replace(body=body)


def spellings(text: str) -> set[str]:
    """A text as it is, and as JSON may write it; PHP, which MySafe is written in, escapes slashes there."""
    forms = {text, json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1]}
    return forms | {form.replace("/", "\\/") for form in forms}


def quoted(words: str) -> str:
    """A server's words as a message repeats them: at most 200 characters."""
    return words if len(words) <= _QUOTED else words[:_QUOTED] + "..."


def told(answer: Answer, words: str) -> str:
    """The status and a server's *words*, if it has any, as messages tell them."""
    return f"status {answer.status}: {quoted(words)}" if words else f"status {answer.status}"


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


def _names_no_upstream(answer: Answer) -> bool:
    words = gateway_words(answer).lower()
    return any(text in words for text in _NO_UPSTREAM)
