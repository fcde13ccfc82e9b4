"""A vault served over a real loopback socket, for every test that wants a MySafe to talk to."""

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mysafe_env.emulator.mysafe.server import Emulator
from mysafe_env.vault.editions import V3_33, Edition
from mysafe_env.vault.reader import read_vault
from mysafe_env.vault.store import Vault


def vault_of(text: str, edition: Edition = V3_33) -> Vault:
    """The vault of a TOML text, under the rules of an edition."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "vault.toml")
        path.write_text(text, encoding="utf-8")
        path.chmod(0o600)
        return read_vault(str(path), edition)


@contextlib.contextmanager
def running_emulator(vault: str | os.PathLike[str] | Vault = "", **options: Any) -> Iterator[Emulator]:  # noqa: ANN401  # Emulator's own
    """A started emulator over a vault, over TOML text (a string) or over a file (a path).

    *options* are those of `Emulator`. It is stopped at the end, with every connection closed.
    """
    if isinstance(vault, str):
        vault = vault_of(vault)
    elif not isinstance(vault, Vault):
        vault = read_vault(os.fspath(vault))
    with Emulator(vault, **options) as emulator:
        yield emulator


def environment_of(emulator: Emulator) -> dict[str, str]:
    """What a user sets to reach it."""
    return {
        "MYSAFE_URL": emulator.url,
        "MYSAFE_CLIENT_ID": emulator.client_id,
        "MYSAFE_CLIENT_SECRET": emulator.client_secret.reveal(),
    }
