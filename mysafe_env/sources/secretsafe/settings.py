"""How to reach SecretSafe: the `SECRETSAFE_*` settings, which are checked only when SecretSafe is used."""

from dataclasses import dataclass
from typing import Final

from mysafe_env.errors import SettingsError
from mysafe_env.secret import Secret
from mysafe_env.server_url import server_url
from mysafe_env.settings import Settings, secret_setting

ORGANIZATION: Final = "organization."
_PERSONAL: Final = "user."
_PREFIXES: Final = (ORGANIZATION, _PERSONAL)


@dataclass(frozen=True, slots=True)
class SecretSafeSettings:
    """Addresses and credentials of one SecretSafe server."""

    identity_url: str
    """The address for tokens: `https://HOST/identity` by default."""
    api_url: str
    """The address for everything else: `https://HOST/api` by default."""
    client_id: str
    client_secret: Secret
    master_password: Secret | None
    connection: Settings
    """What MySafe's settings say for both systems: trusted certificates, the timeout, and whether tokens are kept."""

    @property
    def is_organization(self) -> bool:
        """Whether the key is an organisation's, and not a person's."""
        return self.client_id.startswith(ORGANIZATION)


def read_secretsafe_settings(settings: Settings) -> SecretSafeSettings:
    """The settings of the second system; raises `SettingsError` that names what is missing or wrong."""
    found = settings.secretsafe
    client_secret = _secret(settings, "SECRETSAFE_CLIENT_SECRET")
    _require(
        SECRETSAFE_URL=found.get("SECRETSAFE_URL"),
        SECRETSAFE_CLIENT_ID=found.get("SECRETSAFE_CLIENT_ID"),
        SECRETSAFE_CLIENT_SECRET=client_secret,
    )
    base = _url(settings, "SECRETSAFE_URL")
    return SecretSafeSettings(
        identity_url=_url(settings, "SECRETSAFE_IDENTITY_URL") or f"{base}/identity",
        api_url=_url(settings, "SECRETSAFE_API_URL") or f"{base}/api",
        client_id=_client_id(settings),
        client_secret=client_secret or Secret(""),
        master_password=_secret(settings, "SECRETSAFE_MASTER_PASSWORD"),
        connection=Settings(
            ca_bundle=settings.ca_bundle,
            timeout=settings.timeout,
            token_cache=settings.token_cache,
            places=settings.places,
        ),
    )


def _secret(settings: Settings, name: str) -> Secret | None:
    found = settings.secretsafe
    return secret_setting(name, found.get(name, ""), found.get(f"{name}_FILE", ""), settings.told)


def _require(**needed: object) -> None:
    missing = [name for name, value in needed.items() if not value]
    if missing:
        raise SettingsError(
            f"not set: {', '.join(missing)}",
            "set SECRETSAFE_URL to the server, and the other two to a key: of your account (Settings > My Account) "
            "for vault items, of the organisation (Settings > My Organization) for everything else",
        )


def _url(settings: Settings, name: str) -> str:
    url = settings.secretsafe.get(name, "")
    return server_url(name, url, insecure_http=settings.insecure_http, told=settings.told(name)) if url else ""


def _client_id(settings: Settings) -> str:
    text, told = settings.secretsafe["SECRETSAFE_CLIENT_ID"], settings.told("SECRETSAFE_CLIENT_ID")
    if not text.startswith(_PREFIXES):
        raise SettingsError(
            f"{told} begins neither with organization. nor with user.",
            "copy it whole from SecretSafe, with the word in front, which says whose key it is",
        )
    if not (text.isascii() and text.isprintable()) or " " in text:
        raise SettingsError(
            f"{told} holds characters that no client id has",
            "copy it again, without spaces or line breaks",
        )
    return text
