"""The emulator as a server: connections, TLS, ports, signals."""

import contextlib
import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from mysafe_env.emulator.faults import Fault
from mysafe_env.emulator.mysafe.server import Emulator
from mysafe_env.errors import MySafeEnvError, UsageError
from mysafe_env.vault.records import Record
from mysafe_env.vault.store import Vault
from tests.emulator.caller import calling
from tests.support.authority import local_authority
from tests.support.emulator import running_emulator
from tests.support.process import run_python

NOTE = "/api/mysafe/note"
VAULT = '[[note]]\nname = "n"\nnote = "text"\n'


def test_a_connection_is_kept() -> None:
    """Many requests of one client cost one connection, refusals included."""
    with running_emulator(VAULT) as emulator, calling(emulator) as caller:
        assert [200, 400, 404, 200] == [
            caller.call("GET", path).status for path in (NOTE, f"{NOTE}/7", "/nowhere", f"{NOTE}/1")
        ]
        assert 1 == emulator.connections
        assert {1} == {request.connection for request in emulator.requests}
        with calling(emulator):
            assert 2 == emulator.connections
        assert ("POST", "/api/oauth2/token", 2) == emulator.requests[-1]


def test_many_clients_at_once() -> None:
    """Clients that create at once all get an answer, each on its own connection."""
    with running_emulator(VAULT) as emulator, ThreadPoolExecutor(24) as pool:
        identifiers = list(pool.map(lambda _: create(emulator), range(24)))
        assert {str(number) for number in range(2, 26)} == set(identifiers)
        assert 24 == emulator.connections


def create(emulator: Emulator) -> str:
    """The number of a note made on a connection of its own."""
    with calling(emulator) as caller:
        return str(caller.call("POST", NOTE, {"name": "n", "note": "t"}).json["note_entity"]["identifier"])


def test_loopback_only() -> None:
    """The address is that of the loopback interface, with a port that was free."""
    with running_emulator() as emulator:
        assert "127.0.0.1" == urlsplit(emulator.url).hostname
        assert 0 != urlsplit(emulator.url).port


def test_a_file_can_be_served(tmp_path: Path) -> None:
    """The helper of the tests takes a path as well."""
    path = tmp_path / "vault.toml"
    path.write_text("demo = true\n" + VAULT)
    with running_emulator(path) as emulator, calling(emulator) as caller:
        assert 200 == caller.call("GET", f"{NOTE}/1").status


def test_tls(tmp_path: Path) -> None:
    """With a certificate the emulator speaks TLS; a client that does not trust it harms nobody."""
    context, bundle = local_authority(tmp_path)
    trusting = ssl.create_default_context(cafile=bundle)
    with running_emulator(VAULT, tls=context) as emulator:
        assert emulator.url.startswith("https://127.0.0.1:")
        with pytest.raises(ssl.SSLCertVerificationError), calling(emulator, tls=ssl.create_default_context()):
            pass
        with pytest.raises(ConnectionError), calling(emulator):
            pass
        with calling(emulator, tls=trusting) as caller:
            assert 200 == caller.call("GET", f"{NOTE}/1").status


def test_a_reset_over_tls(tmp_path: Path) -> None:
    """Faults of the connection are played under TLS as well."""
    context, bundle = local_authority(tmp_path)
    trusting = ssl.create_default_context(cafile=bundle)
    with (
        running_emulator(VAULT, tls=context, faults=[Fault("reset", NOTE)]) as emulator,
        calling(emulator, tls=trusting) as caller,
        pytest.raises(ConnectionResetError),
    ):
        caller.call("GET", NOTE)


def test_stopping_ends_everything() -> None:
    """After the end no thread is left, the port is closed, and kept connections are at their end."""
    before = set(threading.enumerate())
    with running_emulator(VAULT) as emulator, calling(emulator) as caller:
        emulator.stop()
        emulator.stop()
        with pytest.raises(ConnectionError):
            caller.call("GET", NOTE)
        where = urlsplit(emulator.url)
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection((where.hostname, where.port), timeout=60)
    for thread in set(threading.enumerate()) - before:
        thread.join(timeout=60)
        assert not thread.is_alive()


@pytest.mark.parametrize("port", [-1, 65536])
def test_an_impossible_port(port: int) -> None:
    """A number that is no port is told so."""
    with pytest.raises(UsageError, match=f"can't listen on port {port}: not a port"):
        Emulator(Vault(), port=port).start()


def test_a_port_that_is_taken() -> None:
    """A port that another program has is named, with the way out."""
    with running_emulator() as emulator:
        port = urlsplit(emulator.url).port or 0
        with pytest.raises(MySafeEnvError, match=f"can't listen on port {port}: ") as caught:
            Emulator(Vault(), port=port).start()
    assert not isinstance(caught.value, UsageError)
    assert "use --port 0 for a free one" == caught.value.hint


PROGRAM = """
from mysafe_env.emulator.mysafe.server import Emulator
from mysafe_env.vault.store import Vault
emulator = Emulator(Vault())
emulator.serve_until_stopped(lambda: print(emulator.url, flush=True))
print("done")
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it(number: int) -> None:
    """In the foreground it serves until SIGTERM or SIGINT comes, and then goes on as if nothing had happened."""
    program = [sys.executable, "-c", PROGRAM]
    with subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            where = urlsplit(process.stdout.readline().strip())
            with socket.create_connection((where.hostname, where.port), timeout=60):
                os.kill(process.pid, number)
                out, err = process.communicate(timeout=60)
        finally:
            process.kill()
    assert ("done\n", "", 0) == (out, err, process.returncode)


SIGNALLED = """
import os, signal
from mysafe_env.emulator.mysafe.server import Emulator
from mysafe_env.vault.store import Vault
def found():
    return signal.getsignal(signal.SIGTERM), signal.pthread_sigmask(signal.SIG_BLOCK, ())
signal.signal(signal.SIGTERM, lambda *_: print("handled"))
before = found()
Emulator(Vault()).serve_until_stopped(lambda: os.kill(os.getpid(), signal.SIGTERM))
print(before == found())
os.kill(os.getpid(), signal.SIGTERM)
"""


def test_signals_are_put_back() -> None:
    """Whoever called it finds handlers and mask as they were, and the signal that ended it is spent."""
    # In a process of its own: in this one, another thread might take the signal.
    assert "True\nhandled" == run_python(SIGNALLED).output


def test_a_fault_of_ours_is_shown(capfd: pytest.CaptureFixture[str]) -> None:
    """A failure of the emulator itself is not swallowed."""

    class BrokenVault(Vault):
        def get(self, kind: str, identifier: str) -> Record:
            raise ZeroDivisionError(kind, identifier)

    with running_emulator(BrokenVault()) as emulator, calling(emulator) as caller, pytest.raises(ConnectionError):
        caller.call("GET", f"{NOTE}/1")
    assert "ZeroDivisionError" in capfd.readouterr().err


def test_the_command_takes_an_edition_and_a_lifetime(tmp_path: Path) -> None:
    """As the constructor does."""
    path = tmp_path / "vault.toml"
    path.write_text('[[note]]\nname = "a"\n[[note]]\nname = "b"\n')
    path.chmod(0o600)
    argv = [sys.executable, "-m", "mysafe_env", "emulate", "--vault", str(path)]
    with subprocess.Popen(
        [*argv, "--edition", "v3-32", "--token-lifetime", "1000"], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        lines = dict(process.stdout.readline().rstrip().split("=", 1) for _ in range(3))
        try:
            query = urlencode(
                {
                    "grant_type": "client_credentials",
                    "client_id": lines["MYSAFE_CLIENT_ID"],
                    "client_secret": lines["MYSAFE_CLIENT_SECRET"],
                }
            )
            token = get(lines["MYSAFE_URL"], f"/api/oauth2/token?{query}", "")
            rows = get(lines["MYSAFE_URL"], "/api/mysafe/note?name=a", f"Bearer {token['access_token']}")
        finally:
            process.terminate()
    assert (0, 1000, 2) == (process.returncode, token["expires_in"], len(rows["note_on_list"]))


def get(url: str, target: str, authorization: str) -> Any:  # noqa: ANN401  # tests look into it
    """The body that a request gets."""
    connection = HTTPConnection(urlsplit(url).netloc, timeout=60)
    with contextlib.closing(connection):
        connection.request("GET", target, headers={"Authorization": authorization})
        return json.loads(connection.getresponse().read())
