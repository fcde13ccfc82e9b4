"""MySafe's items as the Python client returns them.

Field names are the API's. A field that the server sent as null, or not at all, is None.
"""

from dataclasses import dataclass

from mysafe_env.items import Grants, split_tags
from mysafe_env.secret import Secret
from mysafe_env.sources.mysafe.entities import Entity
from mysafe_env.sources.mysafe.sharing import read_grants


@dataclass(frozen=True, slots=True)
class Password:
    """A password with its account."""

    identifier: str
    name: str | None
    url: str | None
    username: str | None
    password: Secret | None
    secret_key: Secret | None
    """The TOTP seed, in base32."""
    token: Secret | None
    """The TOTP code of the moment, computed by the server from the seed."""
    notes: str | None
    tags: tuple[str, ...]
    users_allowed: Grants
    groups_allowed: Grants


@dataclass(frozen=True, slots=True)
class Note:
    """A secret text."""

    identifier: str
    name: str | None
    note: Secret | None
    tags: tuple[str, ...]
    users_allowed: Grants
    groups_allowed: Grants


@dataclass(frozen=True, slots=True)
class ApiSecret:
    """The credentials of an application at some API."""

    identifier: str
    name: str | None
    url: str | None
    client_id: str | None
    client_secret: Secret | None
    identifier_code: str | None
    """The code that its owner chose; unlike a name it is unique."""
    method: str | None
    """The HTTP verb to use the secret with, in the owner's spelling."""
    tags: tuple[str, ...]
    notes: str | None
    users_allowed: Grants
    groups_allowed: Grants


def read_password(identifier: str, entity: Entity) -> Password:
    """A password, under the identifier that was asked for."""
    return Password(
        identifier=identifier,
        name=entity.text("name"),
        url=entity.text("url"),
        username=entity.text("username"),
        password=entity.secret("password"),
        secret_key=entity.secret("secret_key"),
        token=entity.secret("token"),
        notes=entity.text("notes", "note"),
        tags=_tags(entity),
        users_allowed=read_grants(entity, "users_allowed"),
        groups_allowed=read_grants(entity, "groups_allowed"),
    )


def read_note(identifier: str, entity: Entity) -> Note:
    """A note, under the identifier that was asked for."""
    return Note(
        identifier=identifier,
        name=entity.text("name"),
        note=entity.secret("note"),
        tags=_tags(entity),
        users_allowed=read_grants(entity, "users_allowed"),
        groups_allowed=read_grants(entity, "groups_allowed"),
    )


def read_api_secret(identifier: str, entity: Entity) -> ApiSecret:
    """An API secret, under the identifier that was asked for."""
    return ApiSecret(
        identifier=identifier,
        name=entity.text("name"),
        url=entity.text("url"),
        client_id=entity.text("client_id"),
        client_secret=entity.secret("client_secret"),
        identifier_code=entity.text("identifier_code"),
        method=entity.text("method"),
        tags=_tags(entity),
        notes=entity.text("notes", "note"),
        users_allowed=read_grants(entity, "users_allowed"),
        groups_allowed=read_grants(entity, "groups_allowed"),
    )


def _tags(entity: Entity) -> tuple[str, ...]:
    return split_tags(entity.text("tags") or "")
