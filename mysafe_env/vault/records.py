"""The records of a local vault: one for each item, with the flags that decide what may be done with it."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from mysafe_env.items import KINDS, Grants

# Rows show no more than MySafe's do: a row of an API secret has neither tags nor identifier_code.
ROW_FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "password": ("name", "url", "username", "tags"),
    "note": ("name", "tags"),
    "secretapi": ("name",),
}
REQUIRED_FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "password": ("name", "username", "password"),
    "note": ("name", "note"),
    "secretapi": ("name", "url", "client_id"),
}
# The server makes these two itself.
WRITABLE_FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    name: tuple(field for field in kind.fields if field not in {"identifier", "token"}) for name, kind in KINDS.items()
}


class Record(NamedTuple):
    """One item as the vault keeps it."""

    kind: str
    identifier: str
    fields: Mapping[str, str]
    """The API's own fields without the identifier; a missing one is null."""
    active: bool = True
    can_view: bool = True
    can_write: bool = True
    need_justify: bool = False
    need_approval: bool = False
    users_allowed: Grants = ()
    groups_allowed: Grants = ()

    def __repr__(self) -> str:
        return f"Record({self.kind!r}, {self.identifier!r})"
