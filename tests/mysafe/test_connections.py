"""Connections that are made in time, or not at all."""

import socket
import threading
from contextlib import closing

import pytest

from mysafe_env.deadline import Deadline
from mysafe_env.errors import TimedOutError
from mysafe_env.sources.http.calls import Call
from mysafe_env.sources.http.client import HttpClient
from mysafe_env.sources.http.in_time import made_within
from tests.mysafe.bodies import settings
from tests.support.running import eventually
from tests.support.scripted_server import Request, Script, ScriptedServer, json_reply

CALL = Call("GET", "/thing", "a thing")


def test_a_socket_that_comes_in_time_is_handed_over() -> None:
    """It is the one that was made."""
    with socket.socket() as made:
        assert made is made_within(10.0, lambda: made)


def test_a_failure_is_raised_where_somebody_waits() -> None:
    """Not in the thread that met it."""

    def fail() -> socket.socket:
        raise ConnectionRefusedError

    with pytest.raises(ConnectionRefusedError):
        made_within(10.0, fail)


def test_a_socket_that_comes_late_is_closed() -> None:
    """Nobody waits for it any more, and nobody would close it."""
    patience, made = threading.Event(), socket.socket()

    def dawdle() -> socket.socket:
        patience.wait(60)
        return made

    with closing(made):
        with pytest.raises(TimeoutError):
            made_within(0.05, dawdle)
        assert made.fileno() != -1
        patience.set()
        eventually(lambda: made.fileno() == -1, "the socket is closed")


def test_a_call_that_finds_all_connections_taken_ends_in_time() -> None:
    """Its deadline is its own, however long the others may wait."""
    given_up = threading.Event()

    def answer(_: Request) -> Script:
        assert given_up.wait(60)
        return json_reply({})

    with ScriptedServer(answer) as server:
        client = HttpClient(settings(server.url, concurrency=2))
        others = [threading.Thread(target=client.send, args=(CALL, Deadline(60))) for _ in range(2)]
        for other in others:
            other.start()
        eventually(lambda: len(server.requests) == len(others), "both connections are in use")
        with pytest.raises(TimedOutError, match=r"timed out after 0\.3 s"):
            client.send(CALL, Deadline(0.3))
        assert all(other.is_alive() for other in others)
        given_up.set()
        for other in others:
            other.join(60)
        client.close()
    assert 2 == len(server.requests)
