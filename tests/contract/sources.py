"""Every source there is, over the same vault."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from mysafe_env.secret import Secret
from mysafe_env.settings import Settings
from mysafe_env.sources.base import Source
from mysafe_env.sources.local import open_local
from mysafe_env.sources.mysafe.source import MySafeSource
from tests.support.emulator import running_emulator

SECRET = Secret("a secret of the client's: +%/ä")
# The printed token request is a GET; another server knows the POST of RFC 6749 alone.
OFFERED = {"post": frozenset({"POST"}), "get": frozenset({"GET"})}
SYSTEMS = ("local", *OFFERED)


@contextmanager
def open_system(system: str, vault: Path, **options: Any) -> Iterator[Settings]:  # noqa: ANN401  # Emulator's own
    """The settings for a system that holds the vault; *options* are those of `Emulator`."""
    if system == "local":
        yield Settings(vault_file=str(vault))
        return
    with running_emulator(vault, client_secret=SECRET, token_methods=OFFERED[system], **options) as emulator:
        yield Settings(url=emulator.url, client_id=emulator.client_id, client_secret=SECRET, timeout=60)


@contextmanager
def opened(settings: Settings) -> Iterator[Source]:
    """The source that the settings mean."""
    if settings.vault_file:
        yield open_local(settings.vault_file)
        return
    source = MySafeSource(settings)
    try:
        yield source
    finally:
        source.close()


def write_vault(folder: Path, text: str) -> Path:
    """A vault file that its owner alone may read."""
    path = folder / "vault.toml"
    path.write_text(text, encoding="utf-8")
    path.chmod(0o600)
    return path
