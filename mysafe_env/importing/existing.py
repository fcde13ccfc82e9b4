"""What exists at a source already, as far as it is like what is to be created.

Whether a filter of MySafe is exact is not documented, and rows may carry too little to tell (those of API secrets carry
a name only): where they do, the items are read.
"""

from collections.abc import Callable, Mapping
from typing import Final

from mysafe_env.deadline import Deadline
from mysafe_env.errors import ItemError
from mysafe_env.importing.drafts import Draft
from mysafe_env.items import Row
from mysafe_env.sources.writing import WritableSource

_TELLING: Final = {"password": "username", "secretapi": "identifier_code"}
"""By kind, the field that tells items of one name apart."""


class Existing:
    """The items of a source; each kind is listed, and each item read, once at most. *until* gives a call its deadline.

    Every method raises `OutageError`, and `ItemError` when the server refuses a list.
    """

    def __init__(self, source: WritableSource, until: Callable[[], Deadline]) -> None:
        self._source = source
        self._until = until
        self._rows: dict[str, tuple[Row, ...]] = {}
        self._items: dict[tuple[str, str], Mapping[str, str] | None] = {}

    def named(self, kind: str, name: str) -> tuple[Row, ...]:
        """The items of a name."""
        if kind not in self._rows:
            self._rows[kind] = self._source.list_rows(kind, (), self._until())
        return tuple(row for row in self._rows[kind] if row.fields.get("name") == name)

    def holders(self, code: str) -> tuple[Row, ...]:
        """The API secrets that have the identifier_code, or that are listed for it and can't be read."""
        return tuple(row for row in self._listed(code) if self._told(row, "identifier_code") in {code, None})

    def own(self, draft: Draft) -> tuple[Row, ...]:
        """The items that a create of the draft would have made: what tells items apart is the same, where it is there.

        An item that can't be read for that is none of them.
        """
        rows = self._listed(draft.code) if draft.code else self.named(draft.kind, draft.name)
        return tuple(row for row in rows if row.fields.get("name") == draft.name and self._is_like(row, draft))

    def _listed(self, code: str) -> tuple[Row, ...]:
        return self._source.list_rows("secretapi", (("identifier_code", code),), self._until())

    def _is_like(self, row: Row, draft: Draft) -> bool:
        telling = _TELLING.get(draft.kind)
        return telling is None or self._told(row, telling) in {draft.change.plain.get(telling, ""), ""}

    def _told(self, row: Row, field: str) -> str | None:
        """A field of the item: empty when it has none, None when the item can't be read."""
        if field in row.fields:
            return row.fields[field]
        item = self._item(row)
        return None if item is None else item.get(field, "")

    def _item(self, row: Row) -> Mapping[str, str] | None:
        """The fields that are not secret; None when the item can't be read."""
        key = row.kind, row.identifier
        if key not in self._items:
            try:
                self._items[key] = self._source.get_item(*key, self._until()).plain
            except ItemError:
                self._items[key] = None
        return self._items[key]
