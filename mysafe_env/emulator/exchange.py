"""HTTP requests and responses as the emulated APIs see them, without sockets."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qsl, unquote

JSON: Final = "application/json"


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request, read completely."""

    method: str
    target: str = field(repr=False)
    """Path and query; a token request may carry the client secret there."""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    """By lower-case name."""
    body: bytes = field(default=b"", repr=False)

    @property
    def path(self) -> str:
        """The path as it was sent, percent-encoded."""
        return self.target.partition("?")[0]

    @property
    def segments(self) -> list[str]:
        """The decoded parts of the path."""
        return [unquote(segment) for segment in self.path.removeprefix("/").split("/")]

    @property
    def query(self) -> tuple[tuple[str, str], ...]:
        """Names and values after the question mark, without the empty ones."""
        return tuple(parse_qsl(self.target.partition("?")[2]))

    @property
    def content_type(self) -> str:
        """The media type of the body without its parameters, in lower case."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


@dataclass(frozen=True, slots=True)
class Response:
    """One HTTP answer."""

    status: int
    body: bytes = field(repr=False)
    headers: tuple[tuple[str, str], ...] = (("Content-Type", JSON),)


def json_response(status: int, body: Mapping[str, object], **headers: str) -> Response:
    """An answer that is a JSON object; underscores in header names stand for dashes."""
    named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Response(status, json.dumps(body).encode(), (("Content-Type", JSON), *named))
