"""References: they name items and a field, and hold no value.

The text form, `mysafe://KIND/KEY#FIELD`, is read by `mapping.grammar`.
"""

from typing import NamedTuple

Selectors = tuple[tuple[str, str], ...]


class Lookup(NamedTuple):
    """Which items of a system are meant. Equal lookups are fetched only once."""

    system: str
    """`mysafe` or `secretsafe`."""
    kind: str
    selectors: Selectors
    """Pairs of selector and wanted value, sorted; an item has to match all of them."""

    def selector(self, name: str) -> str | None:
        """The wanted value of one selector, or None."""
        return dict(self.selectors).get(name)

    def __str__(self) -> str:
        return f"{self.kind} {quoted_pairs(self.selectors)}".rstrip()


def quoted_pairs(selectors: Selectors) -> str:
    """Selectors and their values as messages show them: `name "orders db" tag "prod"`."""
    return " ".join(f'{name} "{value}"' for name, value in selectors)


class Reference(NamedTuple):
    """One field of the single item that a lookup means."""

    lookup: Lookup
    field: str

    def __str__(self) -> str:
        return f"{self.lookup}, field {self.field}"
