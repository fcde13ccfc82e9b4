"""What a file to import asks for: items to be created, and variables that need no item."""

from collections.abc import Mapping
from dataclasses import dataclass

from mysafe_env.changes import Change
from mysafe_env.items import Grants


@dataclass(frozen=True, slots=True)
class Draft:
    """One item to create."""

    number: int
    """The row of the file, counted from 1."""
    kind: str
    variable: str
    """The environment variable that is to hold its secret; empty when it has none."""
    change: Change

    @property
    def name(self) -> str:
        """The item's name."""
        return self.change.plain["name"]

    @property
    def code(self) -> str:
        """The item's identifier_code; empty when it has none."""
        return self.change.plain.get("identifier_code", "")

    @property
    def identity(self) -> tuple[str, ...]:
        """What tells the item from others of a list: its unique code, or its name and, for a password, its username."""
        if self.code:
            return self.kind, "identifier_code", self.code
        return self.kind, "name", self.name, self.change.plain.get("username", "")


@dataclass(frozen=True, slots=True)
class Kept:
    """A variable without an item: its text, which is empty or a reference, goes into the mapping."""

    variable: str
    text: str


@dataclass(frozen=True, slots=True)
class Defaults:
    """The values for rows that say nothing else."""

    kind: str
    prefix: str = ""
    """Stands before the names and identifier_codes of all items."""
    plain: Mapping[str, str] | None = None
    users_allowed: Grants = ()
    groups_allowed: Grants = ()


Entry = Draft | Kept
