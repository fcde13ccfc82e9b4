"""The names of the folders, or of the collections, of a sync."""

from collections.abc import Iterable

from mysafe_env.crypto.encstring import CipherError
from mysafe_env.errors import BadAnswerError
from mysafe_env.sources.secretsafe.account import AccountKeys
from mysafe_env.sources.secretsafe.document import Document


class Labels:
    """The decrypted names by id: of collections, which an organisation's key encrypts, or of the account's folders."""

    def __init__(self, entries: Iterable[Document], keys: AccountKeys) -> None:
        self._names = {each.identifier: _name(each, keys) for each in entries}

    def names(self, identifiers: Iterable[str]) -> tuple[str | None, ...]:
        """The names of folders or collections; None for one that can't be read, and so can't be selected by."""
        # An entry without an id may be that of any id which no other entry has.
        there = (each for each in identifiers if each in self._names or None in self._names)
        return tuple(self._names.get(each) for each in there)


def _name(document: Document, keys: AccountKeys) -> str | None:
    try:
        return keys.text(document.required("name"), document.text("organizationId"))
    except (CipherError, BadAnswerError):
        return None
