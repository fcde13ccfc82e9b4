"""The real client and this one read the same out of the same server, and understand each other's items.

`.ci/bitwarden-cli` installs the real client; without it these tests are skipped, except in CI.
"""

import base64
import json
import os
import random
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from mysafe_env.crypto.primitives import new_key_pair
from mysafe_env.deadline import Deadline
from mysafe_env.emulator.secretsafe.server import SecretSafeEmulator
from mysafe_env.emulator.secretsafe.vault_file import CustomField, VaultCollection, VaultItem
from mysafe_env.items import Item
from mysafe_env.secret import Secret
from mysafe_env.sources.secretsafe.source import SecretSafeSource
from mysafe_env.sources.secretsafe.totp import code_at
from tests.secretsafe.served import (
    KDFS,
    MASTER_PASSWORD,
    PATIENCE,
    all_items_of,
    items_of,
    login_item,
    serving,
    source_of,
    vault_of,
)
from tests.support.authority import local_authority
from tests.support.process import run

_ROOT = Path(__file__).parents[2]
_ALPHABET = "abc XYZ 019 äöß €漢字🔑\"'\\$`{}\n\t=#;|&<>/%"
_NAMES = ["twice", "twice", "a/b#c%d", "e%2Ff", "漢字 🔑", " spaced ", "?x=y&z", "."]
_DETAILS = {
    3: ("cardholderName", "brand", "number", "expMonth", "expYear", "code"),
    4: ("title", "firstName", "lastName", "email", "ssn", "passportNumber"),
    5: ("privateKey", "publicKey", "keyFingerprint"),
}
_SSH_KEY = 5
_LINKED = 3
_SEEDS = [
    "JBSWY3DPEHPK3PXPJ",
    "steam://JBSWY3DPEHPK3PXP",
    "otpauth://totp/x?secret=JBSWY3DPEHPK3PXPJBSWY3DP&period=60&digits=8&algorithm=SHA256",
    "gezd gnbv gy3t qojq gezd gnbv gy3t qojq",
]


def _command() -> str:
    found = sorted(_ROOT.glob(".cache/bitwarden-cli-*/node_modules/.bin/bw"))
    if found and shutil.which("node"):
        return str(found[-1])
    if os.environ.get("CI") == "true":
        pytest.fail("the real client is not installed: run .ci/bitwarden-cli")
    pytest.skip("the real client is not installed: .ci/bitwarden-cli does that")


@dataclass(frozen=True)
class RealClient:
    """The real command, logged in and unlocked."""

    command: str
    environment: dict[str, str]
    session: str = ""

    def run(self, *arguments: str) -> str:
        """What a command prints."""
        session = ("--session", self.session) if self.session else ()
        finished = run(
            self.command, *arguments, *session, "--nointeraction", environment=self.environment, measured=False
        )
        assert 0 == finished.code, finished.stderr
        return finished.stdout.decode()

    def things(self, kind: str) -> dict[str, dict[str, Any]]:
        """Every item, folder or collection by its id."""
        return {thing["id"]: thing for thing in json.loads(self.run("list", kind)) if thing["id"]}


@pytest.fixture(scope="module", params=list(KDFS))
def served(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[SecretSafeEmulator, RealClient]]:
    """A server over TLS with a random vault, and the real client logged in to it."""
    command = _command()
    folder = tmp_path_factory.mktemp("referee")
    context, authority = local_authority(folder)
    # The same at every run, so that a failure can be looked into.
    chance = random.Random(request.param)  # noqa: S311  # nobody gains by guessing it
    vault = vault_of(*_random_items(chance), kdf=KDFS[request.param], collections=_COLLECTIONS)
    with serving(vault, tls=context, key_pair=new_key_pair()) as emulator:
        yield emulator, _logged_in(command, emulator, authority, folder)


def _source(emulator: SecretSafeEmulator, real: RealClient) -> SecretSafeSource:
    return source_of(emulator, MYSAFE_CA_BUNDLE=real.environment["NODE_EXTRA_CA_CERTS"])


def _logged_in(command: str, emulator: SecretSafeEmulator, authority: Path, folder: Path) -> RealClient:
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "BITWARDENCLI_APPDATA_DIR": str(folder / "real"),
        "NODE_EXTRA_CA_CERTS": str(authority),
        "BW_CLIENTID": emulator.personal_id,
        "BW_CLIENTSECRET": emulator.client_secret.reveal(),
        "BW_PASSWORD": MASTER_PASSWORD,
    }
    locked = RealClient(command, environment)
    locked.run("config", "server", emulator.url)
    locked.run("login", "--apikey")
    return RealClient(command, environment, locked.run("unlock", "--passwordenv", "BW_PASSWORD", "--raw"))


_COLLECTIONS = (VaultCollection("orders"), VaultCollection("ops/Ä"))


def _random_items(chance: random.Random) -> list[VaultItem]:
    return [_random_item(chance, number) for number in range(24)]


def _random_item(chance: random.Random, number: int) -> VaultItem:
    # One of each type, and then more of those that are used most.
    kind = number + 1 if number < _SSH_KEY else chance.choice([1, 1, 2])
    names = ("username", "password", "uri", "notes", "totp") if kind == 1 else ("notes",)
    texts = {name: Secret(_text(chance)) for name in names if chance.random() < 0.8}
    if "totp" in texts:
        texts["totp"] = Secret(chance.choice(_SEEDS))
    return VaultItem(
        name=_NAMES[number] if number < len(_NAMES) else f"{number} {_text(chance)}",
        type=kind,
        texts=texts,
        details={name: Secret(_text(chance)) for name in _DETAILS.get(kind, ())},
        attachments=chance.choice([(), ("key.pem", "Ä/ö.txt")]),
        fields=tuple(_random_field(chance, each) for each in range(number % 4)),
        folder=chance.choice(["", "Work", "Ünter/Ordner/tief"]),
        collections=chance.choice([(), ("orders",), ("orders", "ops/Ä")]),
        own_key=chance.random() < 0.5,
        trashed=number >= _SSH_KEY and chance.random() < 0.1,
    )


def _random_field(chance: random.Random, number: int) -> CustomField:
    kind = chance.choice([0, 1, 2, _LINKED])
    value = chance.choice(["true", "false"]) if kind == 2 else chance.choice(["", _text(chance)])
    return CustomField(f"{number}{_text(chance)}", Secret(value), kind)


def _text(chance: random.Random) -> str:
    return "".join(chance.choices(_ALPHABET, k=chance.randint(1, 40)))


def _as_we_read(item: Item) -> dict[str, str | None]:
    own = sorted(name for name in item.secrets if name.startswith("fields."))
    values = ((name, item.field(name)) for name in (*_FIELDS, *own))
    return {name: None if value is None else value.reveal() for name, value in values}


_FIELDS = ("name", "username", "password", "totp", "uri", "notes", "privateKey", "publicKey", "keyFingerprint")


def _as_they_read(item: dict[str, Any]) -> dict[str, str | None]:
    login, ssh_key = item.get("login") or {}, item.get("sshKey") or {}
    uris = login.get("uris") or [{}]
    # A linked field has no value of its own; ours says so when it is asked for.
    fields = {f"fields.{each['name']}": each["value"] for each in item.get("fields") or [] if each["type"] != _LINKED}
    known = {**item, **login, **ssh_key, "uri": uris[0].get("uri")}
    return {**{name: known.get(name) for name in _FIELDS}, **dict(sorted(fields.items()))}


def test_both_read_the_same(served: tuple[SecretSafeEmulator, RealClient]) -> None:
    """Of a random vault, the real client and this one read the same items with the same fields in the same places."""
    emulator, real = served
    theirs, source = real.things("items"), _source(emulator, real)
    ours = {item.identifier: item for item in all_items_of(source)}
    assert {name: _as_they_read(item) for name, item in theirs.items()} == {
        name: _as_we_read(item) for name, item in ours.items()
    }
    assert {1, 2, 3, 4, 5} == {item["type"] for item in theirs.values()}
    for selector, key in (("folder", "folderId"), ("collection", "collectionIds")):
        for identifier, place in real.things(f"{selector}s").items():
            rows = source.list_rows("item", ((selector, place["name"]),), Deadline(PATIENCE))
            there = {each["id"] for each in theirs.values() if identifier in (each.get(key) or ())}
            assert there == {row.identifier for row in rows}


def test_both_compute_the_same_codes(tmp_path: Path) -> None:
    """A one-time code of ours is one that the real client shows in the same moments."""
    command = _command()
    context, authority = local_authority(tmp_path)
    seeds = {f"coded {number}": seed for number, seed in enumerate(_SEEDS[:3])}
    items = [login_item(name, totp=seed) for name, seed in seeds.items()]
    with serving(*items, tls=context, key_pair=new_key_pair()) as emulator:
        real = _logged_in(command, emulator, authority, tmp_path)
        for name, seed in seeds.items():
            before = time.time()
            code = real.run("get", "totp", name)
            assert code in {code_at(seed, before), code_at(seed, time.time())}


def test_an_item_of_the_real_client_is_read(served: tuple[SecretSafeEmulator, RealClient]) -> None:
    """An item that the real client encrypted and sent is read with all its fields."""
    emulator, real = served
    item: dict[str, Any] = {
        "type": 1,
        "name": "made by the real client",
        "notes": "line 1\nline 2 ä€🔑",
        "organizationId": None,
        "collectionIds": None,
        "folderId": None,
        "favorite": False,
        "reprompt": 0,
        "fields": [{"name": "port", "value": "5432", "type": 0}, {"name": "pin", "value": "0042", "type": 1}],
        "login": {"username": "ada", "password": "pä'ss\"w$rd", "totp": _SEEDS[0], "uris": [{"uri": "https://x.test"}]},
    }
    real.run("create", "item", base64.b64encode(json.dumps(item).encode()).decode())
    source = _source(emulator, real)
    read = items_of(source)[item["name"]]
    expected = {
        **dict.fromkeys(_FIELDS),
        "name": item["name"],
        "username": "ada",
        "password": "pä'ss\"w$rd",
        "totp": _SEEDS[0],
        "uri": "https://x.test",
        "notes": "line 1\nline 2 ä€🔑",
        "fields.pin": "0042",
        "fields.port": "5432",
    }
    assert expected == _as_we_read(read)
