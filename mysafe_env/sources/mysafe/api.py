"""The two calls that read MySafe, list and get, the same for its three kinds of item."""

from typing import Final
from urllib.parse import quote

from mysafe_env.deadline import Deadline
from mysafe_env.errors import RefusedError
from mysafe_env.items import Kind
from mysafe_env.references import Selectors
from mysafe_env.settings import Settings
from mysafe_env.sources.http import Call
from mysafe_env.sources.mysafe.errors import Asked
from mysafe_env.sources.mysafe.wire import Entity, read_entity, read_list
from mysafe_env.sources.oauth2 import OAuth2Client

_RESOURCES: Final = "/api/mysafe"


class MySafeApi:
    """The read half of MySafe's REST API; may be used from several threads."""

    def __init__(self, settings: Settings) -> None:
        self._client = OAuth2Client(settings)

    def entities(self, kind: Kind, filters: Selectors, deadline: Deadline) -> tuple[Entity, ...]:
        """The rows of a list, narrowed by those of *filters* that the server knows for this kind."""
        query = tuple((name, value) for name, value in filters if name in kind.filters)
        call = Call("GET", f"{_RESOURCES}/{kind.name}", str(Asked(kind.name)), query=query)
        return read_list(self._client.send(call, deadline), kind)

    def entity(self, kind: Kind, identifier: str, deadline: Deadline) -> Entity:
        """One item with all its fields, secret ones included."""
        path = f"{_RESOURCES}/{kind.name}/{_segment(kind, identifier)}"
        call = Call("GET", path, str(Asked(kind.name, identifier)))
        return read_entity(self._client.send(call, deadline), kind, identifier)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()


def _segment(kind: Kind, identifier: str) -> str:
    """An identifier as one segment of a path; what would be read as another path is refused here."""
    if identifier in {"", ".", ".."}:
        raise RefusedError(
            f'"{identifier}" is not an identifier of a {kind.name}',
            f"write the server's number, as shown by: mysafe-env list {kind.name}",
        )
    return quote(identifier, safe="", errors="replace")
