"""A client behind a real gateway, whose upstream is away, slow, restarting, or too busy."""

import http.client
import ssl
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from mysafe_env.deadline import Deadline
from mysafe_env.emulator.faults import Fault
from mysafe_env.emulator.mysafe.server import Emulator
from mysafe_env.errors import OutageError, UnreachableError
from mysafe_env.secret import Secret
from mysafe_env.settings import Settings
from mysafe_env.sources.mysafe.source import MySafeSource
from tests.gateway.gateways import KINDS, SLOW, Gateway, client_certificate, gateway, is_installed
from tests.support.deadlines import Skipping
from tests.support.emulator import vault_of
from tests.support.running import eventually

SECRET = "made-up-secret"
VAULT = '[[note]]\nname = "n"\nnote = "text"\n'
NOTE = "/api/mysafe/note"
CROWD = "/crowd"
BOTH = [
    pytest.param(kind, marks=pytest.mark.skipif(not is_installed(kind), reason=f"{kind} is not installed"))
    for kind in KINDS
]
both = pytest.mark.parametrize("kind", BOTH)


def upstream(at: Gateway, **options: object) -> Emulator:
    """An emulator for the gateway's upstream, not started yet."""
    return Emulator(vault_of(VAULT), client_secret=Secret(SECRET), port=at.upstream, **options)  # type: ignore[arg-type]  # Emulator's own


def note(at: Gateway, deadline: Deadline, **others: object) -> str:
    """The text of the vault's one note, fetched by a client of its own."""
    given = {"client_id": "emulator", "client_secret": Secret(SECRET), "ca_bundle": at.bundle, **others}
    source = MySafeSource(Settings(at.url, **given))  # type: ignore[arg-type]  # each test names the fields it means
    try:
        return source.get_item("note", "1", deadline).secrets["note"].reveal()
    finally:
        source.close()


@both
def test_tls_ends_at_the_gateway(kind: str, tmp_path: Path) -> None:
    """Its certificate is verified with the bundle, and not without it."""
    with gateway(kind, tmp_path) as at, upstream(at):
        assert "text" == note(at, Deadline(60))
        with pytest.raises(UnreachableError, match="not trusted here"):
            note(at, Deadline(60), ca_bundle="")


@both
def test_a_client_certificate_that_is_demanded(kind: str, tmp_path: Path) -> None:
    """With it the gateway lets everything through; without it the advice is to set one.

    HAProxy says so with an alert after the handshake, which may be lost when it closes the connection at once.
    """
    with gateway(kind, tmp_path, client_certificate=True) as at, upstream(at):
        assert "text" == note(at, Deadline(60), client_cert=client_certificate(tmp_path))
        with pytest.raises(UnreachableError, match=r"wants a client certificate, or|closed the connection") as caught:
            note(at, Deadline(60))
        assert "MYSAFE_CLIENT_CERT" in caught.value.hint


@pytest.mark.skipif(not is_installed("nginx"), reason="nginx is not installed")
def test_plain_http_to_the_port_of_tls(tmp_path: Path) -> None:
    """nginx answers in plain http, too: with a page that says what is wrong."""
    with gateway("nginx", tmp_path) as at, pytest.raises(UnreachableError, match="wants TLS for an access token"):
        note(replace(at, url=at.url.replace("https:", "http:")), Deadline(60))


@both
def test_an_upstream_that_is_away_comes_back(kind: str, tmp_path: Path) -> None:
    """502 of one and 503 of the other are asked again until somebody is there."""
    with gateway(kind, tmp_path) as at, upstream(at) as server:
        server.stop()
        told: list[str] = []

        def come_back(why: str, _: float) -> Callable[[], None]:
            told.append(why)
            return starting.start if len(told) == 1 else lambda: None

        starting = upstream(at)
        try:
            assert "text" == note(at, Skipping(60, come_back))
        finally:
            starting.stop()
    assert f"{at.url.removeprefix('https://')} answered with status {503 if kind == 'haproxy' else 502}" == told[0]


@both
def test_an_upstream_that_stays_away_is_told_as_what_it_is(kind: str, tmp_path: Path) -> None:
    """The gateway's own page is not shown, its status is; nothing lasts longer than the deadline."""
    with gateway(kind, tmp_path) as at:
        deadline = Skipping(60)
        with pytest.raises(UnreachableError, match=r"got no answer from it for an access token \(status 50[23]\)"):
            note(at, deadline)
        assert not deadline.passed


@both
def test_an_upstream_that_is_slow_once(kind: str, tmp_path: Path) -> None:
    """504 is asked again."""
    with gateway(kind, tmp_path, patience=SLOW) as at, upstream(at, faults=[Fault("hang", NOTE, 1)]) as server:
        assert "text" == note(at, Skipping(60))
        assert 2 <= sum(asked.target.startswith(NOTE) for asked in server.requests)


@both
def test_an_upstream_that_stays_slow_is_not_asked_in_vain(kind: str, tmp_path: Path) -> None:
    """When no further attempt as long as the last would fit, the reason is told before the end."""

    def wait_with_the_gateway() -> None:
        eventually(lambda: any(asked.target.startswith(NOTE) for asked in server.requests), "the note is asked for")
        deadline.skip(51.0)

    deadline = Skipping(100.0)
    with gateway(kind, tmp_path, patience=SLOW) as at, upstream(at, faults=[Fault("hang", NOTE)]) as server:
        waiting = threading.Thread(target=wait_with_the_gateway)
        waiting.start()
        with pytest.raises(UnreachableError, match="status 504"):
            note(at, deadline)
        waiting.join(60)
        assert not deadline.passed


@both
def test_a_restart_in_the_middle_is_not_noticed(kind: str, tmp_path: Path) -> None:
    """Eight clients go on fetching while the server behind the gateway goes and comes."""
    fetched: list[str] = []
    failed: list[OutageError] = []

    def fetch() -> None:
        try:
            fetched.extend(note(at, Deadline(60)) for _ in range(5))
        except OutageError as error:
            failed.append(error)

    with gateway(kind, tmp_path) as at:
        server = upstream(at, latency=0.05)
        server.start()
        threads = [threading.Thread(target=fetch) for _ in range(8)]
        for thread in threads:
            thread.start()
        server.stop()
        server = upstream(at)
        server.start()
        for thread in threads:
            thread.join(60)
        server.stop()
    assert [] == failed
    assert ["text"] * 40 == fetched


@both
def test_a_rate_limit_of_the_gateway_holds_nobody_off_for_good(kind: str, tmp_path: Path) -> None:
    """While others ask for more than it allows clients are refused, and each of them gets its answer all the same."""
    with gateway(kind, tmp_path, limited=True) as at, upstream(at) as server:
        told: list[str] = []
        fetched: list[str] = []
        crowd = threading.Thread(target=lambda: _crowd(at, lambda: bool(told)))
        crowd.start()

        def tell(why: str, _: float) -> Callable[[], None]:
            told.append(why)
            return lambda: None

        threads = [threading.Thread(target=lambda: fetched.append(note(at, Deadline(60, tell)))) for _ in range(5)]
        for thread in threads:
            thread.start()
        for thread in (*threads, crowd):
            thread.join(60)
        asked = sum(CROWD not in each.target for each in server.requests)
    assert ["text"] * 5 == fetched
    assert {f"{at.url.removeprefix('https://')} answered with status 429"} == set(told)
    assert 10 == asked


def _crowd(at: Gateway, enough: Callable[[], bool]) -> None:
    """Ask as fast as may be, until it is enough."""
    context = ssl.create_default_context(cafile=at.bundle)
    connection = http.client.HTTPSConnection(at.url.removeprefix("https://"), context=context, timeout=60)
    with closing(connection):
        while not enough():
            connection.request("GET", CROWD)
            connection.getresponse().read()
