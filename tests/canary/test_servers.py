"""Servers that fail, lie, or send back what they were sent."""

import json
import ssl
from collections.abc import Callable, Mapping
from http import HTTPStatus

import pytest
import trustme

from mysafe_env.emulator.faults import NAMED, read_fault
from mysafe_env.secret import Secret
from tests.canary.cage import CLIENT_ID, CLIENT_SECRET, MARK, PROXY_PASSWORD, Cage
from tests.support.emulator import running_emulator
from tests.support.scripted_server import Raw, Reply, Request, Script, ScriptedServer, json_reply

TOKEN = f"token-{MARK}"
ENDLESS = frozenset({"hang", "slow", "slow-head", "huge"})
STATUSES = ("400", "401", "403", "404", "418", "429", "500", "503")
QUICK = ("run", "export", "render", "check", "list json", "get field")
FAULTS = [
    *(what + where for what in NAMED for where in ("", "@/api/mysafe", "@/api/mysafe/note/1")),
    *(what + where for what in STATUSES for where in ("", "@/api/mysafe/note/1")),
]
AUTHORITY = trustme.CA()


@pytest.mark.parametrize("fault", FAULTS)
def test_a_failing_server_shows_no_secret(cage: Cage, fault: str) -> None:
    """Whatever the server does instead of answering, no command shows what it has in hand."""
    commands = QUICK[:2] if fault.partition("@")[0] in ENDLESS else QUICK[:4]
    with running_emulator(
        cage.folder / "vault.toml",
        client_id=CLIENT_ID,
        client_secret=Secret(CLIENT_SECRET),
        faults=[read_fault(fault)],
    ) as emulator:
        cage.use_server(emulator.url, MYSAFE_TIMEOUT="0.5")
        assert all(done.code for name, done in cage.run_all(commands).items() if name in {"run", "export", "render"})


@pytest.mark.parametrize("method", ["auto", "post", "get"])
@pytest.mark.parametrize("auth", ["", "basic", "query", "body"])
def test_refused_credentials_are_not_shown(cage: Cage, method: str, auth: str) -> None:
    """A wrong client secret is sent in every way there is, and shown in none."""
    with running_emulator(cage.folder / "vault.toml", client_secret=Secret("another")) as emulator:
        cage.use_server(emulator.url).use(MYSAFE_TOKEN_METHOD=method, MYSAFE_TOKEN_AUTH=auth)
        assert all(done.code for name, done in cage.run_all(QUICK).items())


def _everything(request: Request) -> str:
    return f"{request.method} {request.target} {request.headers} {request.body.decode()} {TOKEN} {MARK}"


def _sent(request: Request) -> str:
    """The credentials of a request, which a gateway may repeat in its own words."""
    return f"no: {request.headers.get('authorization', '')} {request.body.decode()}"


ECHOES: Mapping[str, Callable[[Request], Script]] = {
    "text": lambda request: Reply(500, _everything(request).encode(), (("Content-Type", "text/plain"),)),
    "page": lambda request: Reply(200, _everything(request).encode(), (("Content-Type", "text/html"),)),
    "not HTTP": lambda request: Raw(_everything(request).encode() + b"\r\n\r\n"),
    "broken header": lambda request: Raw(f"HTTP/1.1 200 OK\r\n{_everything(request)}\r\n\r\n".encode()),
    "status line": lambda request: Raw(f"HTTP/1.1 {_everything(request)}\r\n\r\n".encode()),
    "broken length": lambda _: Raw(f"HTTP/1.1 200 OK\r\nContent-Length: {MARK}\r\n\r\n{{}}".encode()),
    "broken chunk": lambda _: Raw(f"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{MARK}\r\n".encode()),
    "gateway": lambda request: json_reply({"message": _sent(request)}, HTTPStatus.UNAUTHORIZED),
    "redirect": lambda request: Reply(302, b"", (("Location", f"https://u:{MARK}@a.test/?{_everything(request)}"),)),
    "list of text": lambda request: json_reply([_everything(request)]),
    "cut JSON": lambda request: Reply(200, json.dumps({"password": _everything(request)}).encode()[:-1]),
    "wrong types": lambda _: json_reply({"code": 200, "response": [MARK], "password_entity": MARK}),
    "not UTF-8": lambda _: Reply(200, f'{{"password": "{MARK}\xff"}}'.encode("latin-1")),
    "cookie": lambda _: Reply(500, b"{}", (("Set-Cookie", MARK), ("WWW-Authenticate", MARK))),
    "coding": lambda _: Reply(200, MARK.encode(), (("Content-Encoding", MARK), ("Content-Type", MARK))),
}


@pytest.mark.parametrize("stage", ["token", "calls"])
@pytest.mark.parametrize("name", ECHOES)
def test_what_a_server_sends_back_is_not_shown(cage: Cage, name: str, stage: str) -> None:
    """A server that puts token, client secret or values where they don't belong finds nobody who repeats them."""

    def answer(request: Request) -> Script:
        if stage == "calls" and request.path.endswith("/token"):
            return json_reply({"access_token": TOKEN, "token_type": "Bearer", "expires_in": 60})
        return ECHOES[name](request)

    with ScriptedServer(answer) as server:
        cage.use_server(server.url, MYSAFE_TIMEOUT="1")
        assert all(done.code for done in cage.run_all(QUICK).values())


def test_a_proxy_that_refuses_is_named_without_its_password(cage: Cage) -> None:
    """A proxy's user and password are in no message, whatever it answers."""
    with ScriptedServer(lambda _: Reply(407, b"{}")) as proxy:
        address = proxy.url.removeprefix("http://")
        cage.use_server("https://vault.example.test", HTTPS_PROXY=f"http://u:{PROXY_PASSWORD}@{address}")
        done = cage.run_all(QUICK)
        assert all(address.encode() in done[name].stderr for name in ("run", "export", "get field"))


@pytest.mark.parametrize("name", ["127.0.0.1", "elsewhere.test"])
def test_a_certificate_that_is_not_trusted(cage: Cage, name: str) -> None:
    """The client secret is not sent before the server's certificate is verified, and not shown either."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    AUTHORITY.issue_cert(name).configure_cert(context)
    bundle = cage.folder / "ca.pem"
    if name == "elsewhere.test":
        AUTHORITY.cert_pem.write_to_path(str(bundle))
    with running_emulator(cage.folder / "vault.toml", tls=context) as emulator:
        cage.use_server(emulator.url, MYSAFE_CA_BUNDLE=str(bundle) if bundle.exists() else "")
        assert all(done.code for done in cage.run_all(QUICK).values())
        assert () == emulator.requests
