"""Connection settings: flags beat the environment, which beats the settings file, which beats defaults."""

import math
import os
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from mysafe_env.errors import SettingsError
from mysafe_env.secret import Secret

DEFAULT_TIMEOUT: Final = 30.0
CONCURRENCY: Final = 16
# eleven days; poll(2) counts milliseconds in a C int, which ends at twenty-four
LONGEST_TIMEOUT: Final = 1e6
LOCAL_SCHEME: Final = "file:"

# Never inherited by a child: our own credentials, with the twins that name a file.
CREDENTIALS: Final = tuple(
    name + twin
    for name in (
        "MYSAFE_CLIENT_SECRET",
        "SENHASEGURA_CLIENT_SECRET",
        "SECRETSAFE_CLIENT_SECRET",
        "SECRETSAFE_MASTER_PASSWORD",
    )
    for twin in ("", "_FILE")
)

# senhasegura's own CI tooling uses the second name of each pair.
_ALIASES: Final = {
    "MYSAFE_URL": "SENHASEGURA_URL",
    "MYSAFE_CLIENT_ID": "SENHASEGURA_CLIENT_ID",
    "MYSAFE_CLIENT_SECRET": "SENHASEGURA_CLIENT_SECRET",
}
_FLAGS: Final = {"MYSAFE_URL": "--vault", "MYSAFE_CA_BUNDLE": "--ca-bundle", "MYSAFE_TIMEOUT": "--timeout"}
_TOKEN_AUTH: Final[Mapping[str, tuple[str, ...]]] = {
    "auto": (),
    "post": ("body", "basic", "query"),
    "get": ("basic", "query"),
}


class Settings(NamedTuple):
    """How to reach MySafe. `url` is empty when none was given; `vault_file` is set for a local vault."""

    url: str = ""
    vault_file: str = ""
    client_id: str = ""
    client_secret: Secret | None = None
    tenant: str = ""
    token_method: str = "auto"  # noqa: S105  # not a secret: auto, post or get
    token_auth: str = ""
    """How client id and secret travel; empty when no method is named."""
    ca_bundle: str = ""
    client_cert: str = ""
    client_key: str = ""
    referer: str = ""
    timeout: float = DEFAULT_TIMEOUT
    """Seconds for a whole resolution."""
    mapping: str = ""
    profile: str = ""
    insecure_http: bool = False
    concurrency: int = CONCURRENCY
    """How many calls may wait for an answer at once."""
    locator_cache: bool = False
    """Whether to remember where items were found."""
    token_cache: bool = False
    """Whether to keep the access token in the kernel's keyring."""
    secretsafe: Mapping[str, str] = MappingProxyType({})
    """The `SECRETSAFE_*` settings as they were found; they are read when something of SecretSafe is asked for."""
    places: Mapping[str, str] = MappingProxyType({})
    """By the name of a setting, where it was found; those that are missing here are variables of that name."""
    client_secret_file: str = ""
    """The file that holds the client secret; it is read when a server is asked, since nobody else needs it."""

    def read_client_secret(self) -> Secret | None:
        """The client secret, be it in a file; raises `SettingsError` for a file that can't be read."""
        if not self.client_secret_file:
            return self.client_secret
        return Secret(_read_secret_file(self.told("MYSAFE_CLIENT_SECRET_FILE"), self.client_secret_file))

    def told(self, name: str) -> str:
        """A setting as messages name it: `MYSAFE_URL`, `--vault`, or `MYSAFE_URL (local.env)`."""
        return self.places.get(name, name)

    def __repr__(self) -> str:
        shown = (f"{name}={value!r}" for name, value in self._asdict().items() if name not in {"secretsafe", "places"})
        return f"Settings({', '.join(shown)})"


class Flags(NamedTuple):
    """The connection flags that every command has."""

    vault: str | None = None
    ca_bundle: str | None = None
    timeout: float | str | None = None
    insecure_http: bool = False
    concurrency: int = CONCURRENCY
    locator_cache: bool = False
    token_cache: bool = False


def read_settings(
    flags: Flags, environ: Mapping[str, str], settings_file: Mapping[str, str], file_name: str = ""
) -> Settings:
    """One `Settings` out of all places; raises `SettingsError` naming the setting that is wrong, and its place."""
    found = _Found(flags, environ, settings_file, file_name)
    url, vault_file = _address(found, insecure_http=flags.insecure_http)
    method, auth = _token_way(found)
    client_secret, client_secret_file = _client_secret(found)
    return Settings(
        url=url,
        vault_file=vault_file,
        client_id=_utf8(found.told("MYSAFE_CLIENT_ID"), found.text("MYSAFE_CLIENT_ID")),
        client_secret=client_secret,
        tenant=_utf8(found.told("MYSAFE_TENANT"), found.text("MYSAFE_TENANT")),
        token_method=method,
        token_auth=auth,
        ca_bundle=_readable_file(found, "MYSAFE_CA_BUNDLE"),
        client_cert=_readable_file(found, "MYSAFE_CLIENT_CERT"),
        client_key=_client_key(found),
        referer=found.text("MYSAFE_REFERER"),
        timeout=_timeout(found),
        mapping=found.text("MYSAFE_MAPPING"),
        profile=found.text("MYSAFE_PROFILE"),
        insecure_http=flags.insecure_http,
        concurrency=flags.concurrency,
        locator_cache=flags.locator_cache,
        token_cache=flags.token_cache,
        secretsafe=found.all("SECRETSAFE_"),
        places=found.places(),
        client_secret_file=client_secret_file,
    )


class _Found:
    """Looks settings up as text, in the order of precedence; an empty value counts as not set."""

    def __init__(
        self, flags: Flags, environ: Mapping[str, str], settings_file: Mapping[str, str], file_name: str
    ) -> None:
        given = {"MYSAFE_URL": flags.vault, "MYSAFE_CA_BUNDLE": flags.ca_bundle, "MYSAFE_TIMEOUT": flags.timeout}
        by_flag = {name: str(value) for name, value in given.items() if value is not None}
        self._places = (by_flag, environ, settings_file)
        self._file_name = file_name

    def text(self, name: str) -> str:
        return self.exactly(self._written(name))

    def told(self, name: str) -> str:
        """The setting as it was written, and where, if not in the environment."""
        written = self._written(name)
        by_flag, environ, settings_file = self._places
        if by_flag.get(written):
            return _FLAGS[written]
        if self._file_name and not environ.get(written) and settings_file.get(written):
            return f"{written} ({self._file_name})"
        return written

    def places(self) -> dict[str, str]:
        """What is not told by its name alone."""
        by_flag, _, settings_file = self._places
        told = {name: self.told(name) for name in (*by_flag, *settings_file, *_ALIASES)}
        return {name: words for name, words in told.items() if words != name}

    def _written(self, name: str) -> str:
        """The name, or the alias that stands in where it is not set."""
        alias = _ALIASES.get(name)
        return alias if alias and not self.exactly(name) and self.exactly(alias) else name

    def exactly(self, name: str) -> str:
        return next((place[name] for place in self._places if place.get(name)), "")

    def all(self, prefix: str) -> dict[str, str]:
        names = {name for place in self._places for name in place if name.startswith(prefix)}
        return {name: self.exactly(name) for name in sorted(names)}


def _address(found: _Found, *, insecure_http: bool) -> tuple[str, str]:
    """The server's base URL without a final slash, and the path of a local vault; one of them is empty."""
    url, told = found.text("MYSAFE_URL"), found.told("MYSAFE_URL")
    if url.startswith(LOCAL_SCHEME):
        return "", _vault_path(url, told)
    if not url:
        return "", ""
    from mysafe_env.server_url import server_url  # noqa: PLC0415  # a local vault needs none

    return server_url("MYSAFE_URL", url, insecure_http=insecure_http, told=told), ""


def _vault_path(url: str, told: str) -> str:
    path = url.removeprefix(LOCAL_SCHEME)
    if path.startswith("//"):
        path = path.removeprefix("//").removeprefix("localhost")
    if not path:
        raise SettingsError(f"{told} names no vault file after file:", "write the path behind it: file:vault.toml")
    return path


def _token_way(found: _Found) -> tuple[str, str]:
    method, auth = found.text("MYSAFE_TOKEN_METHOD") or "auto", found.text("MYSAFE_TOKEN_AUTH")
    if method not in _TOKEN_AUTH:
        raise SettingsError(f'{found.told("MYSAFE_TOKEN_METHOD")} is "{method}"', "write auto, post or get")
    if not auth:
        return method, {"auto": "", "post": "body", "get": "basic"}[method]
    if auth not in _TOKEN_AUTH["post"]:
        raise SettingsError(f'{found.told("MYSAFE_TOKEN_AUTH")} is "{auth}"', "write body, basic or query")
    if auth not in _TOKEN_AUTH[method]:
        raise SettingsError(
            f"MYSAFE_TOKEN_AUTH={auth} does not go with MYSAFE_TOKEN_METHOD={method}",
            _contradiction_hint(method),
        )
    return method, auth


def _contradiction_hint(method: str) -> str:
    if method == "auto":
        return "name the method too: MYSAFE_TOKEN_METHOD=post or get"
    return "a GET has no body: write basic (or query, which ends up in access logs), or MYSAFE_TOKEN_METHOD=post"


def _client_secret(found: _Found) -> tuple[Secret | None, str]:
    """The client secret, or the file that holds it."""
    file = found.text("MYSAFE_CLIENT_SECRET_FILE")
    # The alias stands in only where neither of our own two names is set.
    text = found.exactly("MYSAFE_CLIENT_SECRET") if file else found.text("MYSAFE_CLIENT_SECRET")
    _refuse_both("MYSAFE_CLIENT_SECRET", text, file, found.told)
    return secret_setting("MYSAFE_CLIENT_SECRET", text, "", found.told), file


def secret_setting(name: str, text: str, file: str, told: Callable[[str], str]) -> Secret | None:
    """A secret that is set, or that stands in the file that `{name}_FILE` names; None where neither is set.

    *told* says how messages name a setting.
    """
    _refuse_both(name, text, file, told)
    if file:
        return Secret(_read_secret_file(told(f"{name}_FILE"), file))
    return typed_secret(told(name), text) if text else None


def _refuse_both(name: str, text: str, file: str, told: Callable[[str], str]) -> None:
    if text and file:
        raise SettingsError(f"both {told(name)} and {told(f'{name}_FILE')} are set", "unset one of the two")


def typed_secret(name: str, text: str) -> Secret:
    """A secret that somebody typed or set; raises `SettingsError` for bytes that are no UTF-8."""
    return Secret(_utf8(name, text))


def _utf8(name: str, text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise SettingsError(f"{name} is not UTF-8 text", "set it again, in a terminal that speaks UTF-8") from None
    return text


def _read_secret_file(name: str, path: str) -> str:
    from mysafe_env.small_files import read_small_file  # noqa: PLC0415  # of no use where no file is named

    try:
        text = read_small_file(path).decode().removesuffix("\n").removesuffix("\r")
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise SettingsError(f"can't read {name} {path}: {reason}", "name a file that holds the secret alone") from None
    if not text:
        raise SettingsError(f"{name} {path} is empty", "put the secret into it")
    return text


def _client_key(found: _Found) -> str:
    key = _readable_file(found, "MYSAFE_CLIENT_KEY")
    if key and not found.text("MYSAFE_CLIENT_CERT"):
        raise SettingsError(
            f"{found.told('MYSAFE_CLIENT_KEY')} is set without MYSAFE_CLIENT_CERT",
            "set MYSAFE_CLIENT_CERT to the certificate",
        )
    return key


def _readable_file(found: _Found, name: str) -> str:
    path = found.text(name)
    # OpenSSL's own words for a missing file name neither the file nor the setting.
    if path and not _is_readable(path):
        raise SettingsError(f"can't read {found.told(name)} {path}", "name a file that exists and that you may read")
    return path


def _is_readable(path: str) -> bool:
    try:
        return os.access(path, os.R_OK)
    except ValueError:  # a NUL, or text that is no file name
        return False


def _timeout(found: _Found) -> float:
    text = found.text("MYSAFE_TIMEOUT")
    if not text:
        return DEFAULT_TIMEOUT
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not (math.isfinite(seconds) and seconds > 0):
        raise SettingsError(
            f'{found.told("MYSAFE_TIMEOUT")} is "{text}"', "write a number of seconds above 0, such as 30"
        )
    return min(seconds, LONGEST_TIMEOUT)
