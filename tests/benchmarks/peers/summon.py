"""summon, https://cyberark.github.io/summon/: a provider program for each value, here curl on Vault.

A provider gets the identifier of a secret as its one argument, and prints the value. Written from
that contract; its authors here have not run it with summon itself.
"""

from tests.benchmarks.peers.peer import Peer, Place, Start, trusting
from tests.benchmarks.peers.vault_backend import TOKEN, VaultBackend

# curl reads the header from a descriptor, not from its arguments; sed takes the value out of the answer.
_PROVIDER = """#!/bin/sh
[ $# -eq 1 ] || exit 1
printf 'header = "X-Vault-Token: %s"\\n' "$VAULT_TOKEN" |
    curl --silent --fail --config - "$VAULT_ADDR/v1/$1" | sed 's/.*"value": *"\\([^"]*\\)".*/\\1/'
"""


def _start(place: Place) -> Start:
    provider, mapping = place.folder / "provider", place.folder / "secrets.yml"
    provider.write_text(_PROVIDER, encoding="utf-8")
    provider.chmod(0o755)
    lines = (f"ITEM_{number}: !var secret/item_{number}\n" for number in range(place.count))
    mapping.write_text("".join(lines), encoding="utf-8")
    environ = {"VAULT_ADDR": place.url, "VAULT_TOKEN": TOKEN, **trusting(place.bundle, "CURL_CA_BUNDLE")}
    return Start(("--provider", str(provider), "-f", str(mapping)), environ)


PEER = Peer(
    program="summon",
    version=("--version",),
    backend=VaultBackend,
    start=_start,
    unlike="a curl for each",
    proven=False,
)
