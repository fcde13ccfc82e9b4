"""Files that have no end, or one that is too far away."""

from collections.abc import Callable
from pathlib import Path

import pytest

from mysafe_env.emulator.secretsafe.vault_file import read_served_vault
from mysafe_env.errors import MappingError, MySafeEnvError, SettingsError, VaultFileError
from mysafe_env.importing.drafts import Defaults
from mysafe_env.importing.files import read_entries
from mysafe_env.settings import Flags, read_settings
from mysafe_env.small_files import LIMIT, read_small_file
from mysafe_env.vault.reader import read_vault
from tests.support.mappings import env_layer, plan_file

ENDLESS = "/dev/zero"


def _secret_file(path: str) -> object:
    return read_settings(Flags(), {"MYSAFE_CLIENT_SECRET_FILE": path}, {}).read_client_secret()


@pytest.mark.parametrize(
    ("read", "error"),
    [
        (plan_file, MappingError),
        (env_layer, MappingError),
        (lambda path: read_entries(path, "json", Defaults("password")), MappingError),
        (read_vault, VaultFileError),
        (read_served_vault, VaultFileError),
        (_secret_file, SettingsError),
    ],
    ids=["mapping", "env file", "import", "vault", "served vault", "secret"],
)
def test_an_endless_file_is_refused(read: Callable[[str], object], error: type[MySafeEnvError]) -> None:
    """Every reader of a file stops at the limit, and says it."""
    with pytest.raises(error, match="it is larger than 4 MiB"):
        read(ENDLESS)


def test_the_limit_itself_is_allowed(tmp_path: Path) -> None:
    """A file of exactly the limit is read, one byte more is not."""
    path = tmp_path / "file"
    path.write_bytes(bytes(LIMIT))
    assert LIMIT == len(read_small_file(str(path)))
    path.write_bytes(bytes(LIMIT + 1))
    with pytest.raises(OSError, match="larger"):
        read_small_file(str(path))
