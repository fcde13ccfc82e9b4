"""A source in memory that counts its calls, for tests of what is asked and in which order."""

import threading
from collections.abc import Callable, Iterable, Mapping

from mysafe_env.deadline import Deadline
from mysafe_env.errors import ItemError, NotFoundError
from mysafe_env.items import KINDS, Item, Row
from mysafe_env.references import Lookup, Selectors
from mysafe_env.secret import Secret

Call = tuple[str, Selectors | str]


def item(kind: str, identifier: str, **fields: str) -> Item:
    """An item with these fields, each on the side where it belongs."""
    hidden = KINDS[kind].secret_fields
    plain = {"identifier": identifier} | {name: text for name, text in fields.items() if name not in hidden}
    return Item(kind, identifier, plain, {name: Secret(text) for name, text in fields.items() if name in hidden})


def row(
    kind: str,
    identifier: str,
    *,
    can_view: bool = True,
    need_justify: bool = False,
    need_approval: bool = False,
    **fields: str,
) -> Row:
    """A row that carries these fields."""
    return Row(
        kind,
        identifier,
        fields,
        can_view=can_view,
        can_write=True,
        need_justify=need_justify,
        need_approval=need_approval,
    )


def lookup(kind: str, **selectors: str) -> Lookup:
    """What is asked for."""
    return Lookup("mysafe", kind, tuple(sorted(selectors.items())))


class MemorySource:
    """Items, listed with the fields that *shown* names; `calls` tells what was asked."""

    def __init__(
        self,
        items: Iterable[Item],
        *,
        shown: Mapping[str, tuple[str, ...]] | None = None,
        concurrent: bool = False,
        refuse: Mapping[str, ItemError] | None = None,
        before: Callable[[Call], None] | None = None,
    ) -> None:
        self.concurrent = concurrent
        self.calls: list[Call] = []
        self._items = tuple(items)
        self._shown = shown or {
            "password": ("name", "username", "url", "tags"),
            "note": ("name", "tags"),
            "secretapi": ("name",),
        }
        self._refuse = refuse or {}
        self._before = before
        self._lock = threading.Lock()

    def list_rows(self, kind: str, filters: Selectors, deadline: Deadline) -> tuple[Row, ...]:  # noqa: ARG002  # as the interface says
        """The rows whose items match exactly."""
        self._note((kind, filters))
        found = [each for each in self._items if each.kind == kind and all(_fits(each, *pair) for pair in filters)]
        return tuple(row(kind, each.identifier)._replace(fields=self._row_fields(each)) for each in found)

    def get_item(self, kind: str, identifier: str, deadline: Deadline) -> Item:  # noqa: ARG002  # as the interface says
        """The item, or what it is refused with."""
        self._note((kind, identifier))
        if identifier in self._refuse:
            raise self._refuse[identifier]
        for each in self._items:
            if (each.kind, each.identifier) == (kind, identifier):
                return each
        raise NotFoundError(f"there is no {kind} with identifier {identifier}")

    def close(self) -> None:
        """Nothing is open."""

    def _row_fields(self, each: Item) -> dict[str, str]:
        return {name: each.plain[name] for name in self._shown[each.kind] if name in each.plain}

    def _note(self, call: Call) -> None:
        with self._lock:
            self.calls.append(call)
        if self._before:
            self._before(call)


def _fits(each: Item, name: str, wanted: str) -> bool:
    if name == "tag":
        return wanted in each.plain.get("tags", "").split(",")
    return each.plain.get(name) == wanted
