"""A server as the settings describe it: its address, what every request to it says, and whom TLS trusts."""

import os
import ssl
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

from mysafe_env import __version__
from mysafe_env.errors import SettingsError
from mysafe_env.settings import Settings
from mysafe_env.sources.http.tls import tls_context
from mysafe_env.sources.http.unreachable import Attempt


class Server(NamedTuple):
    """Who is asked, and how."""

    base: str
    """The base URL, without a final slash."""
    headers: Mapping[str, str]
    """Those of every request."""
    context: ssl.SSLContext | None
    """How TLS is spoken; None for plain HTTP."""
    concurrency: int
    """How many connections there may be."""
    setting: str
    """The setting that messages name for the address."""

    @property
    def name(self) -> str:
        """Host and port, as messages name them."""
        return urlsplit(self.base).netloc

    @property
    def host(self) -> str:
        """The host's name or address, without the port."""
        return urlsplit(self.base).hostname or ""

    @property
    def port(self) -> int:
        """The port that is named, or that of the scheme."""
        return urlsplit(self.base).port or self.default_port

    @property
    def default_port(self) -> int:
        """The port of the scheme."""
        return 80 if self.context is None else 443

    def attempt(self, purpose: str, seconds: float, proxy: str = "") -> Attempt:
        """An attempt at a call for *purpose* that may take so many *seconds*, as messages tell it."""
        return Attempt(self.name, proxy, purpose, seconds, self.setting)


def server_of(settings: Settings, setting: str) -> Server:
    """The server of the settings; raises `SettingsError` for certificate files, or a referer, that can't be used."""
    base = settings.url.rstrip("/")
    # "HTTPS://" is the same scheme: urlsplit writes it in lower case.
    context = tls_context(settings, os.environ) if urlsplit(base).scheme == "https" else None
    return Server(base, _headers(settings), context, settings.concurrency, settings.told(setting))


def _headers(settings: Settings) -> dict[str, str]:
    headers = {
        "User-Agent": f"mysafe-env/{__version__}",
        "Accept": "application/json",
        # Secrets are too small to gain by compression, and a small answer can't become a huge one.
        "Accept-Encoding": "identity",
    }
    # requests refuses what begins with a space.
    if referer := settings.referer.strip(" "):
        if not (referer.isascii() and referer.isprintable()):
            raise SettingsError(
                f"{settings.told('MYSAFE_REFERER')} holds characters that a header can't carry",
                "write a plain ASCII URL",
            )
        headers["Referer"] = referer
    return headers
