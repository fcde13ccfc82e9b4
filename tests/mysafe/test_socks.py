"""Servers that are reached by way of a SOCKS proxy."""

import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from mysafe_env.deadline import Deadline
from mysafe_env.errors import OutageError, UnreachableError
from mysafe_env.sources.http.calls import Answer, Call
from mysafe_env.sources.http.client import HttpClient
from tests.cli.programs import in_folder, play
from tests.mysafe.bodies import settings
from tests.support.scripted_server import ScriptedServer, in_turn, json_reply
from tests.support.socks_server import SocksServer

CALL = Call("GET", "/thing", "a thing")


def get(url: str, seconds: float = 10.0, **others: object) -> Answer:
    """The answer to one call."""
    client = HttpClient(settings(url, **others))
    try:
        return client.send(CALL, Deadline(seconds))
    finally:
        client.close()


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    """Whose certificates are trusted."""
    return trustme.CA()


@pytest.fixture
def bundle(authority: trustme.CA, tmp_path: Path) -> str:
    """A file with the authority's certificate."""
    path = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(path)
    return str(path)


@pytest.fixture
def server(authority: trustme.CA) -> Iterator[ScriptedServer]:
    """A server for a name that only the proxy can find."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("mysafe.example.test", "127.0.0.1").configure_cert(context)
    with ScriptedServer(in_turn(json_reply({})), tls=context) as server:
        yield server


@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"])
def test_https_goes_through_socks(
    variable: str, server: ScriptedServer, bundle: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The proxy finds the host, and the certificate is verified behind it."""
    with SocksServer(server.address) as proxy:
        monkeypatch.setenv(variable, proxy.url())
        assert 200 == get("https://mysafe.example.test", ca_bundle=bundle).status
    assert [("mysafe.example.test", 443)] == proxy.asked


def test_socks5_without_an_h_finds_the_host_here(
    server: ScriptedServer, bundle: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The proxy is given an address."""
    with SocksServer(server.address) as proxy:
        monkeypatch.setenv("https_proxy", proxy.url("socks5"))
        assert 200 == get("https://127.0.0.1:8443", ca_bundle=bundle).status
    assert [("127.0.0.1", 8443)] == proxy.asked


def test_plain_http_goes_through_socks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it was allowed at all."""
    with ScriptedServer(in_turn(json_reply({}))) as server, SocksServer(server.address) as proxy:
        monkeypatch.setenv("all_proxy", proxy.url())
        assert 200 == get("http://mysafe.example.test").status
    assert [("mysafe.example.test", 80)] == proxy.asked


def test_the_certificate_is_verified_behind_the_proxy(server: ScriptedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy can't put another server in the place of the right one."""
    with SocksServer(server.address) as proxy:
        monkeypatch.setenv("https_proxy", proxy.url())
        with pytest.raises(UnreachableError, match="not trusted here"):
            get("https://mysafe.example.test")
        assert [] == server.requests


def test_user_and_password_go_to_the_proxy(
    server: ScriptedServer, bundle: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They stand in its address."""
    with SocksServer(server.address, login=("ana", "made-up")) as proxy:
        monkeypatch.setenv("https_proxy", proxy.url(login="ana:made-up"))
        assert 200 == get("https://mysafe.example.test", ca_bundle=bundle).status
    assert [("ana", "made-up")] == proxy.logins


@pytest.mark.parametrize("login", ["", "ana:made-up"])
def test_a_proxy_that_refuses_is_named_without_its_password(login: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It wants another login, or does not reach the server."""
    for proxy in (SocksServer(None), SocksServer(None, login=("bob", "secret"))):
        with proxy:
            monkeypatch.setenv("https_proxy", proxy.url(login=login))
            with pytest.raises(UnreachableError) as caught:
                get("https://mysafe.example.test")
        assert f"the proxy {proxy.url()} does not lead to mysafe.example.test: it can't be used" == caught.value.message


def test_a_proxy_that_is_not_there_may_come() -> None:
    """It is named, and another attempt is worth it."""
    with socket.socket() as bound, pytest.MonkeyPatch.context() as patched:
        bound.bind(("127.0.0.1", 0))
        patched.setenv("https_proxy", f"socks5h://127.0.0.1:{bound.getsockname()[1]}")
        with pytest.raises(UnreachableError, match="the proxy socks5h") as caught:
            get("https://mysafe.example.test")
    assert caught.value.transient


def test_a_proxy_that_trickles_ends_with_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    """A greeting that never ends is no connection in time."""
    nobody = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def greet() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(100)
                connection.sendall(b"\x05")
                nobody.wait(60)

        thread = threading.Thread(target=greet)
        thread.start()
        monkeypatch.setenv("https_proxy", f"socks5h://127.0.0.1:{listener.getsockname()[1]}")
        with pytest.raises(OutageError, match=r"no connection to mysafe\.example\.test within 0\.\d s"):
            get("https://mysafe.example.test", seconds=0.5)
        nobody.set()
        thread.join(60)


WITHOUT = """
import sys
from importlib.machinery import PathFinder

class Finder(PathFinder):
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        return None if name == "socks" else super().find_spec(name, path, target)

sys.meta_path[sys.meta_path.index(PathFinder)] = Finder
"""


def test_without_the_extra_the_error_says_what_to_install(tmp_path: Path) -> None:
    """In a Python that does not have the package."""
    environment = in_folder(tmp_path, '[env]\nA = "mysafe://note/n"\n') | {
        "MYSAFE_URL": "https://mysafe.example.test",
        "MYSAFE_CLIENT_ID": "x",
        "MYSAFE_CLIENT_SECRET": "y",
        "ALL_PROXY": "socks5://ana:made-up@127.0.0.1:9",
        "PYTHONPATH": str(tmp_path / "hooks"),
    }
    (tmp_path / "hooks").mkdir()
    (tmp_path / "hooks" / "sitecustomize.py").write_text(WITHOUT)
    done = play(tmp_path, environment, "mysafe-run", "true")
    assert 125 == done.code
    assert (
        "mysafe-run: error: the proxy socks5://127.0.0.1:9 speaks SOCKS, and the package for it is not installed\n"
        'mysafe-run: hint: install it with: pip install "mysafe-env[socks]"\n'
    ) == done.stderr.decode()
