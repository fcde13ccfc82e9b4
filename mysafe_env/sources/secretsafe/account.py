"""Unlocking an account: from its master password to the keys of the account and of its organisations."""

from dataclasses import dataclass, field
from typing import Final

from mysafe_env.crypto.encstring import CipherError, MacError, SymmetricKey, decrypt, decrypt_text
from mysafe_env.crypto.keys import Kdf, KdfError, master_key, stretch, unwrap, unwrap_with_private_key
from mysafe_env.errors import BadAnswerError, CredentialsError, OutageError
from mysafe_env.secret import Secret
from mysafe_env.sources.secretsafe.document import Document

_UNSUPPORTED_HINT: Final = "open the account with SecretSafe's own client, or use an account with the usual encryption"
_SET_HINT: Final = "check SECRETSAFE_MASTER_PASSWORD (or the file that SECRETSAFE_MASTER_PASSWORD_FILE names)"
_TYPED_HINT: Final = "start again and type it once more"


class AccountKeys:
    """The keys that decrypt an account's items; an organisation's key is unwrapped when it is first used."""

    def __init__(self, user_key: SymmetricKey, profile: Document) -> None:
        self._user_key = user_key
        self._profile = profile
        self._wrapped = {each.identifier: each for each in profile.entries("organizations")}
        self._organizations: dict[str, SymmetricKey] = {}

    def key(self, organization: str | None) -> SymmetricKey:
        """The key of an organisation, or the account's own for None; raises `CipherError` and `BadAnswerError`."""
        if organization is None:
            return self._user_key
        if organization not in self._organizations:
            self._organizations[organization] = self._unwrap(organization)
        return self._organizations[organization]

    def text(self, encrypted: str, organization: str | None = None) -> str:
        """A text that is encrypted with one of the keys; raises `CipherError` and `BadAnswerError`."""
        return decrypt_text(encrypted, self.key(organization))

    def _unwrap(self, organization: str) -> SymmetricKey:
        entry, private_key = self._wrapped.get(organization), self._profile.text("privateKey")
        wrapped = entry.text("key") if entry is not None else None
        if not wrapped or not private_key:
            raise CipherError("the account has no key to its organisation yet; have the member confirmed")
        return unwrap_with_private_key(wrapped, decrypt(private_key, self._user_key))


@dataclass(frozen=True, slots=True)
class LockedAccount:
    """What the server sends of an account's keys: together with the master password it unlocks the account."""

    profile: Document
    wrapped_key: str = field(repr=False)
    salt: str
    """The account's e-mail address, unless the server names another one."""
    kdf: Kdf | None
    """How the master password becomes a key; None where an old server has to be asked for it."""

    @property
    def email(self) -> str:
        """The account's e-mail address, as the server has it."""
        return self.profile.required("email")


def read_account(login: Document | None, sync: Document) -> LockedAccount:
    """What the answers to the login (None: an earlier token was used) and to the sync tell of the account's keys.

    Raises `CredentialsError` for an account that is not unlocked by a master password, and `BadAnswerError` if there
    is no account in the sync.
    """
    profile = sync.document("profile")
    if profile is None:
        raise BadAnswerError("the vault came without the account's profile", "check SECRETSAFE_URL")
    offer = _master_password_unlock(login, sync)
    offered = offer.text("masterKeyEncryptedUserKey") if offer is not None else None
    wrapped = offered or (login.text("key") if login is not None else None) or profile.text("key")
    if not wrapped or _is_unlocked_otherwise(login, profile):
        raise CredentialsError(
            "the account has no master password (it is unlocked by a key connector or a trusted device)",
            "use an account that has one; a robot account for machines should",
        )
    salt = (offer and offer.text("salt")) or profile.required("email")
    return LockedAccount(profile, wrapped, salt, _told_kdf(login, offer))


def unlock(account: LockedAccount, kdf: Kdf, password: Secret, *, typed: bool = False) -> AccountKeys:
    """The keys of an account; raises `CredentialsError` for a wrong password, `OutageError` for other trouble.

    *typed* says that somebody typed the password at a prompt, and no setting holds it.
    """
    try:
        stretched = stretch(master_key(password.reveal().encode(), account.salt, kdf))
        return AccountKeys(unwrap(account.wrapped_key, stretched), account.profile)
    except MacError:
        hint = _TYPED_HINT if typed else _SET_HINT
        raise CredentialsError(
            "the master password is wrong", f"{hint}; it belongs to the account of SECRETSAFE_CLIENT_ID"
        ) from None
    except (CipherError, KdfError) as error:
        raise OutageError(f"the account can't be unlocked: {error}", _UNSUPPORTED_HINT) from None


def prelogin_kdf(answer: Document) -> Kdf:
    """How the master password becomes a key, out of the answer of an old server to a prelogin call."""
    return _read_kdf(answer, "kdf", "kdf")


def _read_kdf(document: Document, kind: str, prefix: str) -> Kdf:
    return Kdf(
        kind=document.number(kind) or 0,
        iterations=document.number(f"{prefix}iterations") or 0,
        memory=document.number(f"{prefix}memory") or 0,
        parallelism=document.number(f"{prefix}parallelism") or 0,
    )


def _told_kdf(login: Document | None, offer: Document | None) -> Kdf | None:
    inner = offer.document("kdf") if offer is not None else None
    if inner is not None:
        return _read_kdf(inner, "kdfType", "")
    return _read_kdf(login, "kdf", "kdf") if login is not None and login.number("kdfIterations") is not None else None


def _master_password_unlock(login: Document | None, sync: Document) -> Document | None:
    """Key, salt and key derivation together, as newer servers send them with both answers."""
    told = login.document("userDecryptionOptions") if login is not None else sync.document("userDecryption")
    return told.document("masterPasswordUnlock") if told is not None else None


def _is_unlocked_otherwise(login: Document | None, profile: Document) -> bool:
    if profile.flag("usesKeyConnector") or (login is not None and login.flag("apiUseKeyConnector")):
        return True
    options = login.document("userDecryptionOptions") if login is not None else None
    return options is not None and not options.flag("hasMasterPassword", missing=True)
