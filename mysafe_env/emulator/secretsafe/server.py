"""The emulator of SecretSafe: an account and an organisation behind a loopback socket."""

import secrets
from collections.abc import Iterable
from typing import TYPE_CHECKING

from mysafe_env.crypto.primitives import KeyPair
from mysafe_env.emulator.faults import Fault
from mysafe_env.emulator.rate_limit import RateLimit
from mysafe_env.emulator.secretsafe.routes import SecretSafeApi
from mysafe_env.emulator.secretsafe.vault_file import ServedVault
from mysafe_env.emulator.server import LoopbackServer
from mysafe_env.secret import Secret

if TYPE_CHECKING:
    import ssl


class SecretSafeEmulator(LoopbackServer):
    """Serves what SecretSafe would; *old* plays a server of 2020, and the rest is what `LoopbackServer` has.

    Both keys, the account's and the organisation's, have one client secret; without one a random one is made. So is
    the account's key pair.
    """

    def __init__(  # noqa: PLR0913  # each is one thing that a test or a user may turn
        self,
        vault: ServedVault,
        *,
        old: bool = False,
        client_secret: Secret | None = None,
        key_pair: KeyPair | None = None,
        latency: float = 0.0,
        faults: Iterable[Fault] = (),
        rate_limit: RateLimit | None = None,
        port: int = 0,
        token_lifetime: float = 3600.0,
        tls: "ssl.SSLContext | None" = None,
    ) -> None:
        self.client_secret = client_secret or Secret(secrets.token_urlsafe(24))
        self.master_password = vault.master_password
        api = SecretSafeApi(vault, self.client_secret, token_lifetime, old=old, key_pair=key_pair)
        self.personal_id, self.organization_id = api.personal_id, api.organization_id
        super().__init__(api, latency=latency, faults=faults, rate_limit=rate_limit, port=port, tls=tls)

    @property
    def settings(self) -> str:
        """Lines that a shell can source: the account's key, and the organisation's as a comment.

        The master password is the one in the vault file, and is not repeated.
        """
        return (
            f"SECRETSAFE_URL={self.url}\nSECRETSAFE_CLIENT_ID={self.personal_id}\n"
            f"SECRETSAFE_CLIENT_SECRET={self.client_secret.reveal()}\n"
            f"# for the organisation API: SECRETSAFE_CLIENT_ID={self.organization_id}\n"
            "# for vault items: SECRETSAFE_MASTER_PASSWORD, the vault file's master_password\n"
        )
