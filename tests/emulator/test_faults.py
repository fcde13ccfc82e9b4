"""Faults that the emulator plays."""

import contextlib
import http.client
import socket
import ssl
import threading
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from mysafe_env.emulator.exchange import Request, Response
from mysafe_env.emulator.faults import NAMED, Fault, read_fault
from mysafe_env.emulator.mysafe.server import Emulator
from mysafe_env.emulator.server import LoopbackServer
from mysafe_env.errors import UsageError
from tests.emulator.caller import TOKEN, Answer, calling
from tests.support.authority import local_authority
from tests.support.emulator import running_emulator
from tests.support.running import eventually

NOTE = "/api/mysafe/note"
VAULT = '[[note]]\nname = "n"\nnote = "text"\n'


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("503", Fault("503")),
        ("429*2", Fault("429", count=2)),
        ("hang@/api/mysafe/password", Fault("hang", "/api/mysafe/password")),
        ("no-route@/*1", Fault("no-route", "/", 1)),
        ("502@POST:/api*3", Fault("502", "/api", 3, "POST")),
        *((name, Fault(name)) for name in NAMED),
    ],
)
def test_accepted(text: str, fault: Fault) -> None:
    """A fault is a status or a name, with a path and a count if wanted."""
    assert fault == read_fault(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", '"" is not a fault'),
        ("503*0", '"503*0" is not a fault'),
        ("503*", '"503*" is not a fault'),
        ("503@api", '"503@api" is not a fault'),
        ("HANG", '"HANG" is not a fault'),
        ("503\n", '"503 " is not a fault'),
        ("hnag", 'there is no fault "hnag"; did you mean "hang"?'),
        ("200", 'there is no fault "200"'),
        ("600", 'there is no fault "600"'),
        ("5030", 'there is no fault "5030"'),
    ],
)
def test_refused(text: str, message: str) -> None:
    """What is no fault is told, and the hint shows how to write one."""
    with pytest.raises(UsageError) as caught:
        read_fault(text)
    assert message in caught.value.message
    assert "hang" in caught.value.hint


def answer_to(*faults: str) -> Answer:
    """What a list of notes gets while faults are played on it."""
    played = map(read_fault, faults)
    with running_emulator(VAULT, faults=played) as emulator, calling(emulator, logged_in=False) as caller:
        return caller.call("GET", NOTE)


@pytest.mark.parametrize(
    ("fault", "status", "message"),
    [
        ("401", 401, "You are not authorized to access this resource."),
        ("not-authorized", 401, "You are not authorized to access this resource."),
        ("403", 403, "You are not authorized to access this resource."),
        ("404", 404, "no Route matched with those values"),
        ("no-route", 404, "no Route matched with those values"),
        ("429", 429, "API rate limit exceeded"),
        ("500", 500, "Unexpected error."),
        ("418", 418, "Unexpected error."),
        ("502", 502, "An invalid response was received from the upstream server"),
        ("upstream", 502, "An invalid response was received from the upstream server"),
        ("503", 503, "failure to get a peer from the ring-balancer"),
        ("504", 504, "The upstream server is timing out"),
        ("upstream-timeout", 504, "The upstream server is timing out"),
        ("encryption", 500, "Unexpected error"),
    ],
)
def test_statuses(fault: str, status: int, message: str) -> None:
    """Each status speaks in the words of whoever would send it: the gateway, or MySafe in its envelope."""
    answer = answer_to(fault)
    assert (status, message) == (answer.status, answer.message)


def test_rate_limit_says_when() -> None:
    """429 tells after how many seconds to come again."""
    assert "1" == answer_to("429").headers["Retry-After"]


def test_encryption_names_its_odd_code() -> None:
    """The documented failure to encrypt has status 500 and exception code 400."""
    assert 400 == answer_to("encryption").json["exception"]["code"]


@pytest.mark.parametrize(
    ("fault", "status", "header", "body"),
    [
        ("redirect", 302, ("Location", "/login"), b""),
        ("html", 200, ("Content-Type", "text/html; charset=utf-8"), b"<html>"),
        ("not-json", 200, ("Content-Type", "application/json"), b"OK"),
    ],
)
def test_answers_that_are_not_mysafes(fault: str, status: int, header: tuple[str, str], body: bytes) -> None:
    """A redirect, a web page and plain text, as proxies and wrong addresses give them."""
    answer = answer_to(fault)
    assert (status, header[1]) == (answer.status, answer.headers[header[0]])
    assert body in answer.body


def test_truncate() -> None:
    """The body ends at its half, and so does the connection."""
    with pytest.raises(http.client.IncompleteRead) as caught:
        answer_to("truncate")
    assert len(caught.value.partial) in range((caught.value.expected or 0) - 1, (caught.value.expected or 0) + 2)


def test_reset() -> None:
    """The connection is reset without a byte of an answer."""
    with pytest.raises(ConnectionResetError):
        answer_to("reset")


def test_hang() -> None:
    """No answer comes; stopping the emulator ends the wait."""
    with running_emulator(VAULT, faults=[Fault("hang")]) as emulator, calling(emulator, logged_in=False) as caller:
        caller.connection.request("GET", NOTE)
        wait_for_request(emulator)
        emulator.stop()
        with pytest.raises(http.client.RemoteDisconnected):
            caller.connection.getresponse()


def test_slow() -> None:
    """The head comes at once and the body in drops; stopping the emulator ends it."""
    with running_emulator(VAULT, faults=[Fault("slow")]) as emulator, calling(emulator, logged_in=False) as caller:
        # A body that takes a quarter of an hour.
        caller.connection.request("GET", "/openapi.json")
        response = caller.connection.getresponse()
        assert b"{" == response.read(1)
        emulator.stop()
        with pytest.raises(http.client.IncompleteRead):
            response.read()


def test_slow_head() -> None:
    """The status line comes in drops, and in the end the answer is the right one; stopping the emulator ends it."""
    with running_emulator(VAULT, faults=[Fault("slow-head")]) as emulator, calling(emulator, logged_in=False) as caller:
        assert 401 == caller.call("GET", NOTE).status
        caller.connection.request("GET", NOTE)
        assert b"H" == caller.connection.sock.recv(1)
        emulator.stop()
        assert b"HTTP/1.1 401".startswith(b"H" + caller.connection.sock.recv(11))


def test_slow_comes_to_an_end() -> None:
    """Whoever waits long enough gets the whole body."""
    with running_emulator(VAULT, faults=[Fault("slow")]) as emulator, calling(emulator, logged_in=False) as caller:
        assert "no Route matched with those values" == caller.call("GET", "/login").message


def test_huge() -> None:
    """64 MiB are announced and sent; a client may leave before their end."""
    with running_emulator(VAULT, faults=[Fault("huge")]) as emulator, calling(emulator, logged_in=False) as caller:
        caller.connection.request("GET", NOTE)
        response = caller.connection.getresponse()
        assert str(64 << 20) == response.getheader("Content-Length")
        assert 1 << 20 == len(response.read(1 << 20))
        response.close()
        caller.close()
        assert 64 << 20 == len(caller.call("GET", NOTE).body)


def test_count_and_place() -> None:
    """A fault with a count is played so often and then the answers are right; other paths never meet it."""
    faults = [Fault("503", NOTE, 2), Fault("500", NOTE, 1), Fault("404", "/api/mysafe/password")]
    with running_emulator(VAULT, faults=faults) as emulator, calling(emulator) as caller:
        assert [503, 503, 500, 200, 200] == [caller.call("GET", NOTE).status for _ in range(5)]
        assert 404 == caller.call("GET", "/api/mysafe/password").status
        assert 404 == caller.call("GET", "/api/mysafe/password/1").status


def test_faults_reach_the_token_too() -> None:
    """A fault without a place is played on token requests as well."""
    with running_emulator(VAULT, faults=[Fault("503")]) as emulator, calling(emulator, logged_in=False) as caller:
        assert 503 == caller.call("POST", TOKEN).status


def test_a_fault_spares_the_vault() -> None:
    """A request that gets another answer was not carried out."""
    with running_emulator(VAULT, faults=[Fault("502", NOTE, 1)]) as emulator, calling(emulator) as caller:
        body = {"name": "new", "note": "text"}
        assert 502 == caller.call("POST", NOTE, body).status
        assert 1 == len(caller.call("GET", NOTE).json["note_on_list"])


def test_latency_is_cut_short_by_the_end() -> None:
    """A delay comes in a new connection; stopping does not wait for it."""
    with running_emulator(VAULT, latency=3600.0) as emulator, calling(emulator, logged_in=False) as caller:
        caller.connection.request("GET", NOTE)
        emulator.stop()
        with pytest.raises(OSError):  # noqa: PT011  # closed or reset, as it happens
            caller.connection.getresponse()


def test_an_answer_that_is_delayed_still_comes_at_the_end() -> None:
    """A delay comes before every answer; what was asked is answered all the same."""
    with running_emulator(VAULT, latency=0.5) as emulator, calling(emulator, logged_in=False) as caller:
        caller.connection.request("GET", NOTE)
        wait_for_request(emulator)
        emulator.stop()
        assert 401 == caller.connection.getresponse().status


class Dawdling:
    """An API that has its answer ready when the test says so."""

    def __init__(self) -> None:
        self.asked, self.ready = threading.Event(), threading.Event()

    def answer(self, _: Request) -> Response:
        """Nothing in particular."""
        self.asked.set()
        assert self.ready.wait(60)
        return Response(418, b"tea", ())


@pytest.mark.parametrize("secured", [False, True], ids=["plain", "tls"])
def test_what_was_asked_before_the_end_is_answered(secured: bool, tmp_path: Path) -> None:  # noqa: FBT001  # a parameter
    """The answer says that it is the last one; ending takes TLS off no connection that has something left to say."""
    context, bundle = local_authority(tmp_path)
    api = Dawdling()
    with LoopbackServer(api, tls=context if secured else None) as server:
        address = urlsplit(server.url).netloc
        connection = (
            http.client.HTTPSConnection(address, timeout=60, context=ssl.create_default_context(cafile=bundle))
            if secured
            else http.client.HTTPConnection(address, timeout=60)
        )
        with contextlib.closing(connection):
            connection.request("GET", "/")
            assert api.asked.wait(60)
            stopping = threading.Thread(target=server.stop)
            stopping.start()
            eventually(lambda: not listens(server), "the port is closed")
            api.ready.set()
            response = connection.getresponse()
            assert (418, "close", b"tea") == (response.status, response.getheader("Connection"), response.read())
        stopping.join(60)


def listens(server: LoopbackServer) -> bool:
    """Whether new connections are accepted."""
    where = urlsplit(server.url)
    with socket.socket() as probe:
        return probe.connect_ex((where.hostname, where.port)) == 0


def wait_for_request(emulator: Emulator) -> None:
    """Wait until the emulator has read a request."""
    eventually(lambda: emulator.requests, "a request is read")
