"""Connections that are opened while the token is on its way."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from mysafe_env.deadline import Deadline
from mysafe_env.errors import OutageError, UnreachableError
from mysafe_env.sources.http.calls import Call
from mysafe_env.sources.http.client import HttpClient
from mysafe_env.sources.mysafe.oauth2 import OAuth2Client
from tests.mysafe.bodies import TOKEN_PATH, settings, token_reply
from tests.support.authority import local_authority
from tests.support.running import eventually
from tests.support.scripted_server import Request, Script, ScriptedServer, in_turn, json_reply

CALL = Call("GET", "/thing", "a thing")


@dataclass
class SlowToken:
    """Answers: the token when it is let go, a thing at once."""

    asked: threading.Event = field(default_factory=threading.Event)
    let_go: threading.Event = field(default_factory=threading.Event)
    token: Script = field(default_factory=token_reply)

    def __call__(self, request: Request) -> Script:
        if request.path != TOKEN_PATH:
            return json_reply({})
        self.asked.set()
        assert self.let_go.wait(60)
        return self.token


@contextmanager
def callers(client: OAuth2Client, script: SlowToken, number: int) -> Iterator[list[object]]:
    """So many threads that make one call each, the first one in the middle of its token request; their results."""
    results: list[object] = []

    def call() -> None:
        try:
            results.append(client.send(CALL, deadline).status)
        except OutageError as error:
            results.append(error.message)

    deadline = Deadline(60)
    threads = [threading.Thread(target=call) for _ in range(number)]
    threads[0].start()
    assert script.asked.wait(60)
    for thread in threads[1:]:
        thread.start()
    yield results
    script.let_go.set()
    for thread in threads:
        thread.join(60)
    client.close()


@pytest.mark.parametrize("number", [1, 5, 16])
def test_each_caller_connects_while_it_waits_for_the_token(number: int) -> None:
    """There is a connection for each before the token has come, and not one more at the end."""
    script = SlowToken()
    with ScriptedServer(script) as server:
        with callers(OAuth2Client(settings(server.url)), script, number) as results:
            eventually(lambda: number == server.connections, "all are connected")
        assert [200] * number == results
        assert (number, 1 + number) == (server.connections, len(server.requests))


def test_an_early_connection_with_tls_is_used(tmp_path: Path) -> None:
    """What TLS 1.3 sends after the handshake is not taken for the end of the connection."""
    tls, bundle = local_authority(tmp_path)
    script = SlowToken()
    with ScriptedServer(script, tls=tls) as server:
        client = OAuth2Client(settings(server.url, ca_bundle=str(bundle)))
        with callers(client, script, 5) as results:
            eventually(lambda: server.connections == 5, "all are connected")
        assert [200] * 5 == results
        assert 5 == server.connections


@pytest.mark.parametrize("concurrency", [1, 2])
def test_those_who_wait_leave_a_connection_for_the_token(concurrency: int) -> None:
    """With more callers than connections nobody waits in vain; a single connection serves all."""
    script = SlowToken()
    with ScriptedServer(script) as server:
        with callers(OAuth2Client(settings(server.url, concurrency=concurrency)), script, 6) as results:
            eventually(lambda: concurrency == server.connections, "those that may are connected")
        assert [200] * 6 == results
        assert concurrency == server.connections


def test_a_refused_token_is_told_to_all() -> None:
    """The connections that were opened for nothing change nothing about the error, and one token was asked for."""
    script = SlowToken(token=json_reply({"error": "invalid_client"}, 401))
    with ScriptedServer(script) as server:
        with callers(OAuth2Client(settings(server.url)), script, 4) as results:
            eventually(lambda: server.connections == 4, "all are connected")
        assert 4 == len(results)
        assert {"the server refuses the client id and secret (status 401: invalid_client)"} == set(results)
        assert 1 == len(server.requests)


def test_a_connection_that_was_opened_early_is_used() -> None:
    """It serves the next call, and is not opened twice."""
    with ScriptedServer(in_turn(json_reply({}))) as server:
        client = HttpClient(settings(server.url))
        for _ in range(2):
            with client.connected(Deadline(60)):
                eventually(lambda: server.connections == 1, "it is connected")
        assert 200 == client.send(CALL, Deadline(60)).status
        client.close()
        assert 1 == server.connections


def test_a_server_that_is_not_there_is_no_error_yet() -> None:
    """The call will say so."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))  # nobody listens, and nobody else can begin to
        client = HttpClient(settings(f"https://127.0.0.1:{bound.getsockname()[1]}"))
        with client.connected(Deadline(60)):
            pass
        with pytest.raises(UnreachableError, match="refuses connections"):
            client.send(CALL, Deadline(60))


def test_a_proxy_is_not_connected_to_early(monkeypatch: pytest.MonkeyPatch) -> None:
    """What it is asked for first is a call."""
    with ScriptedServer(in_turn(json_reply({}))) as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        monkeypatch.delenv("no_proxy", raising=False)
        client = HttpClient(settings("http://mysafe.example.test"))
        with client.connected(Deadline(60)):
            assert 200 == client.send(CALL, Deadline(60)).status
        client.close()
        assert 1 == proxy.connections


def test_where_all_connections_are_in_use_nobody_waits_for_one() -> None:
    """Not longer than the deadline: the call is what may wait."""
    answering = threading.Event()

    def answer(_: Request) -> Script:
        assert answering.wait(60)
        return json_reply({})

    with ScriptedServer(answer) as server:
        client = HttpClient(settings(server.url, concurrency=2))
        threads = [threading.Thread(target=client.send, args=(CALL, Deadline(60))) for _ in range(2)]
        for thread in threads:
            thread.start()
        eventually(lambda: len(server.requests) == 2, "both are in use")
        with client.connected(Deadline(0.01)):
            assert 2 == server.connections
        answering.set()
        for thread in threads:
            thread.join(60)
        client.close()


@pytest.mark.parametrize("sent", [b"", b"HTTP/1.1 408 Request Timeout\r\n\r\n"])
def test_an_early_connection_that_the_server_ends_is_opened_again(sent: bytes) -> None:
    """It was not needed for too long; the call is none the worse for it."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        client = HttpClient(settings(f"http://127.0.0.1:{listener.getsockname()[1]}"))
        with client.connected(Deadline(60)):
            first, _ = listener.accept()
            first.sendall(sent)
            first.close()
        answering = threading.Thread(target=_answer_once, args=(listener,))
        answering.start()
        assert 200 == client.send(CALL, Deadline(60)).status
        answering.join(60)
        client.close()


def _answer_once(listener: socket.socket) -> None:
    connection, _ = listener.accept()
    with connection:
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")
