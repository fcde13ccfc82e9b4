"""What the emulator says to requests that no documented client sends."""

import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from mysafe_env.emulator.mysafe.server import Emulator
from tests.emulator.caller import Caller
from tests.support.emulator import running_emulator

JSON = {"Content-Type": "application/json"}
NOTE = "/api/mysafe/note"


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    """One emulator for requests that change nothing."""
    with running_emulator('[[note]]\nname = "a note"\n') as started:
        yield started


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/api/mysafe"),
        ("GET", "/api/mysafe/apisecret"),
        ("GET", "/iso/mysafe/note"),
        ("GET", "/prefix/api/mysafe/note"),
        ("GET", "/api/mysafe/note/update/1"),
        ("GET", "/api/mysafe/note/1/2"),
        ("POST", "/api/mysafe/note/update/1"),
        ("POST", "/api/mysafe/note/1"),
        ("PUT", "/api/mysafe/note/1"),
        ("PUT", "/api/mysafe/note/active/1"),
        ("PUT", "/api/mysafe/note/update1"),
        ("DELETE", "/api/mysafe/note/1"),
        ("PATCH", "/api/mysafe/note/1"),
        ("PUT", "/api/oauth2/token"),
    ],
)
def test_no_such_route(caller: Caller, method: str, path: str) -> None:
    """The gateway knows the documented routes and no others."""
    answer = caller.call(method, path)
    assert (404, "no Route matched with those values") == (answer.status, answer.message)


def test_a_head_request_has_no_body(caller: Caller) -> None:
    """HEAD is no route either, and its answer ends with its headers."""
    answer = caller.call("HEAD", NOTE)
    assert (404, b"") == (answer.status, answer.body)
    assert 200 == caller.call("GET", NOTE).status


def test_a_query_is_decoded(caller: Caller) -> None:
    """A filter's value is percent-decoded; an empty one filters nothing."""
    assert 1 == len(caller.call("GET", f"{NOTE}?name=a%20note").json["note_on_list"])
    assert 1 == len(caller.call("GET", f"{NOTE}?name=a+note&tag=").json["note_on_list"])
    assert 0 == len(caller.call("GET", f"{NOTE}?name=a%2Bnote").json["note_on_list"])


def test_an_identifier_is_decoded(caller: Caller) -> None:
    """A part of the path is percent-decoded after the path was split."""
    assert 200 == caller.call("GET", f"{NOTE}/%31").status
    assert "1010: Unexpected identifier type" == caller.call("GET", f"{NOTE}/1%2F2").message


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (["name"], "the body is not a JSON object"),
        ({"naem": "n"}, "Parameter 'naem' is not known"),
        ({"identifier": "7"}, "Parameter 'identifier' is not known"),
        ({"password": "p"}, "Parameter 'password' is not known"),
        ({"name": 7}, "Parameter 'name' is not a string"),
        ({"name": None}, "Parameter 'name' is not a string"),
        ({"users_allowed": "ana.dev"}, "Parameter 'users_allowed' is not an array"),
        ({"groups_allowed": None}, "Parameter 'groups_allowed' is not an array"),
        ({"users_allowed": ["ana.dev"]}, "Parameter 'users_allowed' holds an entry without 'username'"),
        ({"users_allowed": [{"name": "ana.dev"}]}, "Parameter 'users_allowed' holds an entry without 'username'"),
        ({"groups_allowed": [{"name": 7}]}, "Parameter 'groups_allowed' holds an entry without 'name'"),
        (
            {"groups_allowed": [{"name": "g", "can_write": True}]},
            "Parameter 'groups_allowed' holds an entry with more than 'name' and 'can_edit'",
        ),
        (
            {"users_allowed": [{"username": "u", "can_edit": "true"}]},
            "Parameter 'users_allowed' holds a 'can_edit' that is not a boolean",
        ),
    ],
)
def test_bodies_that_are_refused(caller: Caller, body: object, message: str) -> None:
    """Unknown fields and wrong types are told, on create and on update, in the envelope of an error."""
    for method, path in (("POST", NOTE), ("PUT", f"{NOTE}/update/1")):
        answer = caller.call(method, path, body)
        assert (400, message) == (answer.status, answer.message)
        assert {"code": 400, "message": message, "detail": None} == answer.json["exception"]


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_000])
def test_bodies_that_are_not_json(caller: Caller, body: bytes) -> None:
    """What is not JSON is told so."""
    assert "the body is not a JSON object" == caller.call("POST", NOTE, body, JSON).message


def test_another_content_type(caller: Caller) -> None:
    """A body is JSON and says so; parameters of the content type do not matter."""
    message = "the content type is not application/json"
    assert message == caller.call("POST", NOTE, b"name=n", {"Content-Type": "text/plain"}).message
    assert message == caller.call("PUT", f"{NOTE}/update/1", b"{}").message
    charset = {"Content-Type": "Application/JSON; charset=utf-8"}
    assert 200 == caller.call("PUT", f"{NOTE}/update/1", b"{}", charset).status


def test_switching_takes_no_body(caller: Caller) -> None:
    """Activate and deactivate are documented without a body."""
    assert "this call takes no body" == caller.call("POST", f"{NOTE}/active/1", {}).message


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", b"411"),
        (b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", b"411"),
        (b"POST / HTTP/1.1\r\nContent-Length: 1048577\r\n\r\n", b"413"),
        (b"POST / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n", b"413"),
        (b"nonsense\r\n\r\n", b"400"),
    ],
)
def test_requests_that_are_not_read(emulator: Emulator, head: bytes, status: bytes) -> None:
    """A body of unknown or unreasonable length is refused, and the connection ends."""
    assert b" " + status + b" " in sent_raw(emulator, head)


def test_a_body_that_breaks_off(emulator: Emulator) -> None:
    """A client that leaves in the middle of its body gets no answer."""
    assert b"" == sent_raw(emulator, b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nhalf")


def test_a_client_that_knows_http_1_0(emulator: Emulator) -> None:
    """An old client gets its answer, and the connection ends with it."""
    assert b"no Route matched" in sent_raw(emulator, b"GET / HTTP/1.0\r\n\r\n")


def sent_raw(emulator: Emulator, data: bytes) -> bytes:
    """What comes back until the server closes, for bytes that a decent client would not send."""
    where = urlsplit(emulator.url)
    with socket.create_connection((where.hostname, where.port), timeout=60) as connection:
        connection.sendall(data)
        connection.shutdown(socket.SHUT_WR)
        received = b""
        while chunk := connection.recv(4096):
            received += chunk
    return received
