"""A local vault as a source of items."""

from mysafe_env.deadline import Deadline
from mysafe_env.items import KINDS, Item, Row
from mysafe_env.references import Selectors
from mysafe_env.secret import Secret
from mysafe_env.sources.domain_codes import item_error
from mysafe_env.vault.reader import read_vault
from mysafe_env.vault.records import ROW_FIELDS, Record
from mysafe_env.vault.store import Vault, VaultRefusal


def open_local(path: str, named_by: str = "") -> "LocalSource":
    """The source over a vault file, which a setting names; raises `VaultFileError`."""
    return LocalSource(read_vault(path, named_by=named_by))


class LocalSource:
    """Answers as the MySafe source does, but from memory; nothing waits, so deadlines do not matter."""

    concurrent = False

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def list_rows(self, kind: str, filters: Selectors, deadline: Deadline) -> tuple[Row, ...]:  # noqa: ARG002  # as the interface says
        """The rows that MySafe would list, with the fields that MySafe's rows have."""
        return tuple(_row(record) for record in self._vault.list(kind, filters))

    def get_item(self, kind: str, identifier: str, deadline: Deadline) -> Item:  # noqa: ARG002  # as the interface says
        """The item; refusals are the errors that a MySafe server's codes become."""
        try:
            record = self._vault.get(kind, identifier)
        except VaultRefusal as refusal:
            raise item_error(refusal.code, refusal.text, kind, identifier) from None
        return _item(record)

    def close(self) -> None:
        """Nothing: the file was read, and is not open."""


def _row(record: Record) -> Row:
    shown = {name: record.fields[name] for name in ROW_FIELDS[record.kind] if name in record.fields}
    return Row(
        record.kind,
        record.identifier,
        shown,
        can_view=record.can_view,
        can_write=record.can_write,
        need_justify=record.need_justify,
        need_approval=record.need_approval,
    )


def _item(record: Record) -> Item:
    hidden = KINDS[record.kind].secret_fields
    plain = {name: text for name, text in record.fields.items() if name not in hidden}
    secrets = {name: Secret(text) for name, text in record.fields.items() if name in hidden}
    return Item(record.kind, record.identifier, {"identifier": record.identifier, **plain}, secrets)
