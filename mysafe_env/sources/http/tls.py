"""TLS by the settings: which authorities are trusted, and which client certificate is presented."""

import ssl
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from mysafe_env.errors import SettingsError
from mysafe_env.settings import Settings

# The names that requests, curl and OpenSSL read, in the order in which requests and OpenSSL would.
_CA_VARIABLES: Final = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")


def tls_context(settings: Settings, environ: Mapping[str, str]) -> ssl.SSLContext:
    """A context that always verifies; raises `SettingsError` for files that can't be used.

    `ssl.create_default_context` is not used: it honours SSLKEYLOGFILE, which writes to the disk
    what it takes to read every secret on the wire.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.set_alpn_protocols(["http/1.1"])
    name, path = _authorities(settings, environ)
    _trust(context, name, path)
    if settings.client_cert:
        _present(context, settings)
    return context


def _authorities(settings: Settings, environ: Mapping[str, str]) -> tuple[str, str]:
    """The setting that names the authorities, and the file or directory it names."""
    by_variable = ((name, environ.get(name, "")) for name in _CA_VARIABLES)
    named = (
        (name, path) for name, path in ((settings.told("MYSAFE_CA_BUNDLE"), settings.ca_bundle), *by_variable) if path
    )
    return next(named, None) or _default_authorities()


def _default_authorities() -> tuple[str, str]:
    import certifi  # noqa: PLC0415  # of no use where a bundle is named

    return "the CA bundle of certifi", certifi.where()


def _trust(context: ssl.SSLContext, name: str, path: str) -> None:
    hint = "name a file of certificates in PEM form, or a directory prepared by: openssl rehash"
    try:
        if Path(path).is_dir():
            context.load_verify_locations(capath=path)
        else:
            context.load_verify_locations(cafile=path)
    except ssl.SSLError:
        raise SettingsError(f"{name} {path} holds no certificate in PEM form", hint) from None
    except OSError as error:
        raise SettingsError(f"can't read {name} {path}: {error.strerror}", hint) from None


def _present(context: ssl.SSLContext, settings: Settings) -> None:
    named = f"{settings.told('MYSAFE_CLIENT_CERT')} {settings.client_cert}"
    if settings.client_key:
        named += f" and {settings.told('MYSAFE_CLIENT_KEY')} {settings.client_key}"
    try:
        # Without a password OpenSSL would ask for one on the terminal.
        context.load_cert_chain(settings.client_cert, settings.client_key or None, password="")
    except ssl.SSLError as error:
        raise SettingsError(f"can't use {named}: {_unusable(error)}", "both are files in PEM form") from None
    except OSError as error:
        raise SettingsError(f"can't read {named}: {error.strerror}", "name files that you may read") from None


def _unusable(error: ssl.SSLError) -> str:
    if error.reason == "KEY_VALUES_MISMATCH":
        return "the key does not belong to the certificate"
    return "no certificate with an unencrypted key is in there"
