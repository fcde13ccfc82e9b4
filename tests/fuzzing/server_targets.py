"""Everything that reads what a server sends, over a real socket: each function takes any bytes as the answer.

The first byte chooses what is asked, the second the status, so that a fuzzer finds its way to all of it.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache

from mysafe_env.changes import Change
from mysafe_env.crypto.keys import PBKDF2, Kdf
from mysafe_env.deadline import Deadline
from mysafe_env.emulator.secretsafe.encryption import EncryptedAccount
from mysafe_env.emulator.secretsafe.vault_file import CustomField, ServedVault, VaultCollection, VaultItem
from mysafe_env.items import KINDS, SECRETSAFE_KINDS
from mysafe_env.secret import Secret
from mysafe_env.settings import Settings
from mysafe_env.sources.mysafe.source import MySafeSource
from mysafe_env.sources.secretsafe.api import OrganizationApi
from mysafe_env.sources.secretsafe.operations import compare
from mysafe_env.sources.secretsafe.records import read_collection, read_event, read_group, read_member, read_policy
from mysafe_env.sources.secretsafe.settings import read_secretsafe_settings
from mysafe_env.sources.secretsafe.source import SecretSafeSource
from tests.fuzzing.canary import CANARY
from tests.fuzzing.judge import judged
from tests.fuzzing.public import open_json
from tests.support.scripted_server import Raw, Reply, Request, Script, ScriptedServer, json_reply

# Not 429 and 503, after which a client waits.
STATUSES = (200, 201, 400, 401, 403, 404, 500, 302)
MASTER_PASSWORD = "made-up-master"
_TOKEN = json_reply({"access_token": "made-up", "token_type": "Bearer", "expires_in": 3600})
# Much of what is no answer is asked for again until the time is over.
_SECONDS = 0.5
_CHANGE = Change({"name": "orders db", "username": "orders"}, {"password": Secret(CANARY)})
_RECORDS: Mapping[str, Callable[..., object]] = {
    "members": read_member,
    "groups": read_group,
    "collections": read_collection,
    "policies": read_policy,
}


class _Stage:
    """A server that lives as long as the process, and gives the answer of the moment."""

    def __init__(self) -> None:
        self.answer: Callable[[Request], Script] = lambda _: Raw()
        self._server = ScriptedServer(self._answer)
        self._server.__enter__()
        self.url = self._server.url

    def _answer(self, request: Request) -> Script:
        return self.answer(request)


@cache
def _stage() -> _Stage:
    return _Stage()


@cache
def encrypted_account() -> EncryptedAccount:
    """An account of SecretSafe with one item of each kind."""
    texts = {name: Secret(CANARY) for name in ("password", "notes")}
    login = {**texts, "username": Secret("orders"), "uri": Secret("https://db"), "totp": Secret("MFRGGZDFMZTWQ2LK")}
    items = (
        VaultItem("db", texts=login, fields=(CustomField("port", Secret("5432"), 1),), folder="Work", own_key=True),
        VaultItem("note", 2, texts, collections=("orders",)),
        VaultItem("card", 3),
    )
    collections = (VaultCollection("orders", "orders"),)
    kdf, password = Kdf(PBKDF2, 5_000), Secret(MASTER_PASSWORD)
    return EncryptedAccount(ServedVault(master_password=password, kdf=kdf, items=items, collections=collections))


def login_body() -> dict[str, object]:
    """The answer to a personal login."""
    account = encrypted_account()
    return {
        "access_token": "made-up",
        "expires_in": 3600,
        "Key": account.wrapped_user_key,
        "UserDecryptionOptions": {"HasMasterPassword": True, "MasterPasswordUnlock": account.unlock_offer()},
    }


def sync_body() -> dict[str, object]:
    """The answer to a sync."""
    account = encrypted_account()
    parts = {"folders": account.folders, "collections": account.collections, "ciphers": account.ciphers}
    return {"object": "sync", "profile": account.profile(), **parts}


def mysafe(data: bytes) -> None:
    """The answer to a list, a get or an activation."""
    choice, script = _parted(data)
    with judged(lambda: open_json(data[2:])):
        _ask_mysafe(_reads, choice, {"/api/mysafe": script})


def mysafe_write(data: bytes) -> None:
    """The answer to a create or an update, which may repeat what was sent."""
    choice, script = _parted(data)
    with judged():
        _ask_mysafe(_writes, choice, {"/api/mysafe": script})


def mysafe_token(data: bytes) -> None:
    """The answer to a token request."""
    choice, script = _parted(data)
    with judged(lambda: open_json(data[2:])):
        _ask_mysafe(_reads, choice, {"": script})


def http(data: bytes) -> None:
    """Whatever a server may send in place of HTTP: status line, headers and body."""
    head, _, body = data[1:].partition(b"\r\n\r\n")
    with judged(lambda: head.decode("latin-1") + open_json(body)):
        _ask_mysafe(_reads, data[0] if data else 0, {"/api/mysafe": Raw(data[1:])})


def secretsafe_login(data: bytes) -> None:
    """The answer to a personal login."""
    _, script = _parted(data)
    with judged(lambda: open_json(data[2:])):
        _read_vault({"/identity": script, "/api/sync": json_reply(sync_body())})


def secretsafe_sync(data: bytes) -> None:
    """The answer to a sync, of which every item is opened."""
    _, script = _parted(data)
    with judged(lambda: open_json(data[2:])):
        _read_vault({"/identity": json_reply(login_body()), "/api": script})


def secretsafe_organization(data: bytes) -> None:
    """The answer to one of the calls of the organisation API."""
    choice, script = _parted(data)
    with judged(lambda: open_json(data[2:])):
        _ask_organization(choice, {"/identity": _TOKEN, "/api": script})


def _parted(data: bytes) -> tuple[int, Script]:
    """What is asked, and the answer."""
    padded = data[:2].ljust(2, b"\0")
    return padded[0], Reply(STATUSES[padded[1] % len(STATUSES)], data[2:])


def _staged(answers: Mapping[str, Script]) -> str:
    """The URL of a server with these answers by the beginning of the path; a token for all others."""
    stage = _stage()

    def answer(request: Request) -> Script:
        return next((script for start, script in answers.items() if request.path.startswith(start)), _TOKEN)

    stage.answer = answer
    return stage.url


_Calls = Sequence[Callable[[], object]]


def _reads(source: MySafeSource, kind: str, deadline: Deadline) -> _Calls:
    return (
        lambda: source.list_rows(kind, (), deadline),
        lambda: source.get_item(kind, "7", deadline),
        lambda: source.activate(kind, "7", deadline),
    )


def _writes(source: MySafeSource, kind: str, deadline: Deadline) -> _Calls:  # noqa: ARG001  # as the other
    return (
        lambda: source.create("password", _CHANGE, deadline),
        lambda: source.update("password", "7", _CHANGE, deadline),
    )


def _ask_mysafe(
    calls: Callable[[MySafeSource, str, Deadline], _Calls], choice: int, answers: Mapping[str, Script]
) -> None:
    secret = Secret("made-up-too")
    source = MySafeSource(Settings(url=_staged(answers), client_id="made-up", client_secret=secret, timeout=_SECONDS))
    kind = list(KINDS)[choice % len(KINDS)]
    chosen = calls(source, kind, Deadline(_SECONDS))
    try:
        chosen[choice // len(KINDS) % len(chosen)]()
    finally:
        source.close()


def _secretsafe(answers: Mapping[str, Script], client_id: str) -> Settings:
    found = {
        "SECRETSAFE_URL": _staged(answers),
        "SECRETSAFE_CLIENT_ID": client_id,
        "SECRETSAFE_CLIENT_SECRET": "made-up-too",
        "SECRETSAFE_MASTER_PASSWORD": MASTER_PASSWORD,
    }
    return Settings(secretsafe=found, timeout=_SECONDS)


def _read_vault(answers: Mapping[str, Script]) -> None:
    source = SecretSafeSource(_secretsafe(answers, "user.made-up"))
    deadline = Deadline(_SECONDS)
    for row in source.list_rows("item", (), deadline):
        source.get_item("item", row.identifier, deadline)


def _ask_organization(choice: int, answers: Mapping[str, Script]) -> None:
    settings = _secretsafe(answers, "organization.made-up")
    api = OrganizationApi(read_secretsafe_settings(settings))
    source = SecretSafeSource(settings)
    resource = list(_RECORDS)[choice % len(_RECORDS)]
    deadline = Deadline(_SECONDS)
    calls: _Calls = (
        lambda: json.dumps([each.to_json() for each in api.list_all(resource, deadline)]),
        lambda: [_RECORDS[resource](each) for each in api.list_all(resource, deadline)],
        lambda: _RECORDS[resource](api.update(resource, "7", {"externalId": "x"}, deadline)),
        lambda: [read_event(each) for each in api.events((), lambda: deadline)],
        lambda: api.ids("groups", "7", deadline),
        lambda: compare(api.spec(deadline)),
        lambda: [source.list_rows(kind, (), deadline) for kind in SECRETSAFE_KINDS if kind != "item"],
    )
    try:
        calls[choice // len(_RECORDS) % len(calls)]()
    finally:
        api.close()


TARGETS: Mapping[str, Callable[[bytes], None]] = {
    each.__name__: each
    for each in (
        mysafe,
        mysafe_write,
        mysafe_token,
        http,
        secretsafe_login,
        secretsafe_sync,
        secretsafe_organization,
    )
}
