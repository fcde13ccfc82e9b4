"""From the entities of MySafe's answers to the rows and items that all sources give."""

from typing import Final

from mysafe_env.changes import Change, Saved
from mysafe_env.errors import BadAnswerError
from mysafe_env.items import Item, Kind, Row
from mysafe_env.sources.mysafe.bodies import without_values
from mysafe_env.sources.mysafe.entities import Entity
from mysafe_env.sources.mysafe.sharing import read_sharing

# Create and update answer a password's `notes` as `note`; some server may do so on get.
_SPELLINGS: Final = {"notes": ("notes", "note")}


def read_row(kind: Kind, entity: Entity) -> Row:
    """One row; raises `BadAnswerError` when it has no identifier or no name."""
    fields = plain_fields(kind, entity)
    identifier = fields.pop("identifier", "")
    if not identifier or not fields.get("name"):
        raise BadAnswerError(
            f"a row of the list of {kind.name} items has no identifier or no name",
            "the server may be of a version that this program does not know",
        )
    return Row(
        kind=kind.name,
        identifier=identifier,
        fields=fields,
        can_view=entity.flag("can_view", missing=True),
        can_write=entity.flag("can_write"),
        need_justify=entity.flag("need_justify"),
        need_approval=entity.flag("need_approval"),
    )


def read_item(kind: Kind, identifier: str, entity: Entity) -> Item:
    """One item, under the identifier that was asked for."""
    secrets = {name: entity.secret(name) for name in kind.secret_fields}
    return Item(
        kind=kind.name,
        identifier=identifier,
        plain=plain_fields(kind, entity),
        secrets={name: secret for name, secret in secrets.items() if secret is not None},
    )


def read_saved(kind: Kind, identifier: str, entity: Entity, change: Change | None) -> Saved:
    """An item as a server answers a create or an update with that *change*; its secret fields are not even read."""
    sharing = read_sharing(entity)
    fields = plain_fields(kind, entity)
    fields.pop("identifier", None)
    return Saved(
        kind=kind.name,
        identifier=identifier,
        fields=fields,
        users_allowed=sharing.users_allowed,
        groups_allowed=sharing.groups_allowed,
        shared_error=tuple(without_values(change, words) for words in entity.notices("shared_error")),
    )


def plain_fields(kind: Kind, entity: Entity) -> dict[str, str]:
    """The fields that are not secret, as far as they were sent."""
    names = (name for name in kind.fields if name not in kind.secret_fields)
    sent = {name: entity.text(*_SPELLINGS.get(name, (name,))) for name in names}
    return {name: text for name, text in sent.items() if text is not None}
