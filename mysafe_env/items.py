"""What is received: the kinds of item of both systems, their rows in lists, and items themselves.

Field and filter names are those of MySafe's REST API, and of SecretSafe's.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from mysafe_env.errors import ItemError
from mysafe_env.secret import Secret


class Kind(NamedTuple):
    """What a system keeps under one resource, and what can be asked of it."""

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
    system: str = "mysafe"
    """Whose kind it is: the scheme of its references."""
    named_fields: str = ""
    """How the names of fields begin that each item has of its own; empty where there are none."""

    def has_field(self, name: str) -> bool:
        """Whether an item of this kind may have the field."""
        own = bool(self.named_fields) and name.startswith(self.named_fields) and name != self.named_fields
        return own or name in self.fields

    def is_secret(self, name: str) -> bool:
        """Whether nobody may see the field; it is one that each item has of its own, or among those of the kind."""
        return name in self.secret_fields or name not in self.fields


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
"""The kinds of MySafe, and of the local vault."""

SECRETSAFE_ITEM: Final = Kind(
    name="item",
    # What a login and a secure note each give when no field is named.
    secret_field="password/notes",  # noqa: S106  # a field's name
    fields=(
        *("id", "name", "username", "password", "totp", "totp_code", "notes", "uri"),
        *("privateKey", "publicKey", "keyFingerprint"),
    ),
    secret_fields=("password", "totp", "totp_code", "notes", "privateKey"),
    filters=("id", "name", "collection", "folder"),
    selectors=("name", "id", "collection", "folder"),
    system="secretsafe",
    named_fields="fields.",
)
SECRETSAFE_COLLECTIONS: Final = Kind(
    name="collections",
    secret_field="id",  # noqa: S106  # a field's name
    fields=("id", "externalId"),
    secret_fields=(),
    filters=(),
    selectors=("externalId", "id"),
    system="secretsafe",
)
SECRETSAFE_MEMBERS: Final = Kind(
    name="members",
    secret_field="id",  # noqa: S106  # a field's name
    fields=("id", "userId", "name", "email", "externalId"),
    secret_fields=(),
    filters=(),
    selectors=("email", "name", "externalId", "id"),
    system="secretsafe",
)
SECRETSAFE_GROUPS: Final = Kind(
    name="groups",
    secret_field="id",  # noqa: S106  # a field's name
    fields=("id", "name", "externalId"),
    secret_fields=(),
    filters=(),
    selectors=("name", "externalId", "id"),
    system="secretsafe",
)
SECRETSAFE_KINDS: Final[Mapping[str, Kind]] = {
    kind.name: kind for kind in (SECRETSAFE_ITEM, SECRETSAFE_COLLECTIONS, SECRETSAFE_MEMBERS, SECRETSAFE_GROUPS)
}
SYSTEMS: Final[Mapping[str, Mapping[str, Kind]]] = {"mysafe": KINDS, "secretsafe": SECRETSAFE_KINDS}
"""The kinds of each system, by the scheme of its references."""
SYSTEM_NAMES: Final[Mapping[str, str]] = {"mysafe": "MySafe", "secretsafe": "SecretSafe"}
"""As messages call them."""
ALL_KINDS: Final[Mapping[str, Kind]] = {**KINDS, **SECRETSAFE_KINDS}
"""The kinds of all systems; no name stands for two of them."""


def split_tags(tags: str) -> tuple[str, ...]:
    """The single tags of MySafe's comma-separated string."""
    return tuple(tag.strip() for tag in tags.split(",") if tag.strip())


class Row(NamedTuple):
    """One line of a list: never a secret, and only the fields that the server put in it."""

    kind: str
    identifier: str
    fields: Mapping[str, str]
    can_view: bool
    can_write: bool
    need_justify: bool
    need_approval: bool
    refusal: ItemError | None = None
    """Why the item can't be read, where the list knows it."""


class Grant(NamedTuple):
    """One user or group that an item is shared with, by name: to view it, and with *can_edit* to change it as well."""

    name: str
    can_edit: bool = False


Grants = tuple[Grant, ...]


class Item(NamedTuple):
    """One item as it was received; a field that the server sent as null, or not at all, is None."""

    kind: str
    identifier: str
    plain: Mapping[str, str]
    """The fields that anybody may see, as far as the server sent them."""
    secrets: Mapping[str, Secret]
    """The fields that nobody may see, as far as the server sent them."""
    refusals: Mapping[str, ItemError] = MappingProxyType({})
    """The fields that are there and can't be had, each with the reason."""

    def field(self, name: str) -> Secret | None:
        """The value of a field, whichever side it is on; None when it is null or missing.

        Raises the `ItemError` of a field that can't be had.
        """
        if name in self.refusals:
            raise self.refusals[name]
        if name in self.plain:
            return Secret(self.plain[name])
        return self.secrets.get(name)

    def without(self, name: str) -> str:
        """What to say of a field that is null or missing."""
        kind = ALL_KINDS[self.kind]
        said = f"{self.kind} {self.identifier} has no {name}"
        if not (kind.named_fields and name.startswith(kind.named_fields)):
            return f"{said}, it is empty in {SYSTEM_NAMES[kind.system]}"
        own = sorted(each for each in (*self.plain, *self.secrets) if each.startswith(kind.named_fields))
        return f"{said}, but {', '.join(own)}" if own else f"{said}, nor any other of its own"
