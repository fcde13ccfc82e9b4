"""Vault items as they were synced, encrypted, and their decryption."""

import time
from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256
from typing import Final

from mysafe_env.crypto.encstring import CipherError, SymmetricKey, decrypt_text
from mysafe_env.crypto.keys import unwrap
from mysafe_env.errors import BadAnswerError, ItemError, NoAccessError, RefusedError
from mysafe_env.items import SECRETSAFE_ITEM, Item
from mysafe_env.secret import Secret
from mysafe_env.sources.secretsafe.account import AccountKeys
from mysafe_env.sources.secretsafe.document import Document
from mysafe_env.sources.secretsafe.totp import TotpError, code_at

_LOGIN: Final = 1
_NOTE: Final = 2
_TYPES: Final = {_LOGIN: "login", _NOTE: "secure note", 3: "card", 4: "identity", 5: "SSH key"}
_HIDDEN_FIELD: Final = 1
_LINKED_FIELD: Final = 3
_DEFAULT: Final = SECRETSAFE_ITEM.secret_field


class EncryptedItem:
    """An item of a sync, still encrypted; its parts are decrypted when they are asked for.

    Old servers put everything into the object `data`; new ones have fields for it, and repeat them in `data` as text.
    Raises `RefusedError` where not even its id, its folder and its collections can be read.
    """

    def __init__(self, document: Document, keys: AccountKeys) -> None:
        self._document = document
        self._keys = keys
        try:
            self.identifier = document.required("id")
            self.organization = document.text("organizationId")
            self.folders = tuple(filter(None, [document.text("folderId")]))
            self.collections = document.texts("collectionIds")
        except BadAnswerError as error:
            raise _unreadable(document.identifier, error) from None

    def name(self) -> str:
        """The item's name; raises `RefusedError`, also where it has none."""
        try:
            return self._name()
        except (CipherError, BadAnswerError) as error:
            raise _unreadable(self.identifier, error) from None

    def decrypted(self) -> Item:
        """The item with every field that can be read, and the reasons for the others; raises `RefusedError`."""
        try:
            return _Decryption(self._document, self._body, self._key(), self._name()).item()
        except (CipherError, BadAnswerError) as error:
            raise _unreadable(self.identifier, error) from None

    @property
    def _body(self) -> Document:
        return self._document if self._document.text("name") else self._document.document("data") or self._document

    def _name(self) -> str:
        encrypted = self._body.text("name")
        if encrypted is None:
            raise CipherError("it came without a name")
        return decrypt_text(encrypted, self._key())

    def _key(self) -> SymmetricKey:
        key = self._keys.key(self.organization)
        own = self._document.text("key")
        return unwrap(own, key) if own else key


def _unreadable(identifier: str | None, error: CipherError | BadAnswerError) -> RefusedError:
    item = "an item of the vault" if identifier is None else f"item {identifier}"
    if isinstance(error, BadAnswerError):
        return RefusedError(f"{item} can't be read: {error.message}", error.hint)
    return RefusedError(f"{item} can't be decrypted: {error}", "see whether SecretSafe's own client can open it")


class _Decryption:
    """The decryption of one item, field by field, so that one bad value leaves the others readable."""

    def __init__(self, document: Document, body: Document, key: SymmetricKey, name: str) -> None:
        self._document = document
        self._body = body
        self._key = key
        self._name = name
        self._identifier = document.required("id")
        self._type = document.number("type") or 0
        self._hidden = not document.flag("viewPassword", missing=True)
        self._plain = {"id": self._identifier, "name": name}
        self._secrets: dict[str, Secret] = {}
        self._refusals: dict[str, ItemError] = {}

    def item(self) -> Item:
        self._put("notes", self._body)
        if self._type == _LOGIN:
            self._put_login(self._body.document("login") or self._body)
        self._put_ssh_key(self._body.document("sshKey"))
        for field in self._body.documents("fields"):
            self._put_custom(field)
        self._put_default()
        return Item(SECRETSAFE_ITEM.name, self._identifier, self._plain, self._secrets, self._refusals)

    def _put_login(self, login: Document) -> None:
        self._put("username", login, plain=True)
        self._put_uri(login)
        self._put("password", login, hidden=self._hidden)
        self._put("totp", login, hidden=self._hidden)
        if "totp" in self._refusals:
            self._refusals["totp_code"] = self._refusals["totp"]
        elif seed := self._secrets.get("totp"):
            self._compute("totp_code", lambda: code_at(seed.reveal(), time.time()))

    def _put_ssh_key(self, ssh_key: Document | None) -> None:
        if ssh_key is not None:
            self._put("privateKey", ssh_key, hidden=self._hidden)
            self._put("publicKey", ssh_key, plain=True)
            self._put("keyFingerprint", ssh_key, plain=True)

    def _put_uri(self, login: Document) -> None:
        """The first URI. Of an item with a key of its own its checksum has to fit, as for Bitwarden's own clients."""
        first = next((each for each in login.documents("uris") if each.has("uri")), login)
        self._put("uri", first, plain=True)
        uri = self._plain.get("uri")
        if uri and self._document.text("key") and not self._is_genuine(uri, first.text("uriChecksum")):
            del self._plain["uri"]
            self._refusals["uri"] = RefusedError(f"the uri of {self} does not fit its checksum", "save it again")

    def _is_genuine(self, uri: str, checksum: str | None) -> bool:
        try:
            return decrypt_text(checksum or "", self._key) == b64encode(sha256(uri.encode()).digest()).decode()
        except CipherError:
            return False

    def _put_custom(self, field: Document) -> None:
        encrypted_name = field.text("name")
        if not encrypted_name:
            return
        name = f"fields.{decrypt_text(encrypted_name, self._key)}"
        if name in self._secrets or name in self._refusals:
            self._secrets.pop(name, None)
            self._refusals[name] = RefusedError(f"{self} has several {name}", "give them different names in SecretSafe")
            return
        kind = field.number("type")
        self._put(name, field, "value", hidden=self._hidden and kind == _HIDDEN_FIELD)
        if kind == _LINKED_FIELD:
            self._refusals[name] = RefusedError(
                f"{name} of {self} has no value of its own, it is linked to another field",
                "name the field that it is linked to, such as username or password",
            )

    def _put_default(self) -> None:
        """Put the field that is meant when a reference names none."""
        own = {_LOGIN: "password", _NOTE: "notes"}.get(self._type)
        if own is None:
            self._refusals[_DEFAULT] = RefusedError(
                f"{self} is neither a login nor a secure note but {_TYPES.get(self._type, 'of a newer type')}",
                "name the field after a #, such as #notes, #privateKey or #fields.NAME",
            )
        elif own in self._refusals:
            self._refusals[_DEFAULT] = self._refusals[own]
        elif own in self._secrets:
            self._secrets[_DEFAULT] = self._secrets[own]

    def _put(self, name: str, part: Document, key: str = "", *, plain: bool = False, hidden: bool = False) -> None:
        """Put the text of *part* under *name*, or the reason why there is none; *key* is its key, by default *name*."""
        key = key or name
        if not part.has(key):
            return
        if hidden:
            self._refusals[name] = NoAccessError(
                f"{self} may be used by this account, and its {name} not seen: SecretSafe hides it from the member",
                "have the collection shared without hidden passwords; the item's other fields can be read",
            )
            return
        value = self._compute(name, lambda: decrypt_text(part.text(key) or "", self._key))
        if plain and value is not None:
            self._plain[name] = value
            del self._secrets[name]

    def _compute(self, name: str, compute: Callable[[], str]) -> str | None:
        """Put a value under *name*, or the reason why there is none."""
        try:
            value = compute()
        except (CipherError, TotpError) as error:
            self._refusals[name] = RefusedError(f"there is no {name} of {self}: {error}", "correct it in SecretSafe")
            return None
        except BadAnswerError as error:
            self._refusals[name] = RefusedError(f"there is no {name} of {self}: {error.message}", error.hint)
            return None
        self._secrets[name] = Secret(value)
        return value

    def __str__(self) -> str:
        return f'item {self._identifier} "{self._name}"'
