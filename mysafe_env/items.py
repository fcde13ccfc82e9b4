"""What is received: the kinds of item of both systems, rows of lists, and items.

Field and filter names are those of MySafe's REST API, and of SecretSafe's.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from mysafe_env.errors import ItemError
from mysafe_env.secret import Secret


class Kind(NamedTuple):
    """One kind of item of a system: which fields it has, and what it can be found by."""

    name: str
    secret_field: str
    """The field that is meant when a mapping names none."""
    fields: tuple[str, ...]
    """Every field that all items of the kind may have, in the API's order."""
    secret_fields: tuple[str, ...]
    """Those of them that are never shown unless asked for."""
    filters: tuple[str, ...]
    """What the server can filter a list by."""
    selectors: tuple[str, ...]
    """What a mapping may select by; selectors that are no filters are compared on the client's side."""
    system: str = "mysafe"
    """The system that has the kind, which is also the scheme of its references."""
    named_fields: str = ""
    """The prefix of fields that an item may have besides these, such as `fields.`; empty where there are none."""

    def has_field(self, name: str) -> bool:
        """Whether an item of this kind may have the field."""
        own = bool(self.named_fields) and name.startswith(self.named_fields) and name != self.named_fields
        return own or name in self.fields

    def is_secret(self, name: str) -> bool:
        """Whether the field is secret, as every field is that is not one of the kind's own."""
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
"""The systems as messages call them, by the scheme of their references."""
ALL_KINDS: Final[Mapping[str, Kind]] = {**KINDS, **SECRETSAFE_KINDS}
"""The kinds of all systems; no name stands for two of them."""


def split_tags(tags: str) -> tuple[str, ...]:
    """The single tags of MySafe's comma-separated string."""
    return tuple(tag.strip() for tag in tags.split(",") if tag.strip())


class Row(NamedTuple):
    """One row of a list. It never holds a secret, and only the fields that the server sent."""

    kind: str
    identifier: str
    fields: Mapping[str, str]
    can_view: bool
    can_write: bool
    need_justify: bool
    need_approval: bool
    refusal: ItemError | None = None
    """Why the item can't be read, if that is known without asking for it."""


class Grant(NamedTuple):
    """One user or group that an item is shared with, by name: to view it, and with *can_edit* to change it as well."""

    name: str
    can_edit: bool = False


Grants = tuple[Grant, ...]


class Item(NamedTuple):
    """One item as it was received. A field that the server sent as null, or not at all, is in none of the mappings."""

    kind: str
    identifier: str
    plain: Mapping[str, str]
    """The fields that are not secret."""
    secrets: Mapping[str, Secret]
    """The secret fields."""
    refusals: Mapping[str, ItemError] = MappingProxyType({})
    """The fields that the item has and that can't be read, each with the reason."""

    def field(self, name: str) -> Secret | None:
        """The value of a field, secret or not; None when it is null or missing.

        Raises the `ItemError` of a field that can't be read.
        """
        if name in self.refusals:
            raise self.refusals[name]
        if name in self.plain:
            return Secret(self.plain[name])
        return self.secrets.get(name)

    def without(self, name: str) -> str:
        """The message for a field that is null or missing."""
        kind = ALL_KINDS[self.kind]
        said = f"{self.kind} {self.identifier} has no {name}"
        if not (kind.named_fields and name.startswith(kind.named_fields)):
            return f"{said}, it is empty in {SYSTEM_NAMES[kind.system]}"
        own = sorted(each for each in (*self.plain, *self.secrets) if each.startswith(kind.named_fields))
        return f"{said}, but {', '.join(own)}" if own else f"{said}, nor any other of its own"
