"""MySafe's REST API: six calls, which are the same for its three kinds of item."""

import shlex
from typing import Final
from urllib.parse import quote

from mysafe_env.changes import Change, Saved
from mysafe_env.deadline import Deadline
from mysafe_env.errors import RefusedError, UncertainError
from mysafe_env.items import Kind
from mysafe_env.references import Selectors
from mysafe_env.settings import Settings
from mysafe_env.sources.forks import PerProcess
from mysafe_env.sources.http.calls import JSON_TYPE, Answer, Call
from mysafe_env.sources.http.once import read_once
from mysafe_env.sources.mysafe.bodies import body_of
from mysafe_env.sources.mysafe.entities import (
    Entity,
    read_created,
    read_entity,
    read_list,
    read_switched,
    read_updated,
)
from mysafe_env.sources.mysafe.envelope import CREATION, Asked
from mysafe_env.sources.mysafe.oauth2 import OAuth2Client
from mysafe_env.sources.mysafe.rows import read_saved

_RESOURCES: Final = "/api/mysafe"


class MySafeApi:
    """The calls to one server; may be used from several threads, and in forked processes.

    They raise `ItemError` when MySafe refuses a call, and `OutageError` when nothing can be had from it.
    """

    def __init__(self, settings: Settings) -> None:
        self._client = PerProcess(lambda: OAuth2Client(settings))

    def entities(self, kind: Kind, filters: Selectors, deadline: Deadline) -> tuple[Entity, ...]:
        """The rows of a list, narrowed by those of *filters* that the server knows for this kind."""
        query = tuple((name, value) for name, value in filters if name in kind.filters)
        call = Call("GET", f"{_RESOURCES}/{kind.name}", str(Asked(kind.name)), query=query)
        return read_list(self._client.get().send(call, deadline), kind)

    def entity(self, kind: Kind, identifier: str, deadline: Deadline) -> Entity:
        """One item with all its fields, secret ones included."""
        path = f"{_RESOURCES}/{kind.name}/{_segment(kind, identifier)}"
        call = Call("GET", path, str(Asked(kind.name, identifier)))
        return read_entity(self._client.get().send(call, deadline), kind, identifier)

    def create(self, kind: Kind, change: Change, deadline: Deadline) -> Saved:
        """The new item. It is not sent twice: a failure after sending is `UncertainError`."""
        asked = Asked(kind.name, write=CREATION, change=change)
        path = f"{_RESOURCES}/{kind.name}"
        call = Call("POST", path, str(asked), body=body_of(change), headers=JSON_TYPE, once=True)
        try:
            answer = self._client.get().send(call, deadline)
            return read_once(answer, lambda answer: _created(kind, answer, asked))
        except UncertainError as error:
            raise _maybe_created(kind, change, error) from None

    def update(self, kind: Kind, identifier: str, change: Change, deadline: Deadline) -> Saved:
        """The changed item."""
        asked = Asked(kind.name, identifier, write="update", change=change)
        path = f"{_RESOURCES}/{kind.name}/update/{_segment(kind, identifier)}"
        call = Call("PUT", path, str(asked), body=body_of(change), headers=JSON_TYPE)
        answer = self._client.get().send(call, deadline)
        return read_saved(kind, identifier, read_updated(answer, asked), change)

    def activate(self, kind: Kind, identifier: str, deadline: Deadline) -> bool:
        """Make an item active; false when it was so already."""
        return self._switch(kind, identifier, "active", "activation", deadline)

    def deactivate(self, kind: Kind, identifier: str, deadline: Deadline) -> bool:
        """Make an item inactive; false when it was so already."""
        return self._switch(kind, identifier, "inactive", "deactivation", deadline)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _switch(self, kind: Kind, identifier: str, state: str, write: str, deadline: Deadline) -> bool:
        # Some pages print the path of passwords for API secrets: that would switch the password of the same number.
        asked = Asked(kind.name, identifier, write=write)
        call = Call("POST", f"{_RESOURCES}/{kind.name}/{state}/{_segment(kind, identifier)}", str(asked))
        return read_switched(self._client.get().send(call, deadline), asked)


def _created(kind: Kind, answer: Answer, asked: Asked) -> Saved:
    """The new item; raises `BadAnswerError` for an answer without its identifier."""
    entity = read_created(answer, asked)
    return read_saved(kind, entity.text("identifier") or "", entity, asked.change)


def _maybe_created(kind: Kind, change: Change, error: UncertainError) -> UncertainError:
    """The error with what it means for the item, and how to look for it."""
    name, code = change.plain.get("name", ""), change.plain.get("identifier_code", "")
    wanted = f"--identifier-code {shlex.quote(code)}" if code else f"--name {shlex.quote(name)}"
    return UncertainError(
        f'the {kind.name} "{name}" may have been created, or not: {error.message}',
        f"look for it before you create it again: mysafe-env list {kind.name} {wanted}",
    )


def _segment(kind: Kind, identifier: str) -> str:
    """An identifier as one segment of a path; what would be read as another path is refused here."""
    if identifier in {"", ".", ".."}:
        raise RefusedError(
            f'"{identifier}" is not an identifier of a {kind.name}',
            f"write the server's number, as shown by: mysafe-env list {kind.name}",
        )
    return quote(identifier, safe="", errors="replace")
