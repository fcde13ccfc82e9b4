"""What templates are rendered with, and what variables are resolved from."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from mysafe_env.errors import SourceError
from mysafe_env.items import Item
from mysafe_env.references import Lookup
from mysafe_env.secret import Secret


class Scope(NamedTuple):
    """The values by variable, the inherited environment, and the way to items."""

    values: Mapping[str, Secret]
    environ: Mapping[str, str]
    one: Callable[[Lookup], Item]
    """Gives the item that a lookup means; raises `SourceError`."""
    many: Callable[[Lookup], tuple[Item | SourceError, ...]]
    """Gives all items that a lookup means, an error for each that can't be read.

    Raises `SourceError`, and its heir `NotFoundError` when there is none.
    """
    absent: frozenset[str] = frozenset()
    """The optional variables that have no value because nothing matches."""
