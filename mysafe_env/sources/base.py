"""The interface that every source of items has."""

from typing import Protocol

from mysafe_env.deadline import Deadline
from mysafe_env.items import Item, Row
from mysafe_env.references import Selectors


class Source(Protocol):
    """A place that items come from.

    A source only answers what it is asked. Its caller decides whether a row is the wanted one, how many may match, and
    what becomes of a missing item. The methods may be called from several threads at once where `concurrent` is true.
    """

    concurrent: bool
    """Whether calls wait for a server, so that several at once are faster."""

    def list_rows(self, kind: str, filters: Selectors, deadline: Deadline) -> tuple[Row, ...]:
        """The rows of a list, in the server's order, narrowed by the filters that the kind's table names.

        Raises `OutageError` when nothing can be had, `ItemError` when the server refuses the list.
        """
        ...

    def get_item(self, kind: str, identifier: str, deadline: Deadline) -> Item:
        """The item with the server's number *identifier*.

        Raises `NotFoundError` (1005), `NoAccessError` (1006), `InactiveError` (1009),
        `RefusedError` (1010 and other codes), or `OutageError` when nothing can be had.
        """
        ...

    def close(self) -> None:
        """Close what is open; the source can't be used any more."""
        ...
