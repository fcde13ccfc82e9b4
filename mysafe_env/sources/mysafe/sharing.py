"""The users and groups that an item is shared with, as MySafe's answers list them."""

from mysafe_env.changes import Sharing
from mysafe_env.errors import BadAnswerError
from mysafe_env.items import Grant, Grants
from mysafe_env.sources.mysafe.entities import Entity


def read_sharing(entity: Entity) -> Sharing:
    """Whom an item is shared with."""
    return Sharing(read_grants(entity, "users_allowed"), read_grants(entity, "groups_allowed"))


def read_grants(entity: Entity, name: str) -> Grants:
    """The grants that one field of an item lists."""
    return tuple(_grant(entry, name) for entry in entity.entities(name))


def _grant(entry: Entity, listed_in: str) -> Grant:
    # A user is `name` in answers to get and `username` elsewhere; one page of get says `can_write`.
    name = entry.text("name", "username")
    if not name:
        raise BadAnswerError(
            f"an entry of {listed_in} names nobody", "the server may be of a version that this program does not know"
        )
    return Grant(name, entry.flag("can_edit", "can_write"))
