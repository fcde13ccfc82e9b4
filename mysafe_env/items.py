"""What is received: the three kinds of MySafe item, their rows in lists, and items themselves.

Field and filter names are those of MySafe's REST API.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from mysafe_env.secret import Secret


@dataclass(frozen=True, slots=True)
class Kind:
    """What MySafe keeps under one resource, and what can be asked of it."""

    name: str
    secret_field: str
    """The field that is meant when a mapping names none."""
    fields: tuple[str, ...]
    """Every field of an item, in the API's order."""
    secret_fields: tuple[str, ...]
    filters: tuple[str, ...]
    """What the server can filter a list by."""
    selectors: tuple[str, ...]
    """What a mapping may select by; the rest of it is compared on this side."""


PASSWORD: Final = Kind(
    name="password",
    secret_field="password",  # noqa: S106  # a field's name
    fields=("identifier", "name", "url", "username", "password", "secret_key", "token", "notes", "tags"),
    secret_fields=("password", "secret_key", "token"),
    filters=("tag", "name", "username", "url"),
    selectors=("tag", "name", "username", "url", "identifier"),
)
NOTE: Final = Kind(
    name="note",
    secret_field="note",  # noqa: S106  # a field's name
    fields=("identifier", "name", "note", "tags"),
    secret_fields=("note",),
    filters=("tag", "name"),
    selectors=("tag", "name", "identifier"),
)
SECRETAPI: Final = Kind(
    name="secretapi",
    secret_field="client_secret",  # noqa: S106  # a field's name
    fields=("identifier", "name", "url", "client_id", "client_secret", "identifier_code", "method", "tags", "notes"),
    secret_fields=("client_secret",),
    # A list of API secrets has no name filter: the documentation of both generations names these two only.
    filters=("tag", "identifier_code"),
    selectors=("identifier_code", "tag", "name", "identifier"),
)
KINDS: Final[Mapping[str, Kind]] = {kind.name: kind for kind in (PASSWORD, NOTE, SECRETAPI)}


def split_tags(tags: str) -> tuple[str, ...]:
    """The single tags of MySafe's comma-separated string."""
    return tuple(tag.strip() for tag in tags.split(",") if tag.strip())


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list: never a secret, and only the fields that the server put in it."""

    kind: str
    identifier: str
    fields: Mapping[str, str]
    can_view: bool
    can_write: bool
    need_justify: bool
    need_approval: bool


@dataclass(frozen=True, slots=True)
class Item:
    """One item as it was received; a field that the server sent as null, or not at all, is None."""

    kind: str
    identifier: str
    plain: Mapping[str, str]
    """The fields that anybody may see, as far as the server sent them."""
    secrets: Mapping[str, Secret]
    """The fields that nobody may see, as far as the server sent them."""

    def field(self, name: str) -> Secret | None:
        """The value of a field, whichever side it is on; None when it is null or missing."""
        if name in self.plain:
            return Secret(self.plain[name])
        return self.secrets.get(name)
