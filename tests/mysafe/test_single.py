"""The single connection: when it is used, when it is given up for requests, and how it is handed over."""

import socket
import threading
from contextlib import closing

import pytest

from mysafe_env.deadline import Deadline
from mysafe_env.errors import UncertainError, UnreachableError
from mysafe_env.sources.http.calls import Call
from mysafe_env.sources.http.client import HttpClient
from mysafe_env.sources.http.dialing import is_plain
from tests.mysafe.bodies import settings
from tests.mysafe.ways import pooled_client
from tests.support.running import eventually
from tests.support.scripted_server import Raw, Request, Script, ScriptedServer, in_turn, json_reply

CALL = Call("GET", "/thing", "a thing")
CREATE = Call("POST", "/thing", "the creation of a thing", body=b"{}", once=True)


@pytest.mark.parametrize(
    "base",
    [
        "https://mysafe.example.test",
        "https://MySafe.example.test:8443/a/b-c_d.e~",
        "http://127.0.0.1:8080",
        "http://localhost",
    ],
)
def test_a_plain_address_needs_no_requests(base: str) -> None:
    """A name or an IPv4 address, with or without port and prefix."""
    assert is_plain(base)


@pytest.mark.parametrize(
    "base",
    [
        "https://[::1]",
        "https://mysäfe.example.test",
        "https://mysafe..example.test",
        "https://mysafe.example.test.",
        "https://-mysafe.example.test",
        f"https://{'a' * 64}.test",
        "https://mysafe.example.test/a//b",
        "https://mysafe.example.test/a/../b",
        "https://mysafe.example.test/.a",
        "https://mysafe.example.test/a%20b",
        "https://mysafe.example.test/ä",
    ],
)
def test_an_address_that_is_to_be_tidied_up_is_left_to_requests(base: str) -> None:
    """Other letters, IPv6, and paths that may be written in more ways than one."""
    assert not is_plain(base)


@pytest.mark.parametrize("name", ["https_proxy", "HTTPS_PROXY", "ALL_PROXY", "http_proxy"])
def test_where_a_proxy_may_be_meant_requests_is_asked(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Any variable of a proxy is enough, except for plain http on this machine, which never leaves it."""
    monkeypatch.setenv(name, "http://proxy.example.test")
    assert not is_plain("https://mysafe.example.test")
    assert not is_plain("http://mysafe.example.test")
    assert is_plain("http://127.0.0.1")


def test_where_proxies_stand_outside_the_environment_requests_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """macOS has settings of its own."""
    monkeypatch.setattr("sys.platform", "darwin")
    assert not is_plain("https://mysafe.example.test")
    assert is_plain("http://127.0.0.1")


def test_the_exceptions_from_a_proxy_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """NO_PROXY alone, or an empty variable, leads to no proxy."""
    monkeypatch.setenv("no_proxy", "example.test")
    monkeypatch.setenv("https_proxy", "")
    assert is_plain("https://mysafe.example.test")


@pytest.mark.parametrize("goodbye", [b"", b"HTTP/1.1 408 Request Timeout\r\n\r\n"])
def test_a_connection_that_was_closed_meanwhile_is_opened_again(goodbye: bytes) -> None:
    """A server that closes what is idle, with or without a word, costs a caller nothing, not even a second attempt."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        client = HttpClient(settings(f"http://127.0.0.1:{listener.getsockname()[1]}"))
        for _ in range(2):
            server = threading.Thread(target=_answer_once, args=(listener, goodbye))
            server.start()
            assert 200 == client.send(CALL, Deadline(60)).status
            server.join(60)
        client.close()


def _answer_once(listener: socket.socket, goodbye: bytes) -> None:
    connection, _ = listener.accept()
    with connection:
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
        connection.sendall(goodbye)


def test_a_second_call_does_not_wait_for_the_first() -> None:
    """It goes by requests over a connection of its own, and so do all that follow, which go on with the first one."""
    answering = threading.Event()

    def answer(request: Request) -> Script:
        if request.path == "/slow":
            assert answering.wait(60)
        return json_reply({})

    with ScriptedServer(answer) as server, closing(HttpClient(settings(server.url))) as client:
        slow = threading.Thread(target=client.send, args=(CALL._replace(path="/slow"), Deadline(60)))
        slow.start()
        eventually(lambda: server.requests, "the first call is under way")
        assert 200 == client.send(CALL, Deadline(60)).status
        answering.set()
        slow.join(60)
        for _ in range(3):
            assert 200 == client.send(CALL, Deadline(60)).status
    assert (2, 5) == (server.connections, len(server.requests))
    assert {"GET /slow", "GET /thing"} == {f"{request.method} {request.path}" for request in server.requests}


def test_a_connection_is_handed_over_to_requests() -> None:
    """A call that is sent once goes by requests, over the connection that is there."""
    with ScriptedServer(in_turn(json_reply({}))) as server, closing(HttpClient(settings(server.url))) as client:
        assert 200 == client.send(CALL, Deadline(60)).status
        assert 200 == client.send(CREATE, Deadline(60)).status
    assert (1, 2) == (server.connections, len(server.requests))


def test_a_call_that_is_sent_once_is_not_lost_in_silence() -> None:
    """Whether it was done is not known where the answer is cut short, on a connection that was handed over, too."""
    cut = Raw(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{")
    with ScriptedServer(in_turn(json_reply({}), cut)) as server, closing(HttpClient(settings(server.url))) as client:
        client.send(CALL, Deadline(60))
        with pytest.raises(UncertainError):
            client.send(CREATE, Deadline(60))


def test_after_a_failure_the_next_call_begins_anew() -> None:
    """Half an answer is not read as the beginning of the next one."""
    cut = Raw(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{")
    with ScriptedServer(in_turn(cut, json_reply({}))) as server, closing(HttpClient(settings(server.url))) as client:
        with pytest.raises(UnreachableError, match="closed the connection before its answer was complete"):
            client.send(CALL, Deadline(60))
        assert b"{}" == client.send(CALL, Deadline(60)).body
    assert 2 == server.connections


def test_a_connection_too_many_is_closed() -> None:
    """As many are kept as there may be calls at once."""
    with ScriptedServer(in_turn(json_reply({}))) as server:
        client = pooled_client(settings(server.url, concurrency=2))
        offered = [socket.create_connection(server.address) for _ in range(3)]
        for each in offered:
            client.adopt(each)
        assert [False, False, True] == [each.fileno() == -1 for each in offered]
        assert 200 == client.send(CALL, Deadline(60)).status
        client.close()
        eventually(lambda: server.connections == 3, "the server has seen them all")
    assert 1 == len(server.requests)
