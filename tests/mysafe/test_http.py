"""HTTP for the sources: one server, kept connections, no redirects, and every failure in our words."""

import base64
import gzip
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from mysafe_env import __version__
from mysafe_env.deadline import Deadline
from mysafe_env.errors import BadAnswerError, OutageError, SettingsError, TimedOutError, UnreachableError
from mysafe_env.settings import CONCURRENCY
from mysafe_env.sources.http.calls import BODY_LIMIT, Answer, Call
from mysafe_env.sources.http.client import HttpClient
from tests.mysafe.bodies import settings
from tests.mysafe.ways import client_of
from tests.support.process import DEADLINE_SECONDS
from tests.support.scripted_server import (
    Raw,
    Reply,
    Request,
    Script,
    ScriptedServer,
    Silence,
    Trickle,
    in_turn,
    json_reply,
)

pytestmark = pytest.mark.usefixtures("both_ways")

CALL = Call("GET", "/thing", "a thing")
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


def send(script: Script, seconds: float = 10.0, call: Call = CALL) -> Answer:
    """The answer to one call of a server that follows *script*."""
    with ScriptedServer(in_turn(script)) as server:
        return send_to(server.url, seconds, call)


def send_to(url: str, seconds: float = 10.0, call: Call = CALL, **others: object) -> Answer:
    """The answer to one call."""
    client = client_of(settings(url, **others))
    try:
        return client.send(call, Deadline(seconds))
    finally:
        client.close()


def send_second(script: Script, seconds: float) -> Answer:
    """The answer to a call over a connection that is there already, so that all of its time is that of its answer."""
    with ScriptedServer(in_turn(json_reply({}), script)) as server:
        client = client_of(settings(server.url))
        try:
            client.send(CALL, Deadline(60))
            return client.send(CALL, Deadline(seconds))
        finally:
            client.close()


@pytest.fixture
def closed_port() -> Iterator[int]:
    """A port where nobody listens, and nobody else can begin to."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield bound.getsockname()[1]


def test_an_answer_has_status_content_type_and_body() -> None:
    """The content type comes in lower case and without its parameters."""
    reply = Reply(201, b"{}", (("Content-Type", "Application/JSON; charset=utf-8"),))
    assert Answer(201, "application/json", b"{}") == send(reply)


@pytest.mark.parametrize(
    "script",
    [
        Raw(HEAD + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"),
        Raw(HEAD + b"Connection: close\r\n\r\n{}"),
        Trickle([HEAD + b"Content-Length: 2\r\n\r\n", b"{", b"}"], threading.Event().is_set),
    ],
    ids=["chunked", "until-close", "in-pieces"],
)
def test_a_body_arrives_in_any_framing(script: Script) -> None:
    """Chunks, the end of the connection and slow pieces all give the same body."""
    assert b"{}" == send(script).body


def test_an_error_status_is_an_answer() -> None:
    """What a status means is not decided here."""
    assert 500 == send(json_reply({}, 500)).status


def test_a_call_says_who_calls_and_wants_json() -> None:
    """User agent, accepted type, uncompressed answers, and the referer of the settings."""
    with ScriptedServer(in_turn(json_reply({}))) as server:
        send_to(server.url, referer="https://ci.example.test/")
    headers = server.requests[0].headers
    assert f"mysafe-env/{__version__}" == headers["user-agent"]
    assert "application/json" == headers["accept"]
    assert "identity" == headers["accept-encoding"]
    assert "https://ci.example.test/" == headers["referer"]


def test_no_referer_is_sent_unless_set() -> None:
    """A referer is only sent for access keys that have a rule about it."""
    with ScriptedServer(in_turn(json_reply({}))) as server:
        send_to(server.url)
    assert "referer" not in server.requests[0].headers


@pytest.mark.parametrize("referer", ["https://a\r\nX-Injected: 1", "https://ä"])
def test_a_referer_that_no_header_can_carry_is_refused(referer: str) -> None:
    """It is named before anything is sent."""
    with pytest.raises(SettingsError, match="MYSAFE_REFERER"):
        client_of(settings("http://127.0.0.1", referer=referer))


def test_query_and_form_are_encoded() -> None:
    """Spaces, plus signs and separators in values arrive as they were."""
    call = Call("POST", "/x", "a thing", query=(("tag", "a b+c&d=é"),), form=(("k", "v w"),))
    with ScriptedServer(in_turn(json_reply({}))) as server:
        client = client_of(settings(server.url))
        client.send(call, Deadline(60))
        client.close()
    assert "/x?tag=a%20b%2Bc%26d%3D%C3%A9" == server.requests[0].target
    assert b"k=v+w" == server.requests[0].body
    assert "application/x-www-form-urlencoded" == server.requests[0].headers["content-type"]


def test_a_prefix_of_the_url_stands_before_every_path() -> None:
    """`MYSAFE_URL` may hold a prefix, with a final slash or without."""
    with ScriptedServer(in_turn(json_reply({}))) as server:
        send_to(server.url + "/vault/")
    assert "/vault/thing" == server.requests[0].target


def test_a_connection_is_kept() -> None:
    """Calls that follow each other use one connection."""
    with ScriptedServer(in_turn(json_reply({}))) as server:
        client = client_of(settings(server.url))
        for _ in range(5):
            client.send(CALL, Deadline(60))
        client.close()
    assert 5 == len(server.requests)
    assert 1 == server.connections


def test_there_are_no_more_connections_than_the_limit() -> None:
    """Of many threads, those that find no free connection wait for one."""
    with ScriptedServer(in_turn(json_reply({}))) as server:
        client = HttpClient(settings(server.url))
        threads = [
            threading.Thread(target=lambda: [client.send(CALL, Deadline(60)) for _ in range(5)]) for _ in range(24)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        client.close()
    assert 120 == len(server.requests)
    assert CONCURRENCY >= server.connections


def test_netrc_is_not_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A .netrc for the host adds no credentials to any call."""
    netrc = tmp_path / ".netrc"
    netrc.write_text("machine 127.0.0.1 login intruder password made-up\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    with ScriptedServer(in_turn(json_reply({}))) as server:
        send_to(server.url)
    assert "authorization" not in server.requests[0].headers


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(status: int) -> None:
    """The error names where it leads, without what may be secret there."""
    location = "https://user:made-up@other.example.test/login?ticket=made-up#made-up"
    with ScriptedServer(in_turn(Reply(status, b"", (("Location", location),)))) as server:
        with pytest.raises(BadAnswerError) as caught:
            send_to(server.url)
        assert 1 == len(server.requests)
    assert "redirects to https://other.example.test/login " in caught.value.message
    assert "not followed" in caught.value.message
    assert "made-up" not in caught.value.message


def test_a_redirect_to_nothing_is_told_as_one() -> None:
    """A location that is no URL ends in the same error."""
    with pytest.raises(BadAnswerError, match="redirects to an address that is no URL"):
        send(Reply(302, b"", (("Location", "http://[broken/"),)))


def test_the_body_of_a_redirect_is_not_read() -> None:
    """A redirect without an end does not hold anybody up."""
    endless = Trickle([b"HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 99\r\n\r\n"], lambda: None)
    with pytest.raises(BadAnswerError, match="redirects"):
        send(endless)


def test_a_compressed_answer_is_refused_unread() -> None:
    """A small answer can't become a huge one, since nothing is decompressed."""
    bomb = gzip.compress(bytes(64 * 2**20))
    with pytest.raises(BadAnswerError, match=r"compressed its answer \(gzip\)"):
        send(Reply(200, bomb, (("Content-Encoding", "gzip"),)))


def test_a_body_without_end_is_cut_off() -> None:
    """More than the limit is not taken in."""
    with pytest.raises(BadAnswerError, match="sent more than 16 MiB as a thing"):
        send(Raw(HEAD + b"\r\n" + bytes(BODY_LIMIT + 1)))


def test_a_call_has_a_limit_of_its_own() -> None:
    """What is known to be large may be, and no larger."""
    large = Call("GET", "/x", "a thing", body_limit=BODY_LIMIT + 10)
    assert BODY_LIMIT + 10 == len(send(Reply(200, bytes(BODY_LIMIT + 10)), call=large).body)
    with pytest.raises(BadAnswerError):
        send(Reply(200, bytes(BODY_LIMIT + 11)), call=large)


@pytest.mark.parametrize(
    ("script", "error", "message"),
    [
        (Raw(), UnreachableError, "closed the connection before its answer was complete"),
        (Raw(HEAD + b"Content-Length: 10\r\n\r\n{"), UnreachableError, "closed the connection before"),
        (Raw(HEAD + b"Transfer-Encoding: chunked\r\n\r\n9\r\n{"), UnreachableError, "closed the connection before"),
        (Raw(b"220 mail.example.test ESMTP made-up\r\n"), BadAnswerError, "does not answer in HTTP"),
        (
            Raw(HEAD + b"Transfer-Encoding: chunked\r\n\r\nmade-up\r\n"),
            UnreachableError,
            "closed the connection before",
        ),
    ],
    ids=["no-answer", "short-body", "short-chunk", "not-http", "broken-chunk"],
)
def test_a_broken_answer_is_an_outage(script: Script, error: type[OutageError], message: str) -> None:
    """What the server did is told in our words, and nothing of what it sent."""
    with pytest.raises(error, match=message) as caught:
        send(script)
    assert "made-up" not in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize(
    "script",
    [
        Silence(),
        Trickle([HEAD], lambda: None),
        Trickle([HEAD + b"Content-Length: 9\r\n\r\n{"], lambda: None),
        Trickle([HEAD + b"Connection: close\r\n\r\n{"], lambda: None),
    ],
    ids=["nothing", "head-only", "part-of-the-body", "part-until-close"],
)
def test_a_deadline_ends_every_wait(script: Script) -> None:
    """The error says how long it was waited, and for what."""
    with pytest.raises(TimedOutError, match=r"timed out after 0\.2 s waiting for a thing from 127\.0\.0\.1") as caught:
        send_second(script, 0.2)
    assert "MYSAFE_TIMEOUT" in caught.value.hint


@pytest.mark.parametrize("framing", [b"Content-Length: 999\r\n", b"Connection: close\r\n"])
def test_a_server_that_trickles_does_not_outlast_the_deadline(framing: bytes) -> None:
    """Each piece comes in time, and all of them do not."""
    nobody = threading.Event()
    script = Trickle([HEAD + framing + b"\r\n", *[b"x"] * 999], lambda: nobody.wait(0.02))
    with pytest.raises(TimedOutError, match="a thing"):
        send(script, seconds=0.3)


# More than comes before `DEADLINE_SECONDS` are over.
MANY = 9999
HEADERS = [b"HTTP/1.1 200 OK\r\n", *[f"X-{number}: {'x' * 500}\r\n".encode() for number in range(99)]]


@pytest.mark.parametrize(
    "pieces",
    [
        [bytes([byte]) for byte in b"".join(HEADERS)],
        [b"HTTP/1.1 100 Continue\r\n\r\n"] * MANY,
        [HEAD + b"Transfer-Encoding: chunked\r\n\r\n", *[b"0"] * MANY],
        [HEAD + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", *[b"X-Late: 1\r\n"] * MANY],
    ],
    ids=["head", "continue", "chunk-length", "trailers"],
)
def test_neither_does_one_that_trickles_elsewhere(pieces: list[bytes]) -> None:
    """Bytes of the head, preliminary answers, the length of a chunk, and what follows the last one."""
    nobody = threading.Event()
    begun = time.monotonic()
    with pytest.raises(TimedOutError, match="a thing"):
        send(Trickle(pieces, lambda: nobody.wait(0.02)), seconds=0.3)
    assert time.monotonic() - begun < DEADLINE_SECONDS


@pytest.mark.parametrize("piece", [b"X-Many: 1\r\n", b"HTTP/1.1 100 Continue\r\n\r\n", b"x"])
def test_a_head_without_end_is_an_outage(piece: bytes) -> None:
    """However fast it comes."""
    endless = Trickle([b"HTTP/1.1 200 OK\r\n", *[piece * 1000] * 10_000], lambda: None)
    begun = time.monotonic()
    with pytest.raises(OutageError):
        send(endless, seconds=0.5)
    assert time.monotonic() - begun < DEADLINE_SECONDS


def test_a_handshake_that_trickles_ends_with_the_deadline() -> None:
    """TLS that never comes to an end is no connection in time."""
    nobody = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def trickle() -> None:
            connection, _ = listener.accept()
            with connection, suppress(OSError):
                connection.recv(65536)
                # A record of a handshake message, of which a byte comes now and then.
                connection.sendall(b"\x16\x03\x03\x40\x00\x02\x00\x3f\xfc")
                while not nobody.wait(0.02):
                    connection.sendall(b"\x03")

        thread = threading.Thread(target=trickle)
        thread.start()
        begun = time.monotonic()
        with pytest.raises(OutageError):
            send_to(f"https://127.0.0.1:{listener.getsockname()[1]}", seconds=0.5)
        assert time.monotonic() - begun < DEADLINE_SECONDS
        nobody.set()
        thread.join(60)


def test_nothing_is_sent_after_the_deadline() -> None:
    """A deadline that has passed costs no connection."""
    with ScriptedServer(in_turn(json_reply({}))) as server:
        with pytest.raises(TimedOutError):
            send_to(server.url, seconds=0.0)
        assert 0 == server.connections


def test_a_connection_that_is_not_made_in_time_is_told_as_such() -> None:
    """A full backlog lets nobody in, and the error asks for firewalls and proxies."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
        address = listener.getsockname()
        with socket.create_connection(address), socket.socket() as second:
            second.setblocking(False)
            second.connect_ex(address)
            with pytest.raises(
                TimedOutError, match=r"no connection to 127\.0\.0\.1:\d+ within 0\.[1-3] s, needed for a thing"
            ):
                send_to(f"http://127.0.0.1:{address[1]}", seconds=0.3)


def test_a_host_without_address_is_named() -> None:
    """`.invalid` never has an address, RFC 6761."""
    with pytest.raises(UnreachableError, match=r"can't find the host of mysafe\.invalid:8443") as caught:
        send_to("http://mysafe.invalid:8443")
    assert "MYSAFE_URL" in caught.value.hint


def test_a_refused_connection_names_host_and_port(closed_port: int) -> None:
    """Nobody listens there."""
    with pytest.raises(UnreachableError, match=rf"127\.0\.0\.1:{closed_port} refuses connections"):
        send_to(f"http://127.0.0.1:{closed_port}")


@pytest.mark.parametrize("host", ["a..b", "x" * 64 + ".test"])
def test_a_host_that_can_not_be_one_is_no_traceback(host: str) -> None:
    """The server is named, and the advice is to check it."""
    with pytest.raises(UnreachableError, match="can't reach"):
        send_to(f"http://{host}")


def test_an_error_of_the_system_is_told_in_its_words() -> None:
    """A connection to the broadcast address is not permitted or not possible; the system says which."""
    with pytest.raises(UnreachableError, match=r"can't reach 255\.255\.255\.255:1: \w+"):
        send_to("http://255.255.255.255:1")


def test_a_call_and_an_answer_show_no_secret() -> None:
    """Their reprs leave out query, form, headers and body."""
    secret = base64.b64encode(b"made-up").decode()
    call = Call("GET", "/", "x", query=(("q", secret),), form=(("f", secret),), headers={"h": secret})
    assert secret not in repr(call)
    assert secret not in repr(Answer(200, "", secret.encode()))


def test_requests_are_recorded_for_the_tests() -> None:
    """The scripted server tells connections apart."""
    with ScriptedServer(in_turn(json_reply({}))) as server:
        send_to(server.url)
        send_to(server.url)
    assert [1, 2] == [request.connection for request in server.requests]
    assert isinstance(server.requests[0], Request)
