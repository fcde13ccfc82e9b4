"""Where an answer begins and ends, and when a request has been sent: the same over both ways."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest

from mysafe_env.deadline import Deadline
from mysafe_env.errors import BadAnswerError, OutageError, TimedOutError
from mysafe_env.sources.http.calls import Answer, Call
from mysafe_env.sources.http.client import HttpClient
from tests.mysafe.bodies import settings
from tests.mysafe.ways import client_of, pooled_client
from tests.support.authority import local_authority
from tests.support.scripted_server import Raw, Script, ScriptedServer, Trickle, in_turn, json_reply

CALL = Call("GET", "/thing", "a thing")
# More than the system keeps for a server that does not read.
LARGE = Call("PUT", "/thing", "a thing", body=bytes(8 * 2**20))
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
ANSWER = HEAD + b"Content-Length: 2\r\n\r\n{}"


def send(script: Script) -> Answer:
    """The answer to a call of a server that follows *script*."""
    with ScriptedServer(in_turn(script)) as server, closing(client_of(settings(server.url))) as client:
        return client.send(CALL, Deadline(60))


@contextmanager
def conversation(serve: Callable[[socket.socket], None], tls: ssl.SSLContext | None = None) -> Iterator[str]:
    """The URL of a server that leaves its only connection to *serve*."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def accept() -> None:
            connection, _ = listener.accept()
            with suppress(OSError), tls.wrap_socket(connection, server_side=True) if tls else connection as secured:
                serve(secured)

        thread = threading.Thread(target=accept)
        thread.start()
        yield f"{'https' if tls else 'http'}://127.0.0.1:{listener.getsockname()[1]}"
        thread.join(60)


def read_all(connection: socket.socket, piece: int = 2**20) -> None:
    """Take in the large request."""
    size = 0
    while size < len(LARGE.body) and (data := connection.recv(piece)):
        size += len(data)


@pytest.mark.usefixtures("both_ways")
@pytest.mark.parametrize("status", [b"100 Continue", b"102 Processing", b"103 Early Hints"])
def test_a_preliminary_answer_is_none(status: bytes) -> None:
    """The one that follows belongs to the call, and not to the next one, which would get another item's secret."""
    preliminary = b"HTTP/1.1 " + status + b"\r\nLink: </style.css>\r\n\r\n"
    assert Answer(200, "application/json", b"{}") == send(Trickle([preliminary, preliminary, ANSWER], lambda: None))


@pytest.mark.usefixtures("both_ways")
@pytest.mark.parametrize(
    "lengths",
    [["2", "5"], ["5", "2"], ["-2"], ["+2"], ["2, 5"], ["two"], ["1_0"], [""]],
    ids=" and ".join,
)
def test_an_answer_of_doubtful_length_is_refused(lengths: list[str]) -> None:
    """What one reader takes for its end would be the middle to another (RFC 9112, 6.3)."""
    head = "".join(f"Content-Length: {length}\r\n" for length in lengths)
    with pytest.raises(BadAnswerError, match="does not answer in HTTP"):
        send(Raw(HEAD + head.encode() + b"\r\n{}   "))


@pytest.mark.usefixtures("both_ways")
@pytest.mark.parametrize("head", [b"Content-Length: 2 \r\nContent-Length: 2\r\n", b"Content-Length:\r\n 2\r\n"])
def test_an_unusual_length_that_is_clear_is_taken(head: bytes) -> None:
    """Twice the same, spaces after it, and on a line of its own."""
    assert b"{}" == send(Trickle([HEAD + head + b"\r\n{}"], lambda: None)).body


@pytest.mark.usefixtures("both_ways")
def test_a_header_that_is_there_twice_is_read_whole() -> None:
    """A compression that is named second is one."""
    with pytest.raises(BadAnswerError, match=r"compressed its answer \(identity, gzip\)"):
        send(Raw(HEAD + b"Content-Encoding: identity\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}"))


@pytest.mark.usefixtures("both_ways")
def test_an_answer_that_comes_before_the_request_is_sent_is_read() -> None:
    """A server that refuses a body that is too large says so, and closes."""

    def refuse(connection: socket.socket) -> None:
        connection.recv(64)
        connection.sendall(b"HTTP/1.1 413 Content Too Large\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")
        connection.shutdown(socket.SHUT_WR)
        closed.wait(60)

    closed = threading.Event()
    with conversation(refuse) as url, closing(client_of(settings(url))) as client:
        threading.Timer(0.2, closed.set).start()
        assert 413 == client.send(LARGE, Deadline(60)).status


@pytest.mark.usefixtures("both_ways")
def test_a_large_request_has_all_the_time_that_is_left() -> None:
    """A server may take longer to read it than to accept the connection."""
    late = threading.Event()

    def serve(connection: socket.socket) -> None:
        # Longer than the third that an address of the host may take.
        late.wait(2.1)
        read_all(connection)
        connection.sendall(ANSWER)

    with conversation(serve) as url, closing(client_of(settings(url))) as client:
        assert 200 == client.send(LARGE, Deadline(6)).status


@pytest.mark.usefixtures("both_ways")
def test_a_server_that_reads_a_large_request_in_drops_does_not_outlast_the_deadline(tmp_path: Path) -> None:
    """Each piece is taken in time, and all of them are not."""
    tls, bundle = local_authority(tmp_path)
    over = threading.Event()

    def serve(connection: socket.socket) -> None:
        while not over.wait(0.02) and connection.recv(16384):
            pass

    with conversation(serve, tls) as url, closing(client_of(settings(url, ca_bundle=str(bundle)))) as client:
        with pytest.raises(TimedOutError, match="a thing"):
            client.send(LARGE, Deadline(0.5))
        over.set()


@pytest.mark.usefixtures("both_ways")
def test_the_beginning_of_a_request_that_was_not_sent_is_forgotten() -> None:
    """Ctrl-C, here a header that can't be written, may come in its middle: it is not sent before the next one."""
    with ScriptedServer(in_turn(json_reply({}))) as server, closing(client_of(settings(server.url))) as client:
        client.send(CALL, Deadline(60))
        with pytest.raises(OutageError):
            client.send(CALL._replace(path="/forgotten", headers={"X": "\u20ac"}), Deadline(60))
        client.send(CALL, Deadline(60))
    assert ["/thing", "/thing"] == [request.target for request in server.requests]


@pytest.mark.parametrize(
    "call",
    [
        CALL,
        Call("GET", "/a%2F..%2Fb", "a thing", query=(("a", "b c+%&/?#é~\udce9"), ("a", ""), ("", "x"))),
        Call("POST", "/x", "a thing", query=(("q", "v"),), form=(("a", "b c+%&=é"), ("e", ""))),
        Call("POST", "/x", "a thing", headers={"Authorization": "Bearer x"}),
        Call("PUT", "/x", "a thing", body=b'\x00\xff{"a": 1}', headers={"Content-Type": "application/json"}),
    ],
    ids=["get", "query", "form", "empty", "body"],
)
@pytest.mark.parametrize("prefix", ["", "/", "/a-b_c.d~/e"])
def test_both_ways_send_the_same(call: Call, prefix: str) -> None:
    """Method, target, headers and body."""
    with ScriptedServer(in_turn(json_reply({}))) as server:
        for make in (HttpClient, pooled_client):
            with closing(make(settings(server.url.replace("127.0.0.1", "LocalHost") + prefix))) as client:
                client.send(call, Deadline(60))
    single, pooled = ((one.method, one.target, one.headers, one.body) for one in server.requests)
    assert pooled == single


@pytest.mark.usefixtures("both_ways")
def test_a_referer_is_sent_without_the_spaces_around_it() -> None:
    """An environment file may have left one there; nothing but spaces is none."""
    with ScriptedServer(in_turn(json_reply({}))) as server:
        for referer in (" https://ci.example.test/ ", " "):
            with closing(client_of(settings(server.url, referer=referer))) as client:
                client.send(CALL, Deadline(60))
    assert ["https://ci.example.test/", None] == [request.headers.get("referer") for request in server.requests]
