"""The vault of one account: one login and one sync, and every item decrypted here when it is asked for."""

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from mysafe_env.crypto.encstring import CipherError
from mysafe_env.crypto.keys import Kdf
from mysafe_env.deadline import Deadline
from mysafe_env.errors import NotFoundError, RefusedError
from mysafe_env.items import SECRETSAFE_ITEM, Item, Row
from mysafe_env.references import Selectors
from mysafe_env.secret import Secret
from mysafe_env.sources.http.calls import Answer, Call, Pairs
from mysafe_env.sources.secretsafe.account import Keyring, prelogin_kdf, read_account, unlock
from mysafe_env.sources.secretsafe.answers import read_document
from mysafe_env.sources.secretsafe.ciphers import SealedItem, unreadable
from mysafe_env.sources.secretsafe.device import device_identifier
from mysafe_env.sources.secretsafe.session import Session
from mysafe_env.sources.secretsafe.settings import SecretSafeSettings
from mysafe_env.sources.secretsafe.wire import Document

# A command line client on Linux, as the server numbers its devices.
_DEVICE_TYPE: Final = "25"
# Without a name and a version that it knows, the server leaves items of newer types out.
_CLIENT_HEADERS: Final = (
    ("Device-Type", _DEVICE_TYPE),
    ("Bitwarden-Client-Name", "cli"),
    ("Bitwarden-Client-Version", "2026.6.0"),
)
_NOT_FOUND: Final = 404
_SYNC: Final = "the vault"
# Large organisations have 20 to 50 MiB; four times its size is what a vault takes in memory while it is read.
_SYNC_LIMIT: Final = 128 * 2**20


@dataclass(frozen=True)
class AccountVault:
    """What one sync brought, and the keys to it."""

    sync: Document
    keyring: Keyring

    def rows(self, selectors: Selectors) -> tuple[Row, ...]:
        """The items that the selectors mean: id, name, folder and collection, compared exactly.

        Raises `RefusedError` when none does, and some could not be decrypted for the comparison.
        """
        wanted = dict(selectors)
        name = wanted.pop("name", None)
        named, unnamed = self._named
        # Thousands of lookups by name may be made in a vault of tens of thousands.
        candidates = named if name is None else self._by_name.get(name, [])
        rows = tuple(self._row(item, name) for item, name in candidates if self._fits(item, wanted))
        failed = [(item, error) for item, error in unnamed if self._fits(item, wanted)]
        if not rows and failed:
            raise _undecided(failed)
        return rows

    def item(self, identifier: str) -> Item:
        """One item, decrypted; raises `NotFoundError` and `RefusedError`."""
        item = self._items.get(identifier)
        if item is not None:
            return item.open()
        raise NotFoundError(
            f"there is no item with id {identifier} in this account",
            "see mysafe-env list item: it may be in the trash, or in a collection that is not shared with the account",
        )

    @cached_property
    def _items(self) -> dict[str, SealedItem]:
        """By id, without those in the trash."""
        items = (SealedItem(document, self.keyring) for document in self.sync.documents("ciphers"))
        return {item.identifier: item for item in items if not item.in_trash}

    @cached_property
    def _named(self) -> tuple[list[tuple[SealedItem, str]], list[tuple[SealedItem, CipherError]]]:
        """Every item with its name, and those whose name can't be decrypted."""
        named, failed = [], []
        for item in self._items.values():
            try:
                named.append((item, item.name()))
            except CipherError as error:
                failed.append((item, error))
        return named, failed

    @cached_property
    def _by_name(self) -> dict[str, list[tuple[SealedItem, str]]]:
        found: dict[str, list[tuple[SealedItem, str]]] = {}
        for item, name in self._named[0]:
            found.setdefault(name, []).append((item, name))
        return found

    def _fits(self, item: SealedItem, wanted: dict[str, str]) -> bool:
        """Whether an item is what the selectors but its name say."""
        places: dict[str, set[str | None]] = {
            "id": {item.identifier},
            "folder": {self._folders.get(item.folder or "")},
            "collection": {self._collections.get(each) for each in item.collections},
        }
        return all(value in places[selector] for selector, value in wanted.items())

    def _row(self, item: SealedItem, name: str) -> Row:
        places = {
            "folder": self._folders.get(item.folder or "") or "",
            "collections": ", ".join(filter(None, map(self._collections.get, item.collections))),
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
    def _folders(self) -> dict[str, str | None]:
        return {each.required("id"): self._label(each, None) for each in self.sync.documents("folders")}

    @cached_property
    def _collections(self) -> dict[str, str | None]:
        collections = self.sync.documents("collections")
        return {each.required("id"): self._label(each, each.text("organizationId")) for each in collections}

    def _label(self, document: Document, organization: str | None) -> str | None:
        """The name of a folder or collection; None where it can't be decrypted, and so can't be selected by."""
        try:
            return self.keyring.text(document.required("name"), organization)
        except CipherError:
            return None


def personal_session(settings: SecretSafeSettings) -> Session:
    """Calls as one account."""
    form = (
        ("scope", "api"),
        ("deviceType", _DEVICE_TYPE),
        ("deviceIdentifier", device_identifier(settings.client_id)),
        ("deviceName", "mysafe-env"),
    )
    return Session(settings, form, _CLIENT_HEADERS)


def open_vault(session: Session, password: Secret, deadline: Deadline) -> AccountVault:
    """Log in, sync once, and unlock; raises `OutageError`."""
    sync = read_document(session.send(_sync_call(), deadline), _SYNC)
    account = read_account(session.login(deadline).document, sync)
    kdf = account.kdf or _ask_kdf(session, account.email, deadline)
    return AccountVault(sync, unlock(account, kdf, password))


def _sync_call() -> Call:
    query: Pairs = (("excludeDomains", "true"),)
    return Call("GET", "/sync", _SYNC, query=query, body_limit=_SYNC_LIMIT)


def _ask_kdf(session: Session, email: str, deadline: Deadline) -> Kdf:
    """How the password becomes a key, asked of a server whose login does not say so."""
    body = json.dumps({"email": email}).encode()
    call = Call("POST", "/accounts/prelogin", "the account's key derivation", body=body)
    answer: Answer = session.send_openly(call, deadline, to_identity=True)
    if answer.status == _NOT_FOUND:
        # Before there was a copy at the identity service.
        answer = session.send_openly(call, deadline)
    return prelogin_kdf(read_document(answer, call.purpose))


def _undecided(failed: list[tuple[SealedItem, CipherError]]) -> RefusedError:
    item, error = failed[0]
    first = unreadable(item.identifier, error)
    return RefusedError(f"no item matches, and {len(failed)} could not be compared: {first.message}", first.hint)
