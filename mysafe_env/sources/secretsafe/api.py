"""The organisation API: members, groups, collections, policies, events and import, as JSON documents."""

import json
import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Final
from urllib.parse import quote

from mysafe_env.deadline import Deadline
from mysafe_env.errors import BadAnswerError, NotFoundError, RefusedError, SettingsError, UncertainError
from mysafe_env.sources.forks import PerProcess
from mysafe_env.sources.http.calls import JSON_TYPE, Answer, Call, Pairs
from mysafe_env.sources.http.once import read_once
from mysafe_env.sources.secretsafe.answers import accepted, expect_done, read_document
from mysafe_env.sources.secretsafe.document import Document, read_json
from mysafe_env.sources.secretsafe.operations import OPERATIONS
from mysafe_env.sources.secretsafe.session import Session
from mysafe_env.sources.secretsafe.settings import SecretSafeSettings

Fields = Mapping[str, object]

_SCOPE: Final = (("scope", "api.organization"),)
_SPEC_PATH: Final = "/specs/public/swagger.json"
_SINGULAR: Final = {
    "members": "member",
    "groups": "group",
    "collections": "collection",
    "policies": "policy",
    "events": "event",
}
_CUSTOM_MEMBER: Final = 4
_NOT_FOUND: Final = 404
_NOUNS: Final = {"delete": "deletion", "reinvite": "invitation", "revoke": "revocation", "restore": "restoration"}
# A second invitation by mail is one too many, as a second group would be.
_ONCE: Final = frozenset({"create", "reinvite"})
# Of members and groups, by servers before mid-2024; later ones ignore it.
_REQUIRED: Final = {"accessAll": False}
# What the answers of all servers hold, whatever their age: a list, one object, the subscription (one or both).
_LIST: Final = ("data",)
_KEYS: Final = {"members": ("id",), "groups": ("id",), "collections": ("id",), "policies": ("type",)}
_PRODUCTS: Final = ("passwordManager", "secretsManager")
# What a list of ids is called, in paths with a dash and in bodies in camelCase.
_IDS: Final = {"members": "groupIds", "groups": "memberIds"}


class OrganizationApi:
    """Calls to one organisation; may be used from several threads, and in forked processes.

    Raises `SettingsError` for a key that is not an organisation's. Every call raises `OutageError`, those with an id
    `NotFoundError`, and those that change something `RefusedError` with the server's own words.
    """

    def __init__(self, settings: SecretSafeSettings) -> None:
        if not settings.is_organization:
            raise SettingsError(
                "the organisation API wants an organisation's key, and SECRETSAFE_CLIENT_ID is a person's (user.)",
                "set SECRETSAFE_CLIENT_ID and SECRETSAFE_CLIENT_SECRET to the key of the organisation",
            )
        self._session = PerProcess(lambda: Session(settings, _SCOPE))

    def list_all(self, resource: str, deadline: Deadline) -> tuple[Document, ...]:
        """Everything of one resource but events; the server sends it in one piece."""
        purpose = f"the list of {resource}"
        answer = self._send(resource, "list", "", purpose, deadline)
        return read_document(answer, purpose, holds=_LIST).documents("data")

    def get(self, resource: str, identifier: str, deadline: Deadline) -> Document:
        """One member, group or collection by its id, or a policy by its number."""
        thing = _named(resource, identifier)
        answer = self._send(resource, "get", identifier, thing, deadline)
        return read_document(answer, thing, thing=thing, holds=_KEYS[resource])

    def create(self, resource: str, fields: Fields, deadline: Deadline) -> Document:
        """A new member or group; it is sent once, and `UncertainError` says that nobody knows whether it arrived."""
        purpose = f"a new {_SINGULAR[resource]}"
        body = {**_REQUIRED, **fields}
        try:
            answer = self._send(resource, "create", "", purpose, deadline, body=body)
            return read_once(answer, lambda answer: read_document(answer, purpose, holds=_KEYS[resource]))
        except UncertainError as error:
            raise _maybe_created(resource, fields, error) from None

    def update(self, resource: str, identifier: str, changes: Fields, deadline: Deadline) -> Document:
        """The changed object. A PUT resets what it leaves out, so the object is read, changed and written back."""
        before = self._before(resource, identifier, deadline)
        if changes.get("type", _CUSTOM_MEMBER) != _CUSTOM_MEMBER:
            # Only a custom member may have any.
            before["permissions"] = None
        body = {**before, **changes}
        thing = _named(resource, identifier)
        purpose = f"the update of {thing}"
        answer = self._send(resource, "update", identifier, purpose, deadline, body=body)
        return read_document(answer, purpose, thing=thing, holds=_KEYS[resource])

    def delete(self, resource: str, identifier: str, deadline: Deadline) -> None:
        """Delete a member (the person's account stays), a group or a collection."""
        self.act(resource, "delete", identifier, deadline)

    def act(self, resource: str, verb: str, identifier: str, deadline: Deadline) -> None:
        """Make a call that neither sends nor answers anything: delete, reinvite, revoke or restore.

        An invitation is sent once, and raises `UncertainError` as `create` does.
        """
        thing = _named(resource, identifier)
        purpose = f"the {_NOUNS[verb]} of {thing}"
        read = partial(expect_done, purpose=purpose, thing=thing)
        try:
            answer = self._send(resource, verb, identifier, purpose, deadline)
            read_once(answer, read) if verb in _ONCE else read(answer)
        except UncertainError as error:
            raise _maybe_invited(identifier, error) from None

    def ids(self, resource: str, identifier: str, deadline: Deadline) -> tuple[str, ...]:
        """The ids of a member's groups, or of a group's members."""
        other = "groups" if resource == "members" else "members"
        thing = _named(resource, identifier)
        purpose = f"the {other} of {thing}"
        answer = accepted(self._send(resource, other, identifier, purpose, deadline), purpose, thing=thing)
        found = read_json(answer, purpose)
        if not isinstance(found, list):
            raise BadAnswerError(f"the answer for {purpose} is not a list", "check SECRETSAFE_URL")
        return tuple(str(each) for each in found)

    def set_ids(self, resource: str, identifier: str, ids: Sequence[str], deadline: Deadline) -> None:
        """Replace the ids of a member's groups, or of a group's members."""
        verb = "set-groups" if resource == "members" else "set-members"
        thing = _named(resource, identifier)
        purpose = f"the {_IDS[resource]} of {thing}"
        body = {_IDS[resource]: list(ids)}
        answer = self._send(resource, verb, identifier, purpose, deadline, body=body)
        expect_done(answer, purpose, thing=thing)

    def events(self, filters: Pairs, until: Callable[[], Deadline]) -> Iterator[Document]:
        """The event log, newest first, page by page as it is asked for; *until* gives each its deadline.

        *filters* are the API's: start and end (both or none), actingUserId, itemId.
        """
        seen: set[str] = set()
        token: str | None = ""
        while token is not None:
            following = (("continuationToken", token),) if token else ()
            answer = self._send("events", "list", "", "events", until(), query=filters + following)
            page = read_document(answer, "events", holds=_LIST)
            yield from page.documents("data")
            token = page.text("continuationToken") or None
            if token in seen:
                raise BadAnswerError(
                    "the list of events does not end: a page is named twice", "ask who runs the server"
                )
            seen.add(token or "")

    def import_directory(self, directory: Fields, deadline: Deadline) -> None:
        """Create, update and remove members and groups as a directory has them."""
        # A null array is an internal error of the server.
        body = {"groups": [], "members": [], "overwriteExisting": False, "largeImport": False, **directory}
        expect_done(self._send("organization", "import", "", "the import", deadline, body=body), "the import")

    def subscription(self, deadline: Deadline) -> Document:
        """What the organisation pays for; `NotFoundError` from self-hosted servers, which have no subscription."""
        purpose = "the subscription"
        answer = self._send("organization", "subscription", "", purpose, deadline)
        if answer.status == _NOT_FOUND:
            raise NotFoundError(
                "this server tells no subscription (status 404)",
                "only SecretSafe's cloud has one, since the end of 2024; a server of one's own has a licence instead",
            )
        return read_document(answer, purpose, holds=_PRODUCTS)

    def spec(self, deadline: Deadline) -> bytes:
        """The server's own OpenAPI description, as it was sent; it is published without a login."""
        purpose = "the server's swagger.json"
        return accepted(self._session.get().send_openly(Call("GET", _SPEC_PATH, purpose), deadline), purpose).body

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def _before(self, resource: str, identifier: str, deadline: Deadline) -> dict[str, object]:
        """The properties that a PUT starts from: those that the object has now."""
        try:
            before = self.get(resource, identifier, deadline).to_json()
        except NotFoundError:
            if resource == "policies":
                # One that was never set can't be read, and can be set.
                return {"data": None}
            raise
        if resource == "members":
            # The only property that an update knows and an answer lacks.
            before["groups"] = self.ids(resource, identifier, deadline)
        return {**_REQUIRED, **before} if resource in _IDS else before

    def _send(  # noqa: PLR0913  # what a call is made of
        self,
        resource: str,
        verb: str,
        identifier: str,
        purpose: str,
        deadline: Deadline,
        *,
        body: Fields | None = None,
        query: Pairs = (),
    ) -> Answer:
        operation = OPERATIONS[resource][verb]
        call = Call(
            operation.method,
            operation.path.replace("{id}", _segment(identifier)) if "{id}" in operation.path else operation.path,
            purpose,
            query=query,
            body=b"" if body is None else json.dumps(body).encode(),
            once=verb in _ONCE,
            silent=operation.method != "GET",
            headers={} if body is None else JSON_TYPE,
        )
        return self._session.get().send(call, deadline)


def _named(resource: str, identifier: str) -> str:
    return f"{_SINGULAR[resource]} {identifier}"


def _maybe_created(resource: str, fields: Fields, error: UncertainError) -> UncertainError:
    """The error with what it means for the member or group, and how to look for it."""
    return UncertainError(
        f'the {_SINGULAR[resource]} "{fields.get("email") or fields.get("name")}" may have been created, or not: '
        f"{error.message}",
        f"look for it before you create it again: mysafe-env secretsafe {resource} list",
    )


def _maybe_invited(identifier: str, error: UncertainError) -> UncertainError:
    """The error with what it means for the member, and what to do before another mail is sent."""
    return UncertainError(
        f"member {identifier} may have been invited again, or not: {error.message}",
        "ask whether the mail came, or see whether it was accepted, before you send another: "
        f"mysafe-env secretsafe members get {shlex.quote(identifier)}",
    )


def _segment(identifier: str) -> str:
    """An id as one segment of a path; what would be read as another path is refused here."""
    if identifier in {"", ".", ".."}:
        raise RefusedError(f'"{identifier}" is no id', "write the id as a list shows it")
    return quote(identifier, safe="")
