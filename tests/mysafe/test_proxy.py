"""The proxy variables keep their usual meaning."""

from pathlib import Path

import pytest

from mysafe_env.deadline import Deadline
from mysafe_env.errors import SettingsError, UnreachableError
from mysafe_env.sources.http.calls import Answer, Call
from mysafe_env.sources.http.client import HttpClient
from tests.mysafe.bodies import settings
from tests.support.authority import local_authority
from tests.support.scripted_server import Reply, ScriptedServer, in_turn, json_reply

CALL = Call("GET", "/thing", "a thing", query=(("q", "made-up"),))


def get(url: str, **others: object) -> Answer:
    """The answer to one call."""
    client = HttpClient(settings(url, **others))
    try:
        return client.send(CALL, Deadline(60))
    finally:
        client.close()


def test_plain_http_goes_through_its_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """The proxy is asked for the whole URL."""
    with ScriptedServer(in_turn(json_reply({}))) as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        get("http://mysafe.example.test")
    assert ["http://mysafe.example.test/thing?q=made-up"] == [request.target for request in proxy.requests]


@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"])
def test_https_goes_through_a_tunnel(variable: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The proxy learns the host, and the certificate is verified at the end of the tunnel."""
    context, bundle = local_authority(tmp_path, "mysafe.example.test")
    with (
        ScriptedServer(in_turn(json_reply({})), tls=context) as server,
        ScriptedServer(in_turn(Reply(500)), tunnel_to=server.address) as proxy,
    ):
        monkeypatch.setenv(variable, proxy.url)
        get("https://mysafe.example.test", ca_bundle=str(bundle))
    assert [("CONNECT", "mysafe.example.test:443")] == [(one.method, one.target) for one in proxy.requests]
    assert ["/thing?q=made-up"] == [request.target for request in server.requests]


def test_a_proxy_may_speak_tls_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An https proxy is verified with the same authorities."""
    context, bundle = local_authority(tmp_path, "127.0.0.1", "mysafe.example.test")
    with (
        ScriptedServer(in_turn(json_reply({})), tls=context) as server,
        ScriptedServer(in_turn(Reply(500)), tls=context, tunnel_to=server.address) as proxy,
    ):
        monkeypatch.setenv("https_proxy", proxy.url)
        get("https://mysafe.example.test", ca_bundle=str(bundle))
    assert 1 == len(proxy.requests)
    assert 1 == len(server.requests)


@pytest.mark.parametrize("exception", ["127.0.0.1", "127.0.0.0/8", "*"])
def test_no_proxy_names_what_needs_none(exception: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server is asked itself."""
    context, bundle = local_authority(tmp_path)
    with (
        ScriptedServer(in_turn(json_reply({})), tls=context) as server,
        ScriptedServer(in_turn(json_reply({}))) as proxy,
    ):
        monkeypatch.setenv("https_proxy", proxy.url)
        monkeypatch.setenv("no_proxy", exception)
        get(server.url, ca_bundle=str(bundle))
        assert 0 == proxy.connections
    assert ["/thing?q=made-up"] == [request.target for request in server.requests]


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
def test_plain_http_on_this_machine_stays_on_it(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is allowed because nobody else reads it: a proxy would."""
    with ScriptedServer(in_turn(json_reply({}))) as server, ScriptedServer(in_turn(json_reply({}))) as proxy:
        monkeypatch.setenv(variable, proxy.url)
        for host in ("127.0.0.1", "localhost"):
            assert 200 == get(server.url.replace("127.0.0.1", host)).status
        assert 0 == proxy.connections


def test_a_tunnel_learns_no_credential(monkeypatch: pytest.MonkeyPatch) -> None:
    """What goes to the proxy in clear text is the name of the host, and who we are to the proxy."""
    call = Call("POST", "/token", "a token", form=(("client_secret", "made-up"),), headers={"Authorization": "made-up"})
    with ScriptedServer(in_turn(Reply(503))) as proxy:
        monkeypatch.setenv("https_proxy", proxy.url)
        client = HttpClient(settings("https://mysafe.example.test", referer="https://made-up.example.test"))
        with pytest.raises(UnreachableError):
            client.send(call, Deadline(60))
        client.close()
    assert ["CONNECT"] == [request.method for request in proxy.requests]
    assert "made-up" not in repr(proxy.requests)


def test_user_and_password_of_a_proxy_go_to_the_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are its credentials, not the server's."""
    with ScriptedServer(in_turn(json_reply({}))) as proxy:
        monkeypatch.setenv("http_proxy", proxy.url.replace("//", "//ana:made-up@"))
        get("http://mysafe.example.test")
    assert "Basic YW5hOm1hZGUtdXA=" == proxy.requests[0].headers["proxy-authorization"]


def test_a_proxy_that_refuses_is_named_with_its_status(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its password is not in the error, nor is what it said."""
    with ScriptedServer(in_turn(Reply(407))) as proxy:
        monkeypatch.setenv("https_proxy", proxy.url.replace("//", "//ana:made-up@"))
        with pytest.raises(UnreachableError) as caught:
            get("https://mysafe.example.test")
    name = proxy.url.removeprefix("http://")
    expected = f"the proxy http://{name} does not lead to mysafe.example.test: it answered with status 407"
    assert expected == caught.value.message
    assert "HTTPS_PROXY" in caught.value.hint


@pytest.mark.parametrize(
    "proxy",
    ["http://ana:made-up@proxy.invalid:3128", "ana:made-up@proxy.invalid:3128", "socks5://proxy.invalid:1"],
)
def test_a_proxy_that_can_not_be_used_is_named(proxy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """No such host, or a kind that needs another package."""
    monkeypatch.setenv("https_proxy", proxy)
    with pytest.raises(UnreachableError, match=r"the proxy .* does not lead to mysafe\.example\.test") as caught:
        get("https://mysafe.example.test")
    assert "made-up" not in caught.value.message


@pytest.mark.parametrize("proxy", ["http://", "http://ana:made-up@"])
def test_a_proxy_without_a_host_is_a_wrong_setting(proxy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """An address that leads nowhere is told before anything is sent."""
    monkeypatch.setenv("https_proxy", proxy)
    with pytest.raises(SettingsError, match="the proxy's address names no host"):
        get("https://mysafe.example.test")
