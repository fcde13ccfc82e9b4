"""The vault of one account: one login and one sync, and every item decrypted here when it is asked for."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from mysafe_env.crypto.keys import Kdf
from mysafe_env.deadline import Deadline
from mysafe_env.errors import NotFoundError, RefusedError
from mysafe_env.items import SECRETSAFE_ITEM, Item, Row
from mysafe_env.references import Selectors
from mysafe_env.secret import Secret
from mysafe_env.sources.http.calls import JSON_TYPE, Answer, Call, Pairs
from mysafe_env.sources.secretsafe.account import AccountKeys, prelogin_kdf, read_account, unlock
from mysafe_env.sources.secretsafe.answers import read_document
from mysafe_env.sources.secretsafe.device import device_identifier
from mysafe_env.sources.secretsafe.document import Document
from mysafe_env.sources.secretsafe.encrypted_item import EncryptedItem
from mysafe_env.sources.secretsafe.labels import Labels
from mysafe_env.sources.secretsafe.session import Session
from mysafe_env.sources.secretsafe.settings import SecretSafeSettings

# A command line client on Linux, as the server numbers its devices.
_DEVICE_TYPE: Final = "25"
# To clients whose name and version it does not know, the server sends no items of newer types.
_CLIENT_HEADERS: Final = (
    ("Device-Type", _DEVICE_TYPE),
    ("Bitwarden-Client-Name", "cli"),
    ("Bitwarden-Client-Version", "2026.6.0"),
)
_NOT_FOUND: Final = 404
_SYNC: Final = "the vault"
# Large organisations have 20 to 50 MiB; four times its size is what a vault takes in memory while it is read.
_SYNC_LIMIT: Final = 128 * 2**20


_Damaged = tuple[str | None, RefusedError]
"""An item that can't be read: its id, if there is one, and the reason."""


@dataclass(frozen=True)
class AccountVault:
    """The answer to one sync, and the keys that decrypt it.

    An entry that can't be read is an error for what needs that entry, and for nothing else.
    """

    sync: Document
    keys: AccountKeys

    def rows(self, selectors: Selectors) -> tuple[Row, ...]:
        """The items that match all selectors: id, name, folder and collection, compared exactly.

        Without name and id, the items of a whole folder or collection are meant, those included that can't be read.
        Raises `RefusedError` when no item matches for sure, and some could not be compared.
        """
        wanted = dict(selectors)
        name = wanted.pop("name", None)
        named, unnamed = self._named
        # Thousands of lookups by name may be made in a vault of tens of thousands.
        candidates = named if name is None else self._by_name.get(name, [])
        rows = [self._row(item, own) for item, own in candidates if self._fits(item, wanted)]
        if name is None and "id" not in wanted:
            rows += [_refused(item.identifier, error) for item, error in unnamed if self._fits(item, wanted)]
            rows += [_refused(identifier, error) for identifier, error in self._damaged]
        doubts = [] if rows else list(self._doubts(candidates, wanted))
        if doubts:
            raise _undecided(doubts)
        return tuple(rows)

    def item(self, identifier: str) -> Item:
        """One item, decrypted; raises `NotFoundError` and `RefusedError`."""
        item = self._items.get(identifier)
        if item is not None:
            return item.decrypted()
        doubts = list(self._doubts((), {"id": identifier}))
        if doubts:
            raise _undecided(doubts)
        raise NotFoundError(
            f"there is no item with id {identifier} in this account",
            "see mysafe-env list item: it may be in the trash, or in a collection that is not shared with the account",
        )

    @cached_property
    def _read(self) -> tuple[dict[str, EncryptedItem], list[_Damaged]]:
        """The items by id and those that can't be read, without those in the trash."""
        items, damaged = {}, []
        for document in self.sync.entries("ciphers"):
            if document.has("deletedDate"):
                continue
            try:
                item = EncryptedItem(document, self.keys)
            except RefusedError as error:
                damaged.append((document.identifier, error))
            else:
                items[item.identifier] = item
        return items, damaged

    @property
    def _items(self) -> dict[str, EncryptedItem]:
        return self._read[0]

    @property
    def _damaged(self) -> list[_Damaged]:
        return self._read[1]

    @cached_property
    def _named(self) -> tuple[list[tuple[EncryptedItem, str]], list[tuple[EncryptedItem, RefusedError]]]:
        """Every item with its name, and those whose name can't be had."""
        named, failed = [], []
        for item in self._items.values():
            try:
                named.append((item, item.name()))
            except RefusedError as error:
                failed.append((item, error))
        return named, failed

    @cached_property
    def _by_name(self) -> dict[str, list[tuple[EncryptedItem, str]]]:
        found: dict[str, list[tuple[EncryptedItem, str]]] = {}
        for item, name in self._named[0]:
            found.setdefault(name, []).append((item, name))
        return found

    def _fits(self, item: EncryptedItem, wanted: dict[str, str], *, perhaps: bool = False) -> bool:
        """Whether an item matches the selectors other than its name.

        With *perhaps*, also whether it may match, being in a folder or collection whose name can't be read.
        """
        places: dict[str, tuple[str | None, ...]] = {
            "id": (item.identifier,),
            "folder": self._folders.names(item.folders),
            "collection": self._collections.names(item.collections),
        }
        return all(
            value in places[selector] or (perhaps and None in places[selector]) for selector, value in wanted.items()
        )

    def _doubts(
        self, candidates: Iterable[tuple[EncryptedItem, str]], wanted: dict[str, str]
    ) -> Iterator[RefusedError]:
        """Why it can't be said of some items whether they match."""
        for item, error in self._named[1]:
            if self._fits(item, wanted, perhaps=True):
                yield error
        for identifier, error in self._damaged:
            if identifier is None or wanted.get("id", identifier) == identifier:
                yield error
        for item, _ in candidates:
            if self._fits(item, wanted, perhaps=True):
                yield RefusedError(
                    f"the name of a place of item {item.identifier} can't be read",
                    "see whether SecretSafe's own client shows its folder and its collections",
                )

    def _row(self, item: EncryptedItem, name: str) -> Row:
        places = {
            "folder": ", ".join(filter(None, self._folders.names(item.folders))),
            "collections": ", ".join(filter(None, self._collections.names(item.collections))),
        }
        return Row(
            SECRETSAFE_ITEM.name,
            item.identifier,
            {"id": item.identifier, "name": name, **places},
            can_view=True,
            can_write=False,
            need_justify=False,
            need_approval=False,
        )

    @cached_property
    def _folders(self) -> Labels:
        return Labels(self.sync.entries("folders"), self.keys)

    @cached_property
    def _collections(self) -> Labels:
        return Labels(self.sync.entries("collections"), self.keys)


def personal_session(settings: SecretSafeSettings) -> Session:
    """Calls as one account."""
    form = (
        ("scope", "api"),
        ("deviceType", _DEVICE_TYPE),
        ("deviceIdentifier", device_identifier(settings.client_id)),
        ("deviceName", "mysafe-env"),
    )
    return Session(settings, form, _CLIENT_HEADERS)


def open_vault(session: Session, password: Secret, deadline: Deadline, *, typed: bool = False) -> AccountVault:
    """The vault after one login, one sync and its unlocking; *typed* is that of `unlock`. Raises `OutageError`."""
    sync = read_document(session.send(_sync_call(), deadline), _SYNC, holds=("ciphers",))
    account = read_account(session.login_answer, sync)
    kdf = account.kdf or _ask_kdf(session, account.email, deadline)
    return AccountVault(sync, unlock(account, kdf, password, typed=typed))


def _sync_call() -> Call:
    query: Pairs = (("excludeDomains", "true"),)
    return Call("GET", "/sync", _SYNC, query=query, body_limit=_SYNC_LIMIT)


def _ask_kdf(session: Session, email: str, deadline: Deadline) -> Kdf:
    """How the password becomes a key, asked of a server whose login does not say so."""
    body = json.dumps({"email": email}).encode()
    call = Call("POST", "/accounts/prelogin", "the account's key derivation", body=body, headers=JSON_TYPE)
    answer: Answer = session.send_openly(call, deadline, to_identity=True)
    if answer.status == _NOT_FOUND:
        # Before there was a copy at the identity service.
        answer = session.send_openly(call, deadline)
    return prelogin_kdf(read_document(answer, call.purpose))


def _refused(identifier: str | None, error: RefusedError) -> Row:
    """The row of an item that is there and can't be read."""
    return Row(
        SECRETSAFE_ITEM.name,
        identifier or "?",
        {"id": identifier} if identifier else {},
        can_view=False,
        can_write=False,
        need_justify=False,
        need_approval=False,
        refusal=error,
    )


def _undecided(doubts: list[RefusedError]) -> RefusedError:
    first = doubts[0]
    return RefusedError(f"no item matches, and {len(doubts)} could not be compared: {first.message}", first.hint)
