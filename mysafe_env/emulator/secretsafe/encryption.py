"""An account and its items, encrypted as a client would have done before it sent them to the server."""

import hashlib
import uuid
from base64 import b64encode
from collections.abc import Mapping
from typing import Final

from mysafe_env.crypto.encstring import SymmetricKey, encrypt, encrypt_for
from mysafe_env.crypto.keys import ARGON2ID, master_key, stretch
from mysafe_env.crypto.primitives import KeyPair, new_key_pair
from mysafe_env.emulator.secretsafe.vault_file import ServedVault, VaultItem

_LOGIN: Final = 1
_NOTE: Final = 2
# What the other types have, each with its own name for it.
_DETAILS: Final = {3: "card", 4: "identity", 5: "sshKey"}
_LINKED: Final = 3
_USERNAME: Final = 100
_REVISED: Final = "2026-05-01T10:00:00.000Z"

Json = dict[str, object]


def stable_id(*names: str) -> str:
    """The id of an object, the same at every start."""
    return str(uuid.uuid5(uuid.NAMESPACE_DNS, "/".join(names)))


class EncryptedAccount:
    """An account's wrapped keys and encrypted items, in the shape of the server's answers (camelCase).

    Without a key pair a fresh one is made.
    """

    def __init__(self, vault: ServedVault, pair: KeyPair | None = None) -> None:
        self.email = vault.email
        self.kdf = vault.kdf
        self.user_id = stable_id("user", vault.email)
        self.organization_id = stable_id("organization", vault.organization)
        self._organization_name = vault.organization
        self._user_key, self._organization_key = SymmetricKey.new(), SymmetricKey.new()
        pair = pair or new_key_pair()
        self._public_key = b64encode(pair.public).decode()
        stretched = stretch(master_key(vault.master_password.reveal().encode(), vault.email, vault.kdf))
        self.wrapped_user_key = encrypt(self._user_key.to_bytes(), stretched)
        self.wrapped_private_key = encrypt(pair.private, self._user_key)
        self._wrapped_organization_key = encrypt_for(self._organization_key.to_bytes(), pair.public)
        self.folders = [
            {"object": "folder", "id": stable_id("folder", name), "name": self._text(name), "revisionDate": _REVISED}
            for name in sorted({item.folder for item in vault.items if item.folder})
        ]
        self.collections = [self._collection(each.name, each.external_id) for each in vault.collections]
        self.ciphers = [self._cipher(item, number) for number, item in enumerate(vault.items)]

    def kdf_fields(self) -> Json:
        """How the master password becomes a key, as the token and prelogin answers say it."""
        argon = self.kdf.kind == ARGON2ID
        return {
            "kdf": self.kdf.kind,
            "kdfIterations": self.kdf.iterations,
            "kdfMemory": self.kdf.memory if argon else None,
            "kdfParallelism": self.kdf.parallelism if argon else None,
        }

    def unlock_offer(self) -> Json:
        """The same with key and salt, in the shape of newer servers."""
        fields = self.kdf_fields()
        return {
            "kdf": {
                "kdfType": fields["kdf"],
                "iterations": fields["kdfIterations"],
                "memory": fields["kdfMemory"],
                "parallelism": fields["kdfParallelism"],
            },
            "masterKeyEncryptedUserKey": self.wrapped_user_key,
            "salt": self.email.strip().lower(),
        }

    def account_keys(self) -> Json:
        """The account's key pair, in the shape of newer servers."""
        pair = {
            "object": "publicKeyEncryptionKeyPair",
            "wrappedPrivateKey": self.wrapped_private_key,
            "publicKey": self._public_key,
            "signedPublicKey": None,
        }
        return {
            "object": "privateKeys",
            "publicKeyEncryptionKeyPair": pair,
            "signatureKeyPair": None,
            "securityState": None,
        }

    def profile(self) -> Json:
        """The account itself."""
        return {
            "object": "profile",
            "id": self.user_id,
            "name": None,
            "email": self.email,
            "emailVerified": True,
            "premium": True,
            "premiumFromOrganization": False,
            "culture": "en-US",
            "twoFactorEnabled": False,
            "key": self.wrapped_user_key,
            "privateKey": self.wrapped_private_key,
            "accountKeys": self.account_keys(),
            "securityStamp": stable_id("stamp", self.email),
            "forcePasswordReset": False,
            "usesKeyConnector": False,
            "avatarColor": None,
            "creationDate": _REVISED,
            "verifyDevices": False,
            "organizations": [self._organization()],
            "providers": [],
            "providerOrganizations": [],
        }

    def _organization(self) -> Json:
        return {
            "object": "profileOrganization",
            "id": self.organization_id,
            "name": self._organization_name,
            "key": self._wrapped_organization_key,
            "enabled": True,
            "status": 2,
            "type": 2,
            "userId": self.user_id,
            "usePolicies": False,
            "permissions": {},
            "productTierType": 3,
        }

    def _collection(self, name: str, external_id: str | None) -> Json:
        return {
            "object": "collectionDetails",
            "id": stable_id("collection", name),
            "organizationId": self.organization_id,
            "name": encrypt(name.encode(), self._organization_key),
            "externalId": external_id,
            "readOnly": False,
            "hidePasswords": False,
            "manage": False,
        }

    def _cipher(self, item: VaultItem, number: int) -> Json:
        owner = self._organization_key if item.collections else self._user_key
        key = SymmetricKey.new() if item.own_key else owner
        texts = {name: encrypt(value.reveal().encode(), key) for name, value in item.texts.items()}
        return {
            "object": "cipherDetails",
            "id": stable_id("item", str(number), item.name),
            "type": item.type,
            "organizationId": self.organization_id if item.collections else None,
            "folderId": stable_id("folder", item.folder) if item.folder else None,
            "collectionIds": [stable_id("collection", name) for name in item.collections],
            "name": encrypt(item.name.encode(), key),
            "notes": texts.get("notes"),
            "fields": [_custom_field(each.name, each.value.reveal(), each.type, key) for each in item.fields] or None,
            "login": _login(texts, _checksum(item, key)) if item.type == _LOGIN else None,
            "secureNote": {"type": 0} if item.type == _NOTE else None,
            **{name: _details(item, key) if item.type == kind else None for kind, name in _DETAILS.items()},
            "key": encrypt(key.to_bytes(), owner) if item.own_key else None,
            "favorite": False,
            "reprompt": 0,
            "edit": True,
            "viewPassword": not item.hidden,
            "organizationUseTotp": True,
            "permissions": {"delete": True, "restore": True},
            "attachments": [_attachment(name, key) for name in item.attachments] or None,
            "passwordHistory": None,
            "creationDate": _REVISED,
            "revisionDate": _REVISED,
            "deletedDate": _REVISED if item.trashed else None,
            "archivedDate": None,
        }

    def _text(self, text: str) -> str:
        return encrypt(text.encode(), self._user_key)


def _checksum(item: VaultItem, key: SymmetricKey) -> str | None:
    """The encrypted digest of the URI, by which clients see whether the server put another text in its place."""
    uri = item.texts.get("uri")
    if uri is None:
        return None
    return encrypt(b64encode(hashlib.sha256(uri.reveal().encode()).digest()), key)


def _login(texts: Mapping[str, str], checksum: str | None) -> Json:
    uri = texts.get("uri")
    return {
        "username": texts.get("username"),
        "password": texts.get("password"),
        "totp": texts.get("totp"),
        "uris": [{"uri": uri, "uriChecksum": checksum, "match": None}] if uri else None,
        "uri": uri,
        "passwordRevisionDate": None,
        "autofillOnPageLoad": None,
    }


def _details(item: VaultItem, key: SymmetricKey) -> Json:
    return {name: encrypt(value.reveal().encode(), key) for name, value in item.details.items()}


def _attachment(name: str, key: SymmetricKey) -> Json:
    return {
        "object": "attachment",
        "id": stable_id("attachment", name),
        "url": None,
        "fileName": encrypt(name.encode(), key),
        "key": encrypt(SymmetricKey.new().to_bytes(), key),
        "size": "4",
        "sizeName": "4 Bytes",
    }


def _custom_field(name: str, value: str, kind: int, key: SymmetricKey) -> Json:
    """A field; a linked one has no value but stands for the username."""
    return {
        "type": kind,
        "name": encrypt(name.encode(), key),
        "value": None if kind == _LINKED else encrypt(value.encode(), key),
        "linkedId": _USERNAME if kind == _LINKED else None,
    }
