"""A MySafe server as a source of items that can be changed: a `Source` and a `WritableSource`."""

from mysafe_env.changes import Change, Saved, Sharing
from mysafe_env.deadline import Deadline
from mysafe_env.items import KINDS, Item, Row
from mysafe_env.references import Selectors
from mysafe_env.settings import Settings
from mysafe_env.sources.mysafe.api import MySafeApi
from mysafe_env.sources.mysafe.rows import read_item, read_row
from mysafe_env.sources.mysafe.sharing import read_sharing


class MySafeSource:
    """Items of a MySafe server; raises `SettingsError` when the connection settings are incomplete."""

    concurrent = True

    def __init__(self, settings: Settings) -> None:
        self._api = MySafeApi(settings)

    def list_rows(self, kind: str, filters: Selectors, deadline: Deadline) -> tuple[Row, ...]:
        """The rows of a list; see `Source.list_rows`."""
        wanted = KINDS[kind]
        return tuple(read_row(wanted, entity) for entity in self._api.entities(wanted, filters, deadline))

    def get_item(self, kind: str, identifier: str, deadline: Deadline) -> Item:
        """One item; see `Source.get_item`."""
        wanted = KINDS[kind]
        return read_item(wanted, identifier, self._api.entity(wanted, identifier, deadline))

    def sharing(self, kind: str, identifier: str, deadline: Deadline) -> Sharing:
        """Whom an item is shared with; see `WritableSource.sharing`."""
        return read_sharing(self._api.entity(KINDS[kind], identifier, deadline))

    def create(self, kind: str, change: Change, deadline: Deadline) -> Saved:
        """The new item; see `WritableSource.create`."""
        return self._api.create(KINDS[kind], change, deadline)

    def update(self, kind: str, identifier: str, change: Change, deadline: Deadline) -> Saved:
        """The changed item; see `WritableSource.update`."""
        return self._api.update(KINDS[kind], identifier, change, deadline)

    def activate(self, kind: str, identifier: str, deadline: Deadline) -> bool:
        """Whether the item became active just now; see `WritableSource.activate`."""
        return self._api.activate(KINDS[kind], identifier, deadline)

    def deactivate(self, kind: str, identifier: str, deadline: Deadline) -> bool:
        """Whether the item became inactive just now; see `WritableSource.deactivate`."""
        return self._api.deactivate(KINDS[kind], identifier, deadline)

    def close(self) -> None:
        """Close the connections."""
        self._api.close()
