"""The emulator of MySafe: a local vault behind a loopback socket."""

import secrets
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from mysafe_env.emulator.faults import Fault
from mysafe_env.emulator.mysafe.routes import MySafeApi
from mysafe_env.emulator.rate_limit import RateLimit
from mysafe_env.emulator.server import LoopbackServer
from mysafe_env.emulator.tokens import Tokens
from mysafe_env.secret import Secret
from mysafe_env.vault.store import Vault

if TYPE_CHECKING:
    import ssl

_TOKEN_METHODS: Final = frozenset({"POST", "GET"})


class Emulator(LoopbackServer):
    """Serves a vault as MySafe would, on loopback only; a context manager that starts and stops it.

    `token_methods` are the methods that the token route knows, `token_lifetime` is in seconds, and the rest is what
    `LoopbackServer` has. Without a client secret a random one is made.
    """

    def __init__(  # noqa: PLR0913  # each is one thing that a test or a user may turn
        self,
        vault: Vault,
        *,
        client_id: str = "emulator",
        client_secret: Secret | None = None,
        latency: float = 0.0,
        faults: Iterable[Fault] = (),
        rate_limit: RateLimit | None = None,
        port: int = 0,
        token_lifetime: float = 3600.0,
        token_methods: frozenset[str] = _TOKEN_METHODS,
        tls: "ssl.SSLContext | None" = None,
    ) -> None:
        self.client_id = client_id
        self.client_secret = client_secret or Secret(secrets.token_urlsafe(24))
        api = MySafeApi(vault, Tokens(client_id, self.client_secret, token_lifetime), token_methods)
        super().__init__(api, latency=latency, faults=faults, rate_limit=rate_limit, port=port, tls=tls)

    @property
    def settings(self) -> str:
        """Three lines that a shell can source; all three values are safe without quotes."""
        return (
            f"MYSAFE_URL={self.url}\nMYSAFE_CLIENT_ID={self.client_id}\n"
            f"MYSAFE_CLIENT_SECRET={self.client_secret.reveal()}\n"
        )
