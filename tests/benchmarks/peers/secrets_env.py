"""secrets.env, https://pypi.org/project/secrets.env/: `secrets.env run` on Vault, one secret after the other."""

from tests.benchmarks.peers.peer import Peer, Place, Start, trusting
from tests.benchmarks.peers.vault_backend import TOKEN, VaultBackend


def _start(place: Place) -> Start:
    config = place.folder / "secrets-env.toml"
    lines = [f'[source]\ntype = "vault"\nurl = "{place.url}"\nauth = "token"\n\n[secrets]']
    lines += [f'ITEM_{number} = "secret/item_{number}#value"' for number in range(place.count)]
    config.write_text("\n".join(lines) + "\n", encoding="utf-8")
    environ = {"VAULT_TOKEN": TOKEN, **trusting(place.bundle, "VAULT_CACERT")}
    return Start(("run", "--quiet", "--config", str(config), "--"), environ)


PEER = Peer(
    program="secrets.env",
    version=("--version",),
    backend=VaultBackend,
    start=_start,
    unlike="one after the other",
    proven=True,
)
