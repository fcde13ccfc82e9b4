"""An emulated SecretSafe, and what reads it."""

import contextlib
import functools
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from mysafe_env.crypto.keys import ARGON2ID, PBKDF2, Kdf
from mysafe_env.crypto.primitives import KeyPair, new_key_pair
from mysafe_env.deadline import Deadline
from mysafe_env.emulator.exchange import Request as Emulated
from mysafe_env.emulator.secretsafe.server import SecretSafeEmulator
from mysafe_env.emulator.secretsafe.vault_file import ServedVault, VaultItem
from mysafe_env.items import Item
from mysafe_env.secret import Secret
from mysafe_env.settings import Flags, Settings, read_settings
from mysafe_env.sources.secretsafe.api import OrganizationApi
from mysafe_env.sources.secretsafe.settings import read_secretsafe_settings
from mysafe_env.sources.secretsafe.source import SecretSafeSource
from tests.support.scripted_server import Reply, Request, Script, ScriptedServer, json_reply

Change = Callable[[dict[str, Any]], dict[str, Any]]

MASTER_PASSWORD = "canary-master-Ä7"
# As few rounds as are accepted: most tests are not about the key derivation.
QUICK = Kdf(PBKDF2, 5_000)
KDFS = {"pbkdf2": Kdf(PBKDF2, 600_000), "argon2id": Kdf(ARGON2ID, 3, 32, 4)}
PATIENCE = 60.0


def vault_of(*items: VaultItem, **options: Any) -> ServedVault:  # noqa: ANN401  # its own
    """A vault with these items, quick to unlock."""
    return ServedVault(**{"master_password": Secret(MASTER_PASSWORD), "kdf": QUICK, "items": items, **options})


def login_item(name: str, **texts: str) -> VaultItem:
    """A login of the account itself."""
    return VaultItem(name, texts={field: Secret(text) for field, text in texts.items()})


@contextlib.contextmanager
def serving(*items: VaultItem | ServedVault, **options: Any) -> Iterator[SecretSafeEmulator]:  # noqa: ANN401  # its own
    """A started emulator of these items, or of one whole vault; *options* are those of `SecretSafeEmulator`.

    All of them have one small key pair: to make a real one, or to read it, takes as long as a test.
    """
    key_pair = options.pop("key_pair", _key_pair())
    vault = items[0] if items and isinstance(items[0], ServedVault) else vault_of(*_only_items(items))
    with SecretSafeEmulator(vault, key_pair=key_pair, **options) as emulator:
        yield emulator


@contextlib.contextmanager
def changed(
    *items: VaultItem | ServedVault, login: Change | None = None, sync: Change | None = None
) -> Iterator[tuple[ScriptedServer, SecretSafeEmulator]]:
    """A server whose login or sync is that of an emulator, changed on its way."""
    changes = {"/identity/connect/token": login, "/api/sync": sync}
    with serving(*(items or (login_item("a"),))) as emulator:
        api = emulator._shared.api  # noqa: SLF001  # the answers without their socket

        def answer(request: Request) -> Script:
            given = api.answer(Emulated(request.method, request.target, request.headers, request.body))
            change = changes.get(request.path)
            if change is None or given.status != 200:
                return Reply(given.status, given.body)
            return json_reply(change(json.loads(given.body)))

        with ScriptedServer(answer) as server:
            yield server, emulator


def personal_environment(emulator: SecretSafeEmulator) -> dict[str, str]:
    """The settings of a client with the account's key."""
    return {
        "SECRETSAFE_URL": emulator.url,
        "SECRETSAFE_CLIENT_ID": emulator.personal_id,
        "SECRETSAFE_CLIENT_SECRET": emulator.client_secret.reveal(),
        "SECRETSAFE_MASTER_PASSWORD": emulator.master_password.reveal(),
    }


def organization_environment(emulator: SecretSafeEmulator) -> dict[str, str]:
    """The settings of a client with the organisation's key."""
    return {
        "SECRETSAFE_URL": emulator.url,
        "SECRETSAFE_CLIENT_ID": emulator.organization_id,
        "SECRETSAFE_CLIENT_SECRET": emulator.client_secret.reveal(),
    }


def settings_of(environ: Mapping[str, str]) -> Settings:
    """The settings that an environment makes."""
    return read_settings(Flags(), environ, {})


def source_of(emulator: SecretSafeEmulator, **more: str) -> SecretSafeSource:
    """A source with the account's key."""
    return SecretSafeSource(settings_of(personal_environment(emulator) | more))


def api_of(emulator: SecretSafeEmulator, **more: str) -> OrganizationApi:
    """The organisation API with the organisation's key."""
    return OrganizationApi(read_secretsafe_settings(settings_of(organization_environment(emulator) | more)))


def all_items_of(source: SecretSafeSource) -> list[Item]:
    """Every item of an account."""
    deadline = Deadline(PATIENCE)
    return [source.get_item("item", row.identifier, deadline) for row in source.list_rows("item", (), deadline)]


def items_of(source: SecretSafeSource) -> dict[str, Item]:
    """The same by name."""
    return {item.plain["name"]: item for item in all_items_of(source)}


def revealed(item: Item) -> dict[str, str]:
    """Every field of an item that can be had, as text."""
    return {**item.plain, **{name: value.reveal() for name, value in item.secrets.items()}}


@functools.cache
def _key_pair() -> KeyPair:
    return new_key_pair(1024)


def _only_items(items: tuple[VaultItem | ServedVault, ...]) -> list[VaultItem]:
    return [item for item in items if isinstance(item, VaultItem)]
