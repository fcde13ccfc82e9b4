"""Each peer's loopback server answers as the real one, and each adapter writes what its peer reads."""

import json
import shutil
import subprocess
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from mysafe_env.emulator.server import LoopbackServer
from tests.benchmarks.peers import chamber, doppler, envconsul, secrets_env, summon
from tests.benchmarks.peers.known import PEERS, find
from tests.benchmarks.peers.peer import Peer, Place
from tests.benchmarks.peers.vault_backend import TOKEN, VaultBackend
from tests.benchmarks.values import value

Ask = Callable[..., tuple[int, dict[str, Any]]]


@contextmanager
def _asking(url: str) -> Iterator[Ask]:
    connection = HTTPConnection(urlsplit(url).netloc, timeout=10)

    def ask(method: str, target: str, body: object = None, **headers: str) -> tuple[int, dict[str, Any]]:
        named = {name.replace("_", "-"): text for name, text in headers.items()}
        connection.request(method, target, None if body is None else json.dumps(body), named)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())

    try:
        yield ask
    finally:
        connection.close()


@pytest.fixture(name="vault")
def _vault() -> Iterator[Ask]:
    with LoopbackServer(VaultBackend(3)) as server, _asking(server.url) as ask:
        yield ask


@pytest.fixture(name="doppler")
def _doppler() -> Iterator[Ask]:
    with LoopbackServer(doppler.DopplerBackend(2)) as server, _asking(server.url) as ask:
        yield ask


@pytest.fixture(name="ssm")
def _ssm() -> Iterator[Ask]:
    with LoopbackServer(chamber.SsmBackend(12)) as server, _asking(server.url) as ask:
        yield ask


def test_vault_reads_a_secret(vault: Ask) -> None:
    """A secret's keys stand below `data`."""
    status, body = vault("GET", "/v1/secret/item_2", X_Vault_Token=TOKEN)
    assert (200, {"value": value(2)}) == (status, body["data"])


@pytest.mark.parametrize(("method", "target"), [("LIST", "/v1/secret/"), ("GET", "/v1/secret?list=True")])
def test_vault_lists_a_folder(vault: Ask, method: str, target: str) -> None:
    """Either way of asking for a list gives the names."""
    status, body = vault(method, target, X_Vault_Token=TOKEN)
    assert (200, {"keys": ["item_0", "item_1", "item_2"]}) == (status, body["data"])


def test_vault_tells_the_mount(vault: Ask) -> None:
    """A client learns the engine's version, and by which part of the path it is mounted."""
    _, body = vault("GET", "/v1/sys/internal/ui/mounts/secret/item_0", X_Vault_Token=TOKEN)
    assert {"options": {"version": "1"}, "path": "secret/", "type": "kv"} == body["data"]


def test_vault_knows_its_token(vault: Ask) -> None:
    """The token can be looked up by itself; no other opens anything."""
    assert 200 == vault("GET", "/v1/auth/token/lookup-self", X_Vault_Token=TOKEN)[0]
    assert (403, {"errors": ["permission denied"]}) == vault("GET", "/v1/secret/item_0", X_Vault_Token="other")


@pytest.mark.parametrize("target", ["/v1/secret/item_3", "/v1/secret", "/elsewhere"])
def test_vault_has_nothing_else(vault: Ask, target: str) -> None:
    """What is not there is 404, as Vault answers it."""
    assert (404, {"errors": []}) == vault("GET", target, X_Vault_Token=TOKEN)


def test_doppler_gives_all_values_at_once(doppler: Ask) -> None:
    """A download is one object of names and values."""
    answer = doppler("GET", "/v3/configs/config/secrets/download?format=json", Authorization="Bearer dp.st.made-up")
    assert (200, {"ITEM_0": value(0), "ITEM_1": value(1)}) == answer


def test_doppler_refuses_the_rest(doppler: Ask) -> None:
    """Another token is 401, another route 404."""
    assert 401 == doppler("GET", "/v3/configs/config/secrets/download", Authorization="Bearer other")[0]
    assert 404 == doppler("GET", "/v3/projects", Authorization="Bearer dp.st.made-up")[0]


def test_ssm_pages_by_ten(ssm: Ask) -> None:
    """Ten parameters come at most, and a token for the next page until the last."""
    call = {"X_Amz_Target": "AmazonSSM.GetParametersByPath"}
    _, first = ssm("POST", "/", {"Path": "/bench/", "MaxResults": 50}, **call)
    _, last = ssm("POST", "/", {"Path": "/bench/", "NextToken": first["NextToken"]}, **call)
    found = [*first["Parameters"], *last["Parameters"]]
    assert (10, [f"/bench/item_{number}" for number in range(12)]) == (
        len(first["Parameters"]),
        [each["Name"] for each in found],
    )
    assert "NextToken" not in last
    assert value(11) == found[11]["Value"]


def test_ssm_has_no_other_path_and_no_other_call(ssm: Ask) -> None:
    """Another path has no parameters; another call is unknown."""
    assert (200, {"Parameters": []}) == ssm(
        "POST", "/", {"Path": "/other/"}, X_Amz_Target="AmazonSSM.GetParametersByPath"
    )
    assert 400 == ssm("POST", "/", {}, X_Amz_Target="AmazonSSM.PutParameter")[0]


@pytest.mark.parametrize("peer", PEERS, ids=lambda peer: peer.program)
def test_an_adapter_leads_to_its_server(peer: Peer, tmp_path: Path) -> None:
    """The server's address is in the arguments, the environment or a file, the certificate in the environment."""
    start = peer.start(Place("https://127.0.0.1:1", tmp_path / "ca.pem", 1, tmp_path))
    files = [path.read_text(encoding="utf-8") for path in tmp_path.iterdir()]
    assert any("https://127.0.0.1:1" in text for text in (*start.arguments, *start.environ.values(), *files))
    assert str(tmp_path / "ca.pem") in start.environ.values()


def test_secrets_env_is_asked_for_every_value(tmp_path: Path) -> None:
    """Its file names each variable with its path and key."""
    secrets_env.PEER.start(Place("http://127.0.0.1:1", None, 2, tmp_path))
    written = tomllib.loads((tmp_path / "secrets-env.toml").read_text(encoding="utf-8"))
    assert {"ITEM_0": "secret/item_0#value", "ITEM_1": "secret/item_1#value"} == written["secrets"]


def test_envconsul_is_asked_for_every_value(tmp_path: Path) -> None:
    """It gets an option for each path, since it knows no list."""
    arguments = envconsul.PEER.start(Place("http://127.0.0.1:1", None, 2, tmp_path)).arguments
    assert ("-secret", "secret/item_0", "-secret", "secret/item_1") == arguments[-4:]


@pytest.mark.skipif(not shutil.which("curl"), reason="curl is not installed")
def test_the_provider_of_summon_prints_a_value(tmp_path: Path) -> None:
    """The provider keeps its contract: one argument, the value on standard output, an exit code without one."""
    with LoopbackServer(VaultBackend(1)) as server:
        start = summon.PEER.start(Place(server.url, None, 1, tmp_path))
        provider, environ = start.arguments[1], {"PATH": "/usr/bin:/bin", **start.environ}
        done = subprocess.run([provider, "secret/item_0"], env=environ, capture_output=True, text=True, check=True)
        unasked = subprocess.run([provider], env=environ, check=False)
    assert (value(0), 1) == (done.stdout.strip(), unasked.returncode)


def test_a_peer_on_the_path_is_found(tmp_path: Path) -> None:
    """A program of that name is found with the version it tells, the others are not there."""
    program = tmp_path / "chamber"
    program.write_text('#!/bin/sh\n[ "$1" = version ] && echo "chamber v9.8.7" >&2\n', encoding="utf-8")
    program.chmod(0o755)
    found = find(str(tmp_path), [chamber.PEER, summon.PEER])
    assert [("chamber 9.8.7", str(program))] == [(each.name, each.path) for each in found]


def test_a_peer_that_tells_no_version_is_found(tmp_path: Path) -> None:
    """A program that does not say what it is takes part all the same."""
    program = tmp_path / "summon"
    program.write_text("not a program", encoding="utf-8")
    program.chmod(0o755)
    assert ["summon ?"] == [each.name for each in find(str(tmp_path), [summon.PEER])]
