"""The vault in memory: MySafe's items, and what MySafe answers to calls for them."""

import time
from _thread import allocate_lock  # the module `threading` is slow to import, and offers the same lock
from collections.abc import Iterable, Mapping
from typing import Final

from mysafe_env.items import KINDS, Grants, split_tags
from mysafe_env.references import Selectors
from mysafe_env.vault import totp
from mysafe_env.vault.editions import V3_33, Edition
from mysafe_env.vault.records import Record

_NOT_FOUND: Final = {"password": "Password not found", "note": "Note not found", "secretapi": "API secret not found"}
_INACTIVE: Final = {"password": "Inactive password", "note": "Inactive note", "secretapi": "Inactive api secret"}


class VaultRefusal(Exception):  # noqa: N818  # an answer of MySafe's, not a failure
    """A call that MySafe refuses: its domain code, and its text, which begins with the code."""

    def __init__(self, code: int, text: str) -> None:
        self.code = code
        self.text = f"{code}: {text}"
        super().__init__(self.text)


class Vault:
    """Items of all kinds. Every method may be called from several threads at once.

    What MySafe refuses raises `VaultRefusal`: 1001 a field is missing, too long or taken; 1005 there is no such
    item; 1006 no access; 1009 deactivated; 1010 the identifier is not a number.
    The rules are those of an edition of MySafe's documentation.
    """

    def __init__(self, records: Iterable[Record] = (), edition: Edition = V3_33) -> None:
        self.edition = edition
        self._lock = allocate_lock()
        self._records: dict[str, dict[str, Record]] = {kind: {} for kind in KINDS}
        for record in records:
            self._records[record.kind][record.identifier] = record
        # A thousand lookups would else each go through a thousand records. Made when needed, void after a change.
        self._indexes: dict[tuple[str, str], dict[str | None, list[Record]]] = {}

    def list(self, kind: str, filters: Selectors = ()) -> tuple[Record, ...]:
        """The records that match every filter that MySafe has for this kind, inactive ones included.

        A filter matches the whole text; `tag` matches one of the item's tags. Others are ignored, as by the server.
        """
        wanted = [(name, value) for name, value in filters if name in self.edition.filters[kind]]
        with self._lock:
            records = tuple(self._candidates(kind, wanted))
        return tuple(record for record in records if all(_matches(record, name, value) for name, value in wanted))

    def get(self, kind: str, identifier: str) -> Record:
        """The record, with the one-time code of now when it has a seed and no `token` of its own."""
        with self._lock:
            record = self._find(kind, identifier)
        if not record.can_view or record.need_justify or record.need_approval:
            raise _no_access()
        if not record.active:
            raise VaultRefusal(1009, _INACTIVE[kind])
        return _with_token(record)

    def create(
        self,
        kind: str,
        fields: Mapping[str, str],
        users_allowed: Grants = (),
        groups_allowed: Grants = (),
    ) -> Record:
        """The new record, which its creator may read and write."""
        for name in self.edition.required[kind]:
            if not fields.get(name):
                raise VaultRefusal(1001, f"Parameter '{name}' was not informed!")
        with self._lock:
            identifier = self._next_identifier(kind)
            self._check_fields(kind, identifier, fields)
            record = Record(kind, identifier, dict(fields), users_allowed=users_allowed, groups_allowed=groups_allowed)
            self._put(record)
        return record

    def update(
        self,
        kind: str,
        identifier: str,
        fields: Mapping[str, str],
        users_allowed: Grants | None = None,
        groups_allowed: Grants | None = None,
    ) -> Record:
        """The changed record. What is not given stays; an empty tuple ends that kind of sharing."""
        with self._lock:
            record = self._find_writable(kind, identifier)
            self._check_fields(kind, identifier, fields)
            changed = record._replace(
                fields={**record.fields, **fields},
                users_allowed=record.users_allowed if users_allowed is None else users_allowed,
                groups_allowed=record.groups_allowed if groups_allowed is None else groups_allowed,
            )
            self._put(changed)
        return changed

    def activate(self, kind: str, identifier: str) -> bool:
        """Make an item active; false when it was so already."""
        return self._set_active(kind, identifier, active=True)

    def deactivate(self, kind: str, identifier: str) -> bool:
        """Make an item inactive; false when it was so already."""
        return self._set_active(kind, identifier, active=False)

    def _set_active(self, kind: str, identifier: str, *, active: bool) -> bool:
        with self._lock:
            record = self._find_writable(kind, identifier)
            self._put(record._replace(active=active))
        return record.active != active

    def _put(self, record: Record) -> None:
        self._records[record.kind][record.identifier] = record
        self._indexes.clear()

    def _candidates(self, kind: str, wanted: Iterable[tuple[str, str]]) -> Iterable[Record]:
        """The records that match the first of the filters for a whole field, if there is one."""
        records = self._records[kind].values()
        first = next(((name, value) for name, value in wanted if name != "tag"), None)
        if first is None:
            return records
        name, value = first
        if (kind, name) not in self._indexes:
            index: dict[str | None, list[Record]] = {}
            for record in records:
                index.setdefault(record.fields.get(name), []).append(record)
            self._indexes[kind, name] = index
        return self._indexes[kind, name].get(value, ())

    def _find(self, kind: str, identifier: str) -> Record:
        if self.edition.checks_identifiers and not (identifier.isascii() and identifier.isdigit()):
            raise VaultRefusal(1010, "Unexpected identifier type")
        record = self._records[kind].get(identifier)
        if record is None:
            raise VaultRefusal(1005, _NOT_FOUND[kind])
        return record

    def _find_writable(self, kind: str, identifier: str) -> Record:
        record = self._find(kind, identifier)
        if not record.can_write:
            raise _no_access()
        return record

    def _next_identifier(self, kind: str) -> str:
        return str(max(map(int, self._records[kind]), default=0) + 1)

    def _check_fields(self, kind: str, identifier: str, fields: Mapping[str, str]) -> None:
        limit = self.edition.note_limit
        if limit is not None and len(fields.get("note", "")) > limit:
            raise VaultRefusal(1001, f"Parameter note limited to {limit} characters")
        code = fields.get("identifier_code")
        others = (record for record in self._records[kind].values() if record.identifier != identifier)
        if code and any(record.fields.get("identifier_code") == code for record in others):
            raise VaultRefusal(1001, self.edition.taken)


def _no_access() -> VaultRefusal:
    return VaultRefusal(1006, "User does not have access")


def _matches(record: Record, name: str, value: str) -> bool:
    if name == "tag":
        return value in split_tags(record.fields.get("tags", ""))
    return record.fields.get(name) == value


def _with_token(record: Record) -> Record:
    seed = record.fields.get("secret_key", "")
    if "token" in record.fields or not totp.is_seed(seed):
        return record
    return record._replace(fields={**record.fields, "token": totp.code_at(seed, time.time())})
