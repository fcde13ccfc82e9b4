"""vault-cli, https://pypi.org/project/vault-cli/: `vault-cli env` on a folder of secrets, one by one."""

from tests.benchmarks.peers.peer import Peer, Place, Start
from tests.benchmarks.peers.vault_backend import TOKEN, VaultBackend


def _start(place: Place) -> Start:
    environ = {"VAULT_CLI_URL": place.url, "VAULT_CLI_TOKEN": TOKEN}
    if place.bundle is not None:
        environ["VAULT_CLI_CA_BUNDLE"] = str(place.bundle)
    return Start(("env", "--omit-single-key", "--path", "secret", "--"), environ)


PEER = Peer(
    program="vault-cli",
    version=("--version",),
    backend=VaultBackend,
    start=_start,
    unlike="one after the other",
    proven=True,
)
