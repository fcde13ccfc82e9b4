"""The keys of an account: from its master password down to those of its organisations and items."""

from typing import Final

from mysafe_env.crypto.encstring import CipherError, MacError, SymmetricKey, decrypt, decrypt_text
from mysafe_env.crypto.keys import Kdf, KdfError, master_key, stretch, unwrap, unwrap_with_private_key
from mysafe_env.errors import CredentialsError, OutageError
from mysafe_env.secret import Secret
from mysafe_env.sources.secretsafe.wire import Document

_UNSUPPORTED_HINT: Final = "open the account with SecretSafe's own client, or use an account with the usual encryption"


class Keyring:
    """The keys that open an account's items; an organisation's is unwrapped when it is first asked for."""

    def __init__(self, user_key: SymmetricKey, profile: Document) -> None:
        self._user_key = user_key
        self._private_key = profile.text("privateKey")
        self._wrapped = {each.required("id"): each.text("key") for each in profile.documents("organizations")}
        self._organizations: dict[str, SymmetricKey] = {}

    def key(self, organization: str | None) -> SymmetricKey:
        """The key of an organisation, or the account's own for None; raises `CipherError`."""
        if organization is None:
            return self._user_key
        if organization not in self._organizations:
            self._organizations[organization] = self._unwrap(organization)
        return self._organizations[organization]

    def text(self, encrypted: str, organization: str | None = None) -> str:
        """A text that is encrypted with one of the keys; raises `CipherError`."""
        return decrypt_text(encrypted, self.key(organization))

    def _unwrap(self, organization: str) -> SymmetricKey:
        wrapped = self._wrapped.get(organization)
        if not wrapped or not self._private_key:
            raise CipherError("the account has no key to its organisation yet; have the member confirmed")
        return unwrap_with_private_key(wrapped, decrypt(self._private_key, self._user_key))


def unlock(login: Document, profile: Document, kdf: Kdf, password: Secret) -> Keyring:
    """The keys of an account; raises `CredentialsError` for a wrong master password, `OutageError` for other trouble.

    *login* is the answer to the token request, *profile* a part of the sync; *kdf* is what `told_kdf` found.
    """
    offer = _master_password_unlock(login)
    wrapped = (offer and offer.text("masterKeyEncryptedUserKey")) or login.text("key") or profile.text("key")
    if not wrapped:
        raise _no_master_password()
    salt = (offer and offer.text("salt")) or profile.required("email")
    try:
        stretched = stretch(master_key(password.reveal().encode(), salt, kdf))
        return Keyring(unwrap(wrapped, stretched), profile)
    except MacError:
        raise CredentialsError(
            "the master password is wrong",
            "check SECRETSAFE_MASTER_PASSWORD (or the file that SECRETSAFE_MASTER_PASSWORD_FILE names); "
            "it belongs to the account of SECRETSAFE_CLIENT_ID",
        ) from None
    except (CipherError, KdfError) as error:
        raise OutageError(f"the account can't be unlocked: {error}", _UNSUPPORTED_HINT) from None


def check_has_master_password(login: Document) -> None:
    """Raise `CredentialsError` for an account that is unlocked in another way."""
    options = login.document("userDecryptionOptions")
    without = options is not None and not options.flag("hasMasterPassword", missing=True)
    if without or login.flag("apiUseKeyConnector"):
        raise _no_master_password()


def told_kdf(login: Document) -> Kdf | None:
    """How the master password becomes a key, as the login says; None where an old server does not."""
    offer = _master_password_unlock(login)
    inner = offer.document("kdf") if offer is not None else None
    if inner is not None:
        return _read_kdf(inner, "kdfType", "")
    return _read_kdf(login, "kdf", "kdf") if login.number("kdfIterations") is not None else None


def prelogin_kdf(answer: Document) -> Kdf:
    """The same, out of the answer of an old server to a prelogin call."""
    return _read_kdf(answer, "kdf", "kdf")


def _read_kdf(document: Document, kind: str, prefix: str) -> Kdf:
    return Kdf(
        kind=document.number(kind) or 0,
        iterations=document.number(f"{prefix}iterations") or 0,
        memory=document.number(f"{prefix}memory") or 0,
        parallelism=document.number(f"{prefix}parallelism") or 0,
    )


def _master_password_unlock(login: Document) -> Document | None:
    options = login.document("userDecryptionOptions")
    return options.document("masterPasswordUnlock") if options is not None else None


def _no_master_password() -> CredentialsError:
    return CredentialsError(
        "the account has no master password (it is unlocked by a key connector or a trusted device)",
        "use an account that has one; a robot account for machines should",
    )
