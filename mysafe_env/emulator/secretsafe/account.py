"""The calls of a personal client: the keys that come with its token, prelogin, sync, and items that it creates."""

import json
import threading
import time
import uuid
from base64 import urlsafe_b64encode
from typing import Final

from mysafe_env.emulator.exchange import Request, Response
from mysafe_env.emulator.secretsafe.bodies import json_answer, nothing
from mysafe_env.emulator.secretsafe.encryption import EncryptedAccount, Json

_KEPT: Final = (
    *("type", "name", "notes", "fields", "login", "secureNote", "card", "identity", "sshKey"),
    *("key", "organizationId", "folderId", "favorite", "reprompt"),
)
_WHEN: Final = "2026-05-02T10:00:00.000Z"


class Account:
    """An account whose data the server keeps without being able to read it."""

    def __init__(self, account: EncryptedAccount, *, old: bool) -> None:
        self._account = account
        self._old = old
        self._lock = threading.Lock()

    def claims(self, lifetime: float) -> str:
        """The first two parts of a JWT, which the real client reads; what follows stands for a signature."""
        now = int(time.time())
        claims = {
            "nbf": now,
            "exp": now + int(lifetime),
            "iss": "emulator",
            "sub": self._account.user_id,
            "email": self._account.email,
            "email_verified": True,
            "premium": True,
            "amr": ["Application"],
        }
        parts = ({"alg": "RS256", "typ": "at+jwt"}, claims)
        return "".join(f"{urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip('=')}." for part in parts)

    def login_fields(self) -> Json:
        """What a personal login answers besides the token, in its own mixture of cases."""
        fields: Json = {
            "Key": self._account.wrapped_user_key,
            "PrivateKey": self._account.wrapped_private_key,
            "ResetMasterPassword": False,
            "ForcePasswordReset": False,
        }
        if self._old:
            return fields
        kdf = {name[:1].upper() + name[1:]: value for name, value in self._account.kdf_fields().items()}
        offer = {"HasMasterPassword": True, "Object": "userDecryptionOptions", "MasterPasswordUnlock": self._offer()}
        keys = self._account.account_keys()
        return {**fields, **kdf, "ApiUseKeyConnector": False, "AccountKeys": keys, "UserDecryptionOptions": offer}

    def prelogin(self) -> Response:
        """How the master password becomes a key, for those who ask before they log in."""
        return json_answer(self._account.kdf_fields(), old=self._old)

    def sync(self) -> Response:
        """Everything in one piece."""
        with self._lock:
            body: Json = {
                "object": "sync",
                "profile": self._account.profile(),
                "folders": self._account.folders,
                "collections": self._account.collections,
                "ciphers": [_of_old(each) for each in self._account.ciphers] if self._old else self._account.ciphers,
                "domains": None,
                "policies": [],
                "sends": [],
            }
            if not self._old:
                body["userDecryption"] = {"masterPasswordUnlock": self._account.unlock_offer()}
            return json_answer(body, old=self._old)

    def create_item(self, request: Request) -> Response:
        """Keep an item that a client encrypted."""
        try:
            sent = json.loads(request.body)
        except ValueError:
            return nothing(400)
        given = {key[:1].lower() + key[1:]: value for key, value in sent.items()}
        kept: Json = {
            **{name: given.get(name) for name in _KEPT},
            "object": "cipherDetails",
            "id": str(uuid.uuid4()),
            "collectionIds": [],
            "edit": True,
            "viewPassword": True,
            "organizationUseTotp": True,
            "permissions": {"delete": True, "restore": True},
            "creationDate": _WHEN,
            "revisionDate": _WHEN,
            "deletedDate": None,
        }
        with self._lock:
            self._account.ciphers.append(kept)
        return json_answer({**kept, "object": "cipher"}, old=self._old)

    def _offer(self) -> Json:
        """The unlock offer as the token endpoint writes it."""
        offer = self._account.unlock_offer()
        kdf = offer["kdf"]
        shown = {key[:1].upper() + key[1:]: value for key, value in kdf.items()} if isinstance(kdf, dict) else kdf
        return {
            "Kdf": shown,
            "MasterKeyEncryptedUserKey": offer["masterKeyEncryptedUserKey"],
            "Salt": offer["salt"],
        }


def _of_old(cipher: Json) -> Json:
    """An item as the oldest servers send it: everything that is encrypted in `data`."""
    login = cipher["login"] if isinstance(cipher["login"], dict) else {}
    data: Json = {"name": cipher["name"], "notes": cipher["notes"], "fields": cipher["fields"], **login}
    left_out = {"name", "notes", "fields", "login", "secureNote", "card", "identity", "sshKey"}
    return {**{name: value for name, value in cipher.items() if name not in left_out}, "data": data}
