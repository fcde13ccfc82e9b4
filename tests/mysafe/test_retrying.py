"""Calls that are repeated: which are, how often, and what is told in the end."""

import socket
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import partial

import pytest

from mysafe_env.deadline import Deadline
from mysafe_env.errors import BadAnswerError, OutageError, TimedOutError, UncertainError, UnreachableError
from mysafe_env.sources.http.calls import BODY_LIMIT, Answer, Call
from mysafe_env.sources.http.retrying import RetryingClient
from tests.mysafe.bodies import WEB_PAGE, settings
from tests.support.deadlines import Skipping
from tests.support.scripted_server import (
    Raw,
    Reply,
    Request,
    Script,
    ScriptedServer,
    Silence,
    in_turn,
    json_reply,
)

CALL = Call("GET", "/thing", "a thing")
CREATE = Call("POST", "/thing", "a new thing", body=b"{}", once=True)
GOOD = json_reply({"good": True})
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
UPSTREAM = "An invalid response was received from the upstream server"


class Told(list[tuple[str, float]]):
    """The waits that were told: why, and how long."""

    def __call__(self, why: str, seconds: float) -> Callable[[], None]:
        self.append((why, seconds))
        return lambda: None


def busy(status: int, *headers: tuple[str, str]) -> Reply:
    """What a gateway says that has nobody behind it."""
    return Reply(status, b"<html>", headers)


def send(url: str, call: Call = CALL, seconds: float = 60.0, told: Told | None = None) -> Answer:
    """The answer to one call, whose waits are skipped; what is told of them is added to *told*."""
    return send_within(Skipping(seconds, told), url, call)


def send_within(deadline: Deadline, url: str, call: Call = CALL) -> Answer:
    """The answer to one call."""
    client = RetryingClient(settings(url))
    try:
        return client.send(call, deadline)
    finally:
        client.close()


TRANSIENT: dict[str, Script] = {
    **{f"status-{status}": busy(status) for status in (408, 429, 502, 503, 504)},
    "gateway-text": json_reply({"message": UPSTREAM}, 500),
    "gateway-text-in-a-success": json_reply({"message": "The upstream server is timing out"}),
    "closed": Raw(),
    "short-body": Raw(HEAD + b"Content-Length: 10\r\n\r\n{"),
    "short-chunk": Raw(HEAD + b"Transfer-Encoding: chunked\r\n\r\n9\r\n{"),
    "cut-until-close": Raw(HEAD + b"\r\n" + b'{"half": '),
    "web-page": WEB_PAGE,
    "page-that-calls-itself-json": Reply(200, b"<html></html>"),
    "text": Reply(200, b"OK"),
    "empty": Reply(200),
    "deep": Reply(200, b"[" * 100_000),
    "large-and-cut": Reply(200, b'{"large": "' + bytes(2**20)),
}


@pytest.mark.parametrize("trouble", TRANSIENT.values(), ids=TRANSIENT)
def test_what_may_pass_is_repeated(trouble: Script) -> None:
    """Whatever stood in between twice, the third attempt brings the answer."""
    with ScriptedServer(in_turn(trouble, trouble, GOOD)) as server:
        assert GOOD.body == send(server.url).body
    assert 3 == len(server.requests)


FINAL: dict[str, Script] = {
    "good": GOOD,
    "plain-500": Reply(500, b"<html>"),
    "json-500": json_reply({"message": "An unexpected error occurred"}, 500),
    "501": Reply(501),
    "400": json_reply({"message": "no"}, 400),
    "401": Reply(401),
    "403-page": Reply(403, b"<html>"),
    "404-page": Reply(404, b"<html>"),
    "413": Reply(413),
    "large": Reply(200, b'{"large": "' + b"x" * 2**20 + b'"}\n'),
}


@pytest.mark.parametrize("answer", FINAL.values(), ids=FINAL)
def test_what_is_final_is_not_repeated(answer: Reply) -> None:
    """A plain 500 has been tried by MySafe itself, and other refusals stay what they are."""
    with ScriptedServer(in_turn(answer)) as server:
        assert answer.status == send(server.url).status
    assert 1 == len(server.requests)


@pytest.mark.parametrize(
    "answer",
    [
        Reply(302, b"", (("Location", "/login"),)),
        Reply(200, b"", (("Content-Encoding", "gzip"),)),
        Raw(b"220 mail.example.test ESMTP\r\n"),
        Raw(HEAD + b"\r\n" + bytes(BODY_LIMIT + 1)),
    ],
    ids=["redirect", "compressed", "not-http", "endless"],
)
def test_an_answer_that_will_not_change_is_an_error_at_once(answer: Script) -> None:
    """A redirect, another protocol and a body over the cap are no accidents."""
    with ScriptedServer(in_turn(answer)) as server:
        with pytest.raises(BadAnswerError):
            send(server.url)
        assert 1 == server.connections


@pytest.mark.parametrize("trouble", [Raw(), WEB_PAGE, Reply(200, b"{")], ids=["closed", "web-page", "cut"])
def test_what_is_mostly_permanent_is_given_up_after_a_few_attempts(trouble: Script) -> None:
    """Nobody waits half a minute for a wrong address, and the error is the real one."""
    told = Told()
    with ScriptedServer(in_turn(trouble)) as server:
        if isinstance(trouble, Raw):
            with pytest.raises(UnreachableError, match="closed the connection"):
                send(server.url, told=told)
        else:
            assert 200 == send(server.url, told=told).status
    assert 3 <= len(server.requests) <= 5
    assert sum(wait for _, wait in told) < 15


def test_a_wrong_port_is_given_up_after_a_few_attempts() -> None:
    """Connections that are refused are tried again for some seconds, in case that the server starts."""
    told = Told()
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        port = bound.getsockname()[1]
        with pytest.raises(UnreachableError, match=f"127.0.0.1:{port} refuses connections"):
            send(f"http://127.0.0.1:{port}", told=told)
    assert [f"127.0.0.1:{port} refuses connections"] * 4 == [why for why, _ in told]
    assert sum(wait for _, wait in told) < 5


def test_a_server_that_starts_late_is_found() -> None:
    """It listens after the first attempts."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        answer = HEAD + b"Content-Length: 2\r\n\r\n{}"

        def listen(*_: object) -> Callable[[], None]:
            bound.listen()
            return server.start

        server = threading.Thread(target=partial(_answer_one, bound, answer))
        client = RetryingClient(settings(f"http://127.0.0.1:{bound.getsockname()[1]}"))
        assert b"{}" == client.send(CALL, Skipping(60.0, listen)).body
        client.close()
        server.join(60)


def _answer_one(listener: socket.socket, answer: bytes) -> None:
    connection, _ = listener.accept()
    with connection:
        connection.recv(65536)
        connection.sendall(answer)


def test_a_busy_server_is_asked_as_long_as_there_is_time() -> None:
    """More often than what is mostly permanent, and never beyond the deadline; the last reason is its own."""
    told = Told()
    deadline = Skipping(60.0, told)
    with ScriptedServer(in_turn(busy(503))) as server:
        assert 503 == send_within(deadline, server.url).status
    assert not deadline.passed
    assert sum(wait for _, wait in told) < 60.0
    assert len(server.requests) == 1 + len(told) > 5


@pytest.mark.parametrize("status", [408, 429, 502, 503, 504])
@pytest.mark.parametrize("form", ["seconds", "date"])
def test_a_wait_that_does_not_fit_is_not_begun(status: int, form: str) -> None:
    """A server that names a time beyond the deadline is believed at once."""
    later = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    named = {"seconds": "3600", "date": later}[form]
    told = Told()
    with ScriptedServer(in_turn(busy(status, ("Retry-After", named)))) as server:
        assert status == send(server.url, told=told).status
    assert 1 == len(server.requests)
    assert [] == told


@pytest.mark.parametrize("headers", [(("Retry-After", "1"),), ()], ids=["named", "not-named"])
def test_the_named_time_is_waited_for(headers: tuple[tuple[str, str], ...]) -> None:
    """Not shorter, and a little longer by chance; a rate limit that names no time is taken for one per second."""
    told = Told()
    with ScriptedServer(in_turn(busy(429, *headers), GOOD)) as server:
        send(server.url, told=told)
        address = server.url.removeprefix("http://")
    why, wait = told[0]
    assert f"{address} answered with status 429" == why
    assert 1.0 <= wait < 10.0


def test_a_wait_does_not_repeat_the_words_of_a_server() -> None:
    """A gateway may echo what was sent, a token or a value, which is masked only in what is told at the end."""
    told = Told()
    echo = json_reply({"message": "choked on canary-of-a-value"}, 502)
    with ScriptedServer(in_turn(echo, GOOD)) as server:
        send(server.url, told=told)
        address = server.url.removeprefix("http://")
    assert [f"{address} answered with status 502"] == [why for why, _ in told]


def test_a_server_that_takes_its_time_to_fail_is_not_asked_in_vain() -> None:
    """An attempt as long as the last one would not fit, so the reason is told before the deadline."""
    told = Told()
    deadline = Skipping(100.0, told)

    def take_long(_: Request) -> Script:
        deadline.skip(51.0)
        return busy(504)

    with ScriptedServer(take_long) as server:
        assert 504 == send_within(deadline, server.url).status
        assert 1 == len(server.requests)
    assert [] == told
    assert not deadline.passed


@pytest.mark.parametrize("trouble", [busy(503), Raw()], ids=["busy", "closed"])
def test_the_end_of_time_does_not_hide_the_reason(trouble: Script) -> None:
    """Where the last attempt got no answer, what the one before got is the reason."""
    told = Told()

    def nearly_over(why: str, seconds: float) -> Callable[[], None]:
        deadline.skip(59.5 - seconds)
        return told(why, seconds)

    deadline = Skipping(60.0, nearly_over)
    with ScriptedServer(in_turn(trouble, Silence())) as server:
        if isinstance(trouble, Raw):
            with pytest.raises(UnreachableError, match="closed"):
                send_within(deadline, server.url)
        else:
            assert 503 == send_within(deadline, server.url).status
    assert 1 == len(told)
    assert deadline.passed


@pytest.mark.parametrize(
    ("trouble", "error"),
    [
        (busy(429), None),
        (busy(503), None),
        (busy(408), None),
        (WEB_PAGE, None),
        (Raw(), UncertainError),
        (Raw(HEAD + b"Content-Length: 10\r\n\r\n{"), UncertainError),
        (Silence(), UncertainError),
    ],
    ids=["429", "503", "408", "web-page", "closed", "cut", "silence"],
)
def test_a_create_is_sent_once(trouble: Script, error: type[OutageError] | None) -> None:
    """Whatever came back, or nothing, it may have been done."""
    with ScriptedServer(in_turn(trouble)) as server:
        if error is None:
            assert isinstance(trouble, Reply)
            assert trouble.status == send(server.url, CREATE).status
        else:
            with pytest.raises(error):
                send(server.url, CREATE, 3.0 if isinstance(trouble, Silence) else 60.0)
        assert 1 == len(server.requests)


def test_a_create_that_never_left_is_tried_again() -> None:
    """A connection that was refused has carried nothing."""
    told = Told()
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        with pytest.raises(UnreachableError, match="refuses connections") as caught:
            send(f"http://127.0.0.1:{bound.getsockname()[1]}", CREATE, told=told)
    assert UnreachableError is type(caught.value)
    assert 4 == len(told)


def test_what_one_thread_was_told_holds_for_the_others() -> None:
    """While the server wants to be left alone, no thread of the process asks it anything."""
    with ScriptedServer(in_turn(busy(429, ("Retry-After", "600")), GOOD)) as server:
        client = RetryingClient(settings(server.url))
        limited, others = threading.Event(), [Told() for _ in range(8)]
        first = threading.Thread(target=partial(client.send, CALL, Skipping(3600.0, partial(_set, limited))))
        first.start()
        assert limited.wait(60)
        _together([partial(client.send, CALL, Skipping(3600.0, told)) for told in others])
        first.join(60)
        client.close()
    assert 10 == len(server.requests)
    reasons, waits = zip(*(wait for told in others for wait in told), strict=True)
    assert [f"{server.url.removeprefix('http://')} asked for fewer requests"] * 8 == list(reasons)
    # What is left of the ten minutes, on a machine however slow.
    assert min(waits) > 300.0


def test_a_call_that_can_not_wait_for_the_others_hears_the_reason_itself() -> None:
    """Its deadline is nearer than the server's wish, so it asks, and is told the same."""
    with ScriptedServer(in_turn(busy(429, ("Retry-After", "3600")))) as server:
        client = RetryingClient(settings(server.url))
        assert [429, 429] == [client.send(CALL, Skipping(60.0)).status for _ in range(2)]
        client.close()


def _set(event: threading.Event, *_: object) -> Callable[[], None]:
    event.set()
    return lambda: None


def _together(works: Sequence[partial[Answer]]) -> None:
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)


def test_silence_is_told_as_what_it_is() -> None:
    """Where there was no other reason, the deadline is the reason."""
    with ScriptedServer(in_turn(GOOD, Silence())) as server:
        client = RetryingClient(settings(server.url))
        client.send(CALL, Deadline(60.0))
        with pytest.raises(TimedOutError, match=r"timed out after 0\.5 s"):
            client.send(CALL, Deadline(0.5))
        client.close()
