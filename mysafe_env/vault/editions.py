"""The two generations of MySafe's documentation (v3-32, and v3-33 with v4), as far as their rules differ."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from mysafe_env.items import KINDS
from mysafe_env.vault.records import REQUIRED_FIELDS


class Edition(NamedTuple):
    """The rules of one generation of pages."""

    name: str
    filters: Mapping[str, tuple[str, ...]]
    """By kind, what a list can be narrowed by; anything else is ignored."""
    required: Mapping[str, tuple[str, ...]]
    """By kind, what a create must have."""
    note_limit: int | None
    """Characters that MySafe takes in a note."""
    checks_identifiers: bool
    """Whether an identifier that is no number is refused as such (1010), not as unknown (1005)."""
    taken: str
    """The words for an identifier_code that another API secret has."""


V3_33: Final = Edition(
    "v3-33",
    filters={name: kind.filters for name, kind in KINDS.items()},
    required=REQUIRED_FIELDS,
    note_limit=900,
    checks_identifiers=True,
    taken="Identifier already found in another API key of this user",
)
V3_32: Final = Edition(
    "v3-32",
    filters={"password": ("tag",), "note": ("tag",), "secretapi": ("tag", "identifier_code")},
    required={**REQUIRED_FIELDS, "secretapi": ("name", "url", "client_id", "client_secret")},
    note_limit=None,
    checks_identifiers=False,
    taken="'Identifier' already found in another API key of this user",
)
EDITIONS: Final[Mapping[str, Edition]] = {edition.name: edition for edition in (V3_33, V3_32)}
