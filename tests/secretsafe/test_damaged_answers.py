"""Damaged logins and syncs: whatever a server sends, the end is an item or one of our errors, and no value is shown."""

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mysafe_env.deadline import Deadline
from mysafe_env.emulator.exchange import Request as Emulated
from mysafe_env.emulator.secretsafe.server import SecretSafeEmulator
from mysafe_env.emulator.secretsafe.vault_file import CustomField, VaultCollection, VaultItem
from mysafe_env.errors import ItemError, MySafeEnvError
from mysafe_env.secret import Secret
from mysafe_env.sources.secretsafe.source import SecretSafeSource
from tests.secretsafe.served import PATIENCE, serving, source_of, vault_of
from tests.support.scripted_server import Reply, Request, Script, ScriptedServer, in_all_forms

MARK = "canary-zQ7"
_LOGIN, _SYNC = "/identity/connect/token", "/api/sync"
_TEXTS = {name: Secret(f"{MARK}-{name}") for name in ("username", "password", "totp", "uri", "notes")}
_ITEMS = (
    VaultItem("login", texts=_TEXTS, fields=(CustomField("pin", Secret(MARK), 1),), own_key=True, folder="Work"),
    VaultItem("shared", 2, {"notes": Secret(MARK)}, collections=("orders",)),
    VaultItem("key", 5, details={"privateKey": Secret(MARK), "publicKey": Secret("p"), "keyFingerprint": Secret("f")}),
)
# None of them is a value: what stands in the answer is damaged, and what was in it must not come out.
_INSTEAD: st.SearchStrategy[Any] = st.sampled_from(
    [
        None,
        True,
        0,
        -1,
        10**30,
        1.5,
        "",
        "x",
        "2.",
        "2.a|b|c",
        "0.AAAA|AAAA",
        "7.AAAA",
        "4.AAAA",
        [],
        [None],
        [[]],
        {},
        "\ud83d",
    ]
)


class _Damaging:
    """A server that answers as the emulated one does, with some members of its answers replaced."""

    def __init__(self, emulator: SecretSafeEmulator) -> None:
        self._api = emulator._shared.api  # noqa: SLF001  # the answers without their socket
        self.damages: list[tuple[str, int, Any]] = []

    def answer(self, request: Request) -> Script:
        """The answer, damaged."""
        answer = self._api.answer(Emulated(request.method, request.target, request.headers, request.body))
        body = json.loads(answer.body) if answer.body else None
        for path, place, value in self.damages:
            if path == request.path and body:
                _replace(body, place, copy.deepcopy(value))
        return Reply(answer.status, json.dumps(body).encode())


def _replace(body: dict[str, Any], number: int, value: object) -> None:
    """Put *value* in the place of one member, counted through the whole document."""
    places = list(_places(body))
    container, key = places[number % len(places)]
    # The token itself is left alone: with it, the run would end at once.
    if key != "access_token":
        container[key] = value


def _places(value: Any) -> Iterator[tuple[Any, Any]]:  # noqa: ANN401  # any JSON
    inner = (
        list(value.items()) if isinstance(value, dict) else list(enumerate(value)) if isinstance(value, list) else []
    )
    for key, each in inner:
        yield value, key
        yield from _places(each)


@pytest.fixture(scope="module")
def damaging() -> Iterator[tuple[_Damaging, ScriptedServer, SecretSafeEmulator]]:
    """One server for all examples."""
    with serving(vault_of(*_ITEMS, collections=(VaultCollection("orders"),))) as emulator:
        served = _Damaging(emulator)
        with ScriptedServer(served.answer) as server:
            yield served, server, emulator


@settings(max_examples=120, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(
    damages=st.lists(
        st.tuples(st.sampled_from([_SYNC, _SYNC, _SYNC, _LOGIN]), st.integers(0, 400), _INSTEAD), min_size=1, max_size=3
    )
)
def test_whatever_a_server_sends(
    damaging: tuple[_Damaging, ScriptedServer, SecretSafeEmulator], damages: list[tuple[str, int, Any]]
) -> None:
    """Nothing but our own errors, none of them with a secret in it."""
    served, server, emulator = damaging
    served.damages = damages
    for error in _errors(source_of(emulator, SECRETSAFE_URL=server.url)):
        assert MARK not in in_all_forms(error)
        assert error.message.isprintable()


def _errors(source: SecretSafeSource) -> Iterator[MySafeEnvError]:
    """What is told of the vault and its items; any other exception ends the test."""
    deadline = Deadline(PATIENCE)
    try:
        for row in source.list_rows("item", (), deadline):
            yield from _errors_of_item(source, row.identifier, deadline)
    except MySafeEnvError as error:
        yield error


def _errors_of_item(source: SecretSafeSource, identifier: str, deadline: Deadline) -> Iterator[MySafeEnvError]:
    try:
        yield from source.get_item("item", identifier, deadline).refusals.values()
    except ItemError as error:
        yield error
