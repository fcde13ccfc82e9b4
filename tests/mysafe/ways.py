"""The two ways to a server, which have to tell them all the same."""

from collections.abc import Callable
from typing import Protocol

from mysafe_env.deadline import Deadline
from mysafe_env.settings import Settings
from mysafe_env.sources.http.calls import Answer, Call
from mysafe_env.sources.http.client import HttpClient
from mysafe_env.sources.http.pooled import PooledClient
from mysafe_env.sources.http.server import server_of


class Client(Protocol):
    """Who makes calls."""

    def send(self, call: Call, deadline: Deadline) -> Answer:
        """The answer."""
        ...

    def close(self) -> None:
        """Close the connections."""
        ...


def pooled_client(settings: Settings) -> PooledClient:
    """One that goes by requests from the beginning."""
    return PooledClient(server_of(settings, "MYSAFE_URL"))


WAY: Callable[[Settings], Client] = HttpClient


def client_of(settings: Settings) -> Client:
    """A client for calls that are made one after the other: `HttpClient`, if the fixture `both_ways` says no other."""
    return WAY(settings)
