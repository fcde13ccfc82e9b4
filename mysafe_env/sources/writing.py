"""The interface of sources whose items can be changed."""

from typing import Protocol

from mysafe_env.changes import Change, Saved, Sharing
from mysafe_env.deadline import Deadline
from mysafe_env.sources.base import Source


class WritableSource(Source, Protocol):
    """A source of items that can be created, updated, activated and deactivated; MySafe deletes nothing.

    Every method raises `NoAccessError` (1006), `RefusedError` (1001, 1010) and `OutageError`; all but `create`
    raise `NotFoundError` (1005).
    """

    def sharing(self, kind: str, identifier: str, deadline: Deadline) -> Sharing:
        """Whom the item is shared with now; raises `InactiveError` (1009), too, since it gets the item."""
        ...

    def create(self, kind: str, change: Change, deadline: Deadline) -> Saved:
        """The new item, which is sent only once.

        Raises `UncertainError` when nobody can know whether it was created, `TakenError` when another API secret
        has its identifier_code, and `UsageError`, before anything is sent, for fields that no server would take.
        """
        ...

    def update(self, kind: str, identifier: str, change: Change, deadline: Deadline) -> Saved:
        """The changed item; raises `TakenError` and `UsageError` as `create` does."""
        ...

    def activate(self, kind: str, identifier: str, deadline: Deadline) -> bool:
        """Make the item active; false when it was so already."""
        ...

    def deactivate(self, kind: str, identifier: str, deadline: Deadline) -> bool:
        """Make the item inactive; false when it was so already."""
        ...
