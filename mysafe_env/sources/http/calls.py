"""A request to a server and its answer, as the sources make and read them."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

Pairs = tuple[tuple[str, str], ...]

BODY_LIMIT: Final = 16 * 2**20
JSON_TYPE: Final[Mapping[str, str]] = MappingProxyType({"Content-Type": "application/json"})
"""The headers of a call whose body is JSON; a server need not read one without them, and ASP.NET does not."""


class Call(NamedTuple):
    """One request below the base URL; its repr leaves out what may be secret."""

    method: str
    path: str
    """Begins with a slash; what needs it is percent-encoded already."""
    purpose: str
    """What the call is for, as messages say it: "an access token"."""
    query: Pairs = ()
    form: Pairs = ()
    """A form-encoded body; empty for no body."""
    body: bytes = b""
    """Any other body; `headers` name its type."""
    once: bool = False
    """Whether the call must not be repeated once it may have been done, since doing it twice does more."""
    silent: bool = False
    """Whether the answer may be an empty body in place of JSON."""
    headers: Mapping[str, str] = MappingProxyType({})
    body_limit: int = BODY_LIMIT
    """How many bytes the answer may have at most."""

    def __repr__(self) -> str:
        return f"Call({self.method!r}, {self.path!r}, {self.purpose!r})"


class Answer(NamedTuple):
    """An answer: its status, its content type in lower case without parameters, and its whole body."""

    status: int
    content_type: str
    body: bytes
    retry_after: str = ""
    """The header of that name, as it was sent."""

    def __repr__(self) -> str:
        return f"Answer({self.status!r}, {self.content_type!r})"
