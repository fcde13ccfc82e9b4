"""A client of the emulator that knows nothing but HTTP."""

import contextlib
import http.client
import json
import ssl
from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from mysafe_env.emulator.mysafe.server import Emulator

TOKEN = "/api/oauth2/token"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
TIMEOUT = 60.0


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:  # noqa: ANN401  # tests look into it
        """The body as JSON."""
        return json.loads(self.body)

    @property
    def message(self) -> str:
        """MySafe's words, or the gateway's."""
        body = self.json
        return str(body["response"]["message"] if "response" in body else body["message"])


class Caller:
    """One kept connection, with a token once it was asked for."""

    def __init__(self, emulator: Emulator, tls: ssl.SSLContext | None = None) -> None:
        host = urlsplit(emulator.url).netloc
        self.connection = (
            http.client.HTTPSConnection(host, timeout=TIMEOUT, context=tls)
            if tls
            else http.client.HTTPConnection(host, timeout=TIMEOUT)
        )
        self._emulator = emulator
        self._token = ""

    def call(self, method: str, target: str, body: object = None, headers: Mapping[str, str] | None = None) -> Answer:
        """Send a request with the token, if there is one; a body that is not bytes is sent as JSON."""
        sent: dict[str, str] = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        if body is not None and not isinstance(body, bytes):
            sent["Content-Type"] = "application/json"
            body = json.dumps(body).encode()
        self.connection.request(method, target, body, {**sent, **(headers or {})})
        response = self.connection.getresponse()
        return Answer(response.status, dict(response.getheaders()), response.read())

    def log_in(self) -> str:
        """Get a token, keep it and return it."""
        form = urlencode({"grant_type": "client_credentials", **credentials(self._emulator)})
        answer = self.call("POST", TOKEN, form.encode(), FORM)
        assert 200 == answer.status
        self._token = answer.json["access_token"]
        return self._token

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()


@contextlib.contextmanager
def calling(emulator: Emulator, *, logged_in: bool = True, tls: ssl.SSLContext | None = None) -> Iterator[Caller]:
    """A caller on a connection of its own."""
    caller = Caller(emulator, tls)
    try:
        if logged_in:
            caller.log_in()
        yield caller
    finally:
        caller.close()


def credentials(emulator: Emulator) -> dict[str, str]:
    """The emulator's client id and secret, as parameters."""
    return {"client_id": emulator.client_id, "client_secret": emulator.client_secret.reveal()}


def basic(client_id: str, client_secret: str) -> dict[str, str]:
    """An HTTP Basic header."""
    return {"Authorization": "Basic " + b64encode(f"{client_id}:{client_secret}".encode()).decode()}
