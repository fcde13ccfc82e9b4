"""From what came back to an answer: whole, from the server that was asked, and neither compressed nor too large."""

from collections.abc import Callable
from typing import Final, NamedTuple
from urllib.parse import urljoin, urlsplit

from mysafe_env.errors import BadAnswerError
from mysafe_env.sources.http.calls import Answer
from mysafe_env.sources.http.unreachable import Attempt

_CHUNK: Final = 64 * 2**10
_REDIRECTS: Final = range(300, 400)


class Received(NamedTuple):
    """The head of an answer, and how to read its body."""

    url: str
    """The address that was asked."""
    status: int
    header: Callable[[str, str], str]
    """A header's text by its name, or else the second argument."""
    read: Callable[[int], bytes]
    """At most so many bytes of the body; empty at its end."""


def read_answer(received: Received, limit: int, attempt: Attempt) -> Answer:
    """The whole answer; raises `BadAnswerError` for a redirect, compression, and more than *limit* bytes."""
    if received.status in _REDIRECTS:
        raise _redirected(received, attempt)
    encoding = received.header("Content-Encoding", "identity").strip().lower()
    if encoding not in {"", "identity"}:
        raise BadAnswerError(
            f"{attempt.server} compressed its answer ({encoding}), which nobody asked for",
            "see whether a proxy or a content filter stands in between",
        )
    content_type = received.header("Content-Type", "").partition(";")[0].strip().lower()
    retry_after = received.header("Retry-After", "")
    return Answer(received.status, content_type, _body(received, limit, attempt), retry_after)


def _redirected(received: Received, attempt: Attempt) -> BadAnswerError:
    return BadAnswerError(
        f"{attempt.server} redirects to {_goal(received)} (status {received.status}), and redirects are not followed",
        f"if that is the server you mean, write its address in {attempt.setting}",
    )


def _goal(received: Received) -> str:
    """Where a redirect leads, without user, query and fragment, which may hold a secret."""
    try:
        parts = urlsplit(urljoin(received.url, received.header("Location", "")))
    except ValueError:
        return "an address that is no URL"
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def _body(received: Received, limit: int, attempt: Attempt) -> bytes:
    """The whole body, as far as the limit allows."""
    body = bytearray()
    while chunk := received.read(_CHUNK):
        body += chunk
        if len(body) > limit:
            raise BadAnswerError(
                f"{attempt.server} sent more than {limit >> 20} MiB as {attempt.purpose}",
                f"check {attempt.setting}; ask for less: a list by a tag, a vault of an account that has fewer items",
            )
    return bytes(body)
