"""envconsul, https://github.com/hashicorp/envconsul: `envconsul -once` on Vault, all secrets at once.

Its authors here have not run it: written from its documentation, and from uses of it that are public.
"""

from tests.benchmarks.peers.peer import Peer, Place, Start, trusting
from tests.benchmarks.peers.vault_backend import TOKEN, VaultBackend


def _start(place: Place) -> Start:
    secrets = (part for number in range(place.count) for part in ("-secret", f"secret/item_{number}"))
    arguments = ("-once", "-vault-addr", place.url, "-vault-renew-token=false", *secrets)
    # Go's own variable for what the system trusts.
    return Start(arguments, {"VAULT_TOKEN": TOKEN, **trusting(place.bundle, "SSL_CERT_FILE")})


PEER = Peer(
    program="envconsul",
    version=("-version",),
    backend=VaultBackend,
    start=_start,
    unlike="a connection for each",
    proven=False,
)
