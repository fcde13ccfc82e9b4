"""What a create or an update sends to a source, and the item that comes back.

Field names are those of MySafe's REST API.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from mysafe_env.items import Grants
from mysafe_env.secret import Secret


class Sharing(NamedTuple):
    """Whom an item is shared with."""

    users_allowed: Grants
    groups_allowed: Grants


class Change(NamedTuple):
    """The fields to write; a field that is not named stays as it is.

    A kind of sharing that is None stays as well; an empty one ends it.
    """

    plain: Mapping[str, str] = MappingProxyType({})
    secrets: Mapping[str, Secret] = MappingProxyType({})
    users_allowed: Grants | None = None
    groups_allowed: Grants | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing would change."""
        sharing = (self.users_allowed, self.groups_allowed)
        return not self.plain and not self.secrets and all(grants is None for grants in sharing)


class Saved(NamedTuple):
    """An item as a create or an update answers it, without its secrets."""

    kind: str
    identifier: str
    fields: Mapping[str, str]
    """The fields that are not secret, as far as the answer has them."""
    users_allowed: Grants = ()
    groups_allowed: Grants = ()
    shared_error: tuple[str, ...] = ()
    """Why the saved item could not be shared as asked, in the server's words, whose shape is not documented."""
