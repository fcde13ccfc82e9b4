"""Vault items: signed in once, synced once, decrypted here."""

import dataclasses
from typing import Any

import pytest

from mysafe_env.crypto.keys import Kdf
from mysafe_env.deadline import Deadline
from mysafe_env.emulator.secretsafe.vault_file import CustomField, VaultCollection, VaultItem
from mysafe_env.errors import (
    BadAnswerError,
    CredentialsError,
    MySafeEnvError,
    NoAccessError,
    NotFoundError,
    OutageError,
    RefusedError,
    SettingsError,
)
from mysafe_env.items import Item
from mysafe_env.secret import Secret
from mysafe_env.sources.secretsafe.source import SecretSafeSource
from tests.secretsafe.served import (
    KDFS,
    PATIENCE,
    changed,
    items_of,
    login_item,
    organization_environment,
    personal_environment,
    revealed,
    serving,
    settings_of,
    source_of,
    vault_of,
)
from tests.support.scripted_server import in_all_forms

WRONG = "canary-wrong"
ORDERS = VaultCollection("orders", "orders")


def _rows(source: SecretSafeSource, **selectors: str) -> list[str]:
    found = source.list_rows("item", tuple(sorted(selectors.items())), Deadline(PATIENCE))
    return [row.fields["name"] for row in found]


def _one(*items: VaultItem, **options: object) -> Item:
    """The first of these items, as it is read from an emulated server."""
    with serving(vault_of(*items, **options)) as emulator:
        return items_of(source_of(emulator))[items[0].name]


def _refusal(item: Item, field: str) -> MySafeEnvError:
    with pytest.raises(MySafeEnvError) as caught:
        item.field(field)
    return caught.value


@pytest.mark.parametrize("old", [False, True], ids=["new", "old"])
@pytest.mark.parametrize("kdf", KDFS.values(), ids=KDFS.keys())
def test_a_login_with_everything(kdf: Kdf, old: bool) -> None:  # noqa: FBT001  # a parameter
    """Every field of a login is there, from a server of today and from one of 2020."""
    texts = {"username": "ada", "password": "pä", "totp": "JBSWY3DPEHPK3PXP", "uri": "https://x.test", "notes": "a\nb"}
    item = dataclasses.replace(login_item("db", **texts), fields=(CustomField("port", Secret("5432"), 1),))
    with serving(vault_of(item, kdf=kdf), old=old) as emulator:
        read = revealed(items_of(source_of(emulator))["db"])
    code = read.pop("totp_code")
    assert 6 == len(code)
    del read["id"]
    assert {**texts, "name": "db", "fields.port": "5432", "password/notes": "pä"} == read


@pytest.mark.parametrize("old", [False, True], ids=["new", "old"])
def test_items_of_the_organisation(old: bool) -> None:  # noqa: FBT001  # a parameter
    """Items of the organisation are opened with its key, and with their own where they have one."""
    items = [
        VaultItem("plain", 2, {"notes": Secret("one")}, collections=("orders",)),
        VaultItem("own key", 2, {"notes": Secret("two")}, collections=("orders",), own_key=True),
    ]
    with serving(vault_of(*items, collections=(ORDERS,)), old=old) as emulator:
        read = items_of(source_of(emulator))
    assert {"plain": "one", "own key": "two"} == {name: item.secrets["notes"].reveal() for name, item in read.items()}


def test_selectors() -> None:
    """Items are selected by id, name, folder and collection, which narrow together and compare exactly."""
    items = [
        VaultItem("a", folder="Work"),
        VaultItem("a", collections=("orders",)),
        VaultItem("b", folder="Work", collections=("orders", "ops")),
        VaultItem("gone", trashed=True),
    ]
    with serving(vault_of(*items, collections=(ORDERS, VaultCollection("ops")))) as emulator:
        source = source_of(emulator)
        first = source.list_rows("item", (("name", "b"),), Deadline(PATIENCE))[0]
        assert ["a", "a", "b"] == _rows(source)
        assert ["a", "a"] == _rows(source, name="a")
        assert [] == _rows(source, name="A")
        assert ["a", "b"] == _rows(source, folder="Work")
        assert ["a", "b"] == _rows(source, collection="orders")
        assert ["b"] == _rows(source, collection="ops")
        assert ["b"] == _rows(source, id=first.identifier)
        assert ["a"] == _rows(source, name="a", folder="Work")
        assert [] == _rows(source, folder="orders")


def test_one_token_and_one_sync() -> None:
    """However many items are read, there is one token request and one sync, over one connection."""
    with serving(*(login_item(f"item {number}", password="x") for number in range(50))) as emulator:
        assert 50 == len(items_of(source_of(emulator)))
        assert ["/identity/connect/token", "/api/sync?excludeDomains=true"] == [
            each.target for each in emulator.requests
        ]
        assert 1 == emulator.connections


def test_a_large_vault() -> None:
    """A sync may be larger than any other answer: large organisations have tens of MiB."""
    with changed(sync=lambda body: {**body, "sends": "x" * (17 * 2**20)}) as (server, emulator):
        assert ["a"] == _rows(source_of(emulator, SECRETSAFE_URL=server.url))


def test_an_old_server_is_asked_for_the_key_derivation() -> None:
    """A login that does not tell the key derivation leads to one prelogin call, wherever the server has it."""
    with serving(login_item("a"), old=True) as emulator:
        items_of(source_of(emulator))
        assert ["/identity/accounts/prelogin", "/api/accounts/prelogin"] == [
            each.target for each in emulator.requests[2:]
        ]


def test_what_is_meant_without_a_field() -> None:
    """A login gives its password, a secure note its notes, anything else a reason."""
    assert Secret("pw") == _one(login_item("a", password="pw", notes="n")).field("password/notes")
    assert Secret("n") == _one(VaultItem("a", 2, {"notes": Secret("n")})).field("password/notes")
    assert None is _one(login_item("a", username="u")).field("password/notes")
    refusal = _refusal(_one(VaultItem("a", 3)), "password/notes")
    assert "neither a login nor a secure note but card" in refusal.message
    assert "#fields.NAME" in refusal.hint


def test_what_is_hidden_from_the_member() -> None:
    """Of an item that may be used and not seen, password, seed, code and hidden fields are refused; others work."""
    item = dataclasses.replace(
        login_item("a", username="u", password="p", totp="JBSWY3DPEHPK3PXP", uri="x", notes="n"),
        fields=(CustomField("pin", Secret("1"), 1), CustomField("port", Secret("2"), 0)),
        collections=("orders",),
        hidden=True,
    )
    read = _one(item, collections=(ORDERS,))
    for field in ("password", "totp", "totp_code", "fields.pin", "password/notes"):
        refusal = _refusal(read, field)
        assert isinstance(refusal, NoAccessError)
        assert "hides it from the member" in refusal.message
    shown = ("username", "uri", "notes", "fields.port")
    assert [Secret("u"), Secret("x"), Secret("n"), Secret("2")] == [read.field(field) for field in shown]


def test_a_seed_without_a_code() -> None:
    """A seed that no code can be made of is given as it is, and the code is refused with the reason."""
    read = _one(login_item("a", totp="otpauth://hotp/x"))
    assert Secret("otpauth://hotp/x") == read.field("totp")
    assert "do not go by time" in _refusal(read, "totp_code").message


def test_fields_of_one_name() -> None:
    """Two custom fields of one name are ambiguous; nobody is given one of them by chance."""
    fields = tuple(CustomField("port", Secret(value)) for value in ("1", "2", "3"))
    assert "several fields.port" in _refusal(_one(VaultItem("a", fields=fields)), "fields.port").message


def test_a_linked_field() -> None:
    """A field that is linked to another one has no value of its own, and says so."""
    item = dataclasses.replace(login_item("a", username="u"), fields=(CustomField("user", Secret(""), 3),))
    assert "is linked to another field" in _refusal(_one(item), "fields.user").message


def test_an_ssh_key() -> None:
    """An SSH key has its two halves and its fingerprint; without a field nobody guesses which is meant."""
    details = {"privateKey": "canary", "publicKey": "ssh-ed25519 AAAA", "keyFingerprint": "SHA256:x"}
    secrets = {name: Secret(text) for name, text in details.items()}
    read = _one(VaultItem("a", 5, details=secrets, attachments=("a.pem",)))
    assert secrets == {name: read.field(name) for name in details}
    assert {"publicKey", "keyFingerprint"} <= read.plain.keys()
    assert "neither a login nor a secure note but SSH key" in _refusal(read, "password/notes").message
    hidden = _one(VaultItem("a", 5, details=secrets, collections=("orders",), hidden=True), collections=(ORDERS,))
    assert isinstance(_refusal(hidden, "privateKey"), NoAccessError)


def test_an_item_that_is_not_there() -> None:
    """An unknown id is not found."""
    with serving(login_item("a")) as emulator, pytest.raises(NotFoundError):
        source_of(emulator).get_item("item", "nope", Deadline(PATIENCE))


def test_a_wrong_master_password() -> None:
    """A wrong master password is told as such, and shown nowhere."""
    with serving(login_item("a")) as emulator, pytest.raises(CredentialsError) as caught:
        _rows(source_of(emulator, SECRETSAFE_MASTER_PASSWORD=WRONG))
    assert "the master password is wrong" == caught.value.message
    assert caught.value.hint.startswith("check SECRETSAFE_MASTER_PASSWORD ")
    assert WRONG not in in_all_forms(caught.value)


def test_no_master_password() -> None:
    """Without a master password, and without a terminal to ask at, the missing setting is named."""
    with serving(login_item("a")) as emulator:
        environment = personal_environment(emulator) | {"SECRETSAFE_MASTER_PASSWORD": ""}
        with pytest.raises(SettingsError, match="SECRETSAFE_MASTER_PASSWORD"):
            SecretSafeSource(settings_of(environment))


def test_the_wrong_kind_of_key() -> None:
    """A reference that needs the other kind of key is refused, with which one it needs, before anything is sent."""
    with serving(login_item("a")) as emulator:
        with pytest.raises(RefusedError, match="a person's key"):
            SecretSafeSource(settings_of(organization_environment(emulator))).list_rows("item", (), Deadline(PATIENCE))
        with pytest.raises(RefusedError, match="an organisation's key"):
            source_of(emulator).list_rows("groups", (), Deadline(PATIENCE))
        assert () == emulator.requests


@pytest.mark.parametrize("kdf", [Kdf(0, 1), Kdf(1, 3, 100_000, 4), Kdf(9, 5000)], ids=["weak", "huge", "unknown"])
def test_a_hostile_key_derivation(kdf: Kdf) -> None:
    """What a server asks of the key derivation is checked before the password is used."""
    told = {
        "Kdf": kdf.kind,
        "KdfIterations": kdf.iterations,
        "KdfMemory": kdf.memory,
        "KdfParallelism": kdf.parallelism,
    }
    with (
        changed(login=lambda body: {**body, **told, "UserDecryptionOptions": None}) as (server, emulator),
        pytest.raises(OutageError, match="can't be unlocked"),
    ):
        _rows(source_of(emulator, SECRETSAFE_URL=server.url))


@pytest.mark.parametrize(
    "change",
    [
        {"ApiUseKeyConnector": True},
        {"UserDecryptionOptions": {"HasMasterPassword": False}},
    ],
    ids=["key connector", "trusted device"],
)
def test_an_account_without_a_master_password(change: dict[str, object]) -> None:
    """An account that is unlocked in another way is refused in plain words."""
    with (
        changed(login=lambda body: {**body, **change}) as (server, emulator),
        pytest.raises(CredentialsError, match="no master password"),
    ):
        _rows(source_of(emulator, SECRETSAFE_URL=server.url))


def test_an_account_with_a_key_connector() -> None:
    """The same is told where the sync says so."""

    def connect(sync: dict[str, Any]) -> dict[str, Any]:
        return {**sync, "profile": {**sync["profile"], "usesKeyConnector": True}}

    with (
        changed(sync=connect) as (server, emulator),
        pytest.raises(CredentialsError, match="no master password"),
    ):
        _rows(source_of(emulator, SECRETSAFE_URL=server.url))


def test_an_account_with_newer_encryption() -> None:
    """An account whose key is encrypted in a way that is not supported is refused with that reason."""
    told = {"Key": "7.g1gm", "UserDecryptionOptions": None}
    with (
        changed(login=lambda body: {**body, **told}) as (server, emulator),
        pytest.raises(OutageError, match="does not support"),
    ):
        _rows(source_of(emulator, SECRETSAFE_URL=server.url))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"key": None, "organizationId": "unknown"}, "no key to its organisation"),
        ({"name": "0.AAAAAAAAAAAAAAAAAAAAAA==|AAAA"}, "type 0"),
        ({"name": None}, "it came without a name"),
        ({"name": "7.g1gm"}, "type 7"),
    ],
)
def test_an_item_that_can_t_be_decrypted(change: dict[str, object], said: str) -> None:
    """One item that can't be decrypted does not disturb the others, and is named where it might have been meant."""

    def spoil(sync: dict[str, Any]) -> dict[str, Any]:
        ciphers = sync["ciphers"]
        return {**sync, "ciphers": [ciphers[0], {**ciphers[1], **change}]}

    with changed(login_item("good", password="p"), login_item("bad"), sync=spoil) as (server, emulator):
        source = source_of(emulator, SECRETSAFE_URL=server.url)
        assert ["good"] == _rows(source, name="good")
        with pytest.raises(RefusedError) as caught:
            _rows(source, name="bad")
        assert said in caught.value.message
        assert [] == _rows(source, name="bad", folder="Work")


def test_a_field_that_can_t_be_decrypted() -> None:
    """A broken field is refused with a reason; the item's other fields work."""

    def spoil(sync: dict[str, Any]) -> dict[str, Any]:
        (cipher,) = sync["ciphers"]
        return {**sync, "ciphers": [{**cipher, "login": {**cipher["login"], "totp": "7.g1gm"}}]}

    with changed(login_item("a", password="p", totp="x"), sync=spoil) as (server, emulator):
        read = items_of(source_of(emulator, SECRETSAFE_URL=server.url))["a"]
    assert Secret("p") == read.field("password")
    assert "type 7" in _refusal(read, "totp").message
    assert "type 7" in _refusal(read, "totp_code").message


def test_a_uri_with_a_broken_checksum() -> None:
    """A checksum that can't be read fits nothing."""

    def spoil(sync: dict[str, Any]) -> dict[str, Any]:
        (cipher,) = sync["ciphers"]
        uri = {**cipher["login"]["uris"][0], "uriChecksum": None}
        return {**sync, "ciphers": [{**cipher, "login": {**cipher["login"], "uris": [uri]}}]}

    item = dataclasses.replace(login_item("a", uri="https://x.test"), own_key=True)
    with changed(item, sync=spoil) as (server, emulator):
        assert "checksum" in _refusal(items_of(source_of(emulator, SECRETSAFE_URL=server.url))["a"], "uri").message


@pytest.mark.parametrize(("name", "readable"), [(None, True), ("7.g1gm", False)])
def test_custom_fields_with_a_name_that_is_none(name: str | None, readable: bool) -> None:  # noqa: FBT001  # a parameter
    """A custom field without a name is left out; one whose name can't be read spoils its item."""

    def spoil(sync: dict[str, Any]) -> dict[str, Any]:
        (cipher,) = sync["ciphers"]
        return {**sync, "ciphers": [{**cipher, "fields": [{"type": 0, "name": name, "value": cipher["name"]}]}]}

    with changed(login_item("a", password="p"), sync=spoil) as (server, emulator):
        source = source_of(emulator, SECRETSAFE_URL=server.url)
        if readable:
            assert Secret("p") == items_of(source)["a"].field("password")
            return
        with pytest.raises(RefusedError, match="type 7"):
            items_of(source)


def test_a_folder_that_can_t_be_decrypted() -> None:
    """Nobody knows whether a folder without a readable name is meant; its items are there all the same."""

    def spoil(sync: dict[str, Any]) -> dict[str, Any]:
        return {**sync, "folders": [{**each, "name": "7.g1gm"} for each in sync["folders"]]}

    with changed(VaultItem("a", folder="Work"), sync=spoil) as (server, emulator):
        source = source_of(emulator, SECRETSAFE_URL=server.url)
        assert ["a"] == _rows(source)
        with pytest.raises(RefusedError, match="1 could not be compared: the name of a place of item"):
            _rows(source, folder="Work")


def test_a_uri_with_a_wrong_checksum() -> None:
    """Where an item has a key of its own, a URI that does not fit its checksum is refused, as the real client does."""

    def spoil(sync: dict[str, Any]) -> dict[str, Any]:
        (cipher,) = sync["ciphers"]
        uri = {**cipher["login"]["uris"][0], "uriChecksum": cipher["name"]}
        return {**sync, "ciphers": [{**cipher, "login": {**cipher["login"], "uris": [uri]}}]}

    item = dataclasses.replace(login_item("a", uri="https://x.test"), own_key=True)
    with changed(item, sync=spoil) as (server, emulator):
        read = items_of(source_of(emulator, SECRETSAFE_URL=server.url))["a"]
    assert "checksum" in _refusal(read, "uri").message


@pytest.mark.parametrize("sync", [{"profile": None}, {"profile": 7}, {"ciphers": 7}, {"folders": 7}])
def test_a_sync_that_is_none(sync: dict[str, object]) -> None:
    """A sync of another shape is a bad answer, told without its content."""
    with (
        changed(sync=lambda body: {**body, **sync}) as (server, emulator),
        pytest.raises(BadAnswerError),
    ):
        _rows(source_of(emulator, SECRETSAFE_URL=server.url))
