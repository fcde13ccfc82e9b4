"""What a person learns while a server lets everybody wait."""

import os
import re
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.cli.programs import at_terminal, in_folder, play, program, started, until
from tests.mysafe.bodies import CLIENT_ID, CLIENT_SECRET, NOTE, success, token_reply
from tests.support.process import Finished, run
from tests.support.running import interrupted
from tests.support.scripted_server import Reply, ScriptedServer, in_turn

MAPPING = '[env]\nA = { kind = "note", identifier = "21" }\n'
GOOD = success(note_entity=NOTE)
RUN = ("mysafe-run", "printenv", "A")
GET = ("mysafe-env", "get", "note", "21", "--field", "name")
SHOWN = {RUN: "canary-of-a-note\n", GET: "runbook\n"}


# Another list of name servers for one command alone.
WITH_NAME_SERVERS = ("/usr/bin/unshare", "--mount", "sh", "-c", 'mount --bind "$0" /etc/resolv.conf && exec "$@"')


def busy(seconds: int) -> Reply:
    """A server that wants to be left alone so long."""
    return Reply(503, b"", (("Retry-After", str(seconds)),))


def connected(folder: Path, server: ScriptedServer) -> dict[str, str]:
    """The environment of a run that talks to the server."""
    access = {"MYSAFE_URL": server.url, "MYSAFE_CLIENT_ID": CLIENT_ID, "MYSAFE_CLIENT_SECRET": CLIENT_SECRET}
    return in_folder(folder, MAPPING) | access


@pytest.mark.parametrize("argv", [RUN, GET], ids=["run", "get"])
def test_a_long_wait_is_told_on_a_terminal(tmp_path: Path, argv: tuple[str, ...]) -> None:
    """The reason stands on the last line while it lasts, and is gone when the output comes."""
    with ScriptedServer(in_turn(token_reply(), busy(2), GOOD)) as server:
        code, shown, output = at_terminal(tmp_path, connected(tmp_path, server), *argv, streams=("stderr",))
        address = server.url.removeprefix("http://")
    assert (0, SHOWN[argv]) == (code, output)
    told = rf"{argv[0]}: {address} answered with status 503; trying again in \d\.\d s\r\x1b\[K"
    assert re.fullmatch(told, shown)


def test_a_short_wait_passes_unseen(tmp_path: Path) -> None:
    """Nobody has begun to wonder."""
    with ScriptedServer(in_turn(token_reply(), Reply(503), GOOD)) as server:
        environment = connected(tmp_path, server)
        assert (0, "", SHOWN[RUN]) == at_terminal(tmp_path, environment, *RUN, streams=("stderr",))


def test_each_wait_is_told_on_request(tmp_path: Path) -> None:
    """-v says what happened and how long it waits, on a terminal or not, and without it a file gets nothing."""
    for flags in ((), ("-v",)):
        with ScriptedServer(in_turn(Reply(503), token_reply(), Reply(503), GOOD)) as server:
            done = play(tmp_path, connected(tmp_path, server), RUN[0], *flags, *RUN[1:])
            wait = f"mysafe-run: note: {server.url.removeprefix('http://')} answered with status 503; trying again in"
        waits = [line for line in done.stderr.decode().splitlines() if re.fullmatch(rf"{wait} \d\.\d s", line)]
        assert (0, 2 * len(flags)) == (done.code, len(waits))


def test_a_refused_connection_is_told_on_request(tmp_path: Path) -> None:
    """Each attempt says why there is another, and the error is the last reason."""
    environment = in_folder(tmp_path, MAPPING) | {
        "MYSAFE_URL": "http://127.0.0.1:9",
        "MYSAFE_CLIENT_ID": CLIENT_ID,
        "MYSAFE_CLIENT_SECRET": CLIENT_SECRET,
    }
    done = play(tmp_path, environment, "mysafe-run", "-v", "true")
    first, *waits, error, hint = done.stderr.decode().splitlines()
    assert 'mysafe-run: note: get note identifier "21"' == first
    assert {"mysafe-run: note: 127.0.0.1:9 refuses connections"} == {wait.partition(";")[0] for wait in waits}
    assert "mysafe-run: error: 127.0.0.1:9 refuses connections" == error
    assert hint.startswith("mysafe-run: hint: check the host and port in MYSAFE_URL")
    assert 125 == done.code


@contextmanager
def silent_name_server(folder: Path) -> Iterator[tuple[str, ...]]:
    """What to write before a command whose name lookups get no answer; skips the test where that can't be arranged."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        host = f"127.77.{os.getpid() >> 8 & 0xFF}.{os.getpid() & 0xFF}"
        # Minutes, in which the one who waits is either interrupted or at the end of its own time.
        (folder / "resolv.conf").write_text(f"nameserver {host}\noptions timeout:30 attempts:5\n")
        prefix = (*WITH_NAME_SERVERS, str(folder / "resolv.conf"))
        try:
            server.bind((host, 53))
        except PermissionError:
            pytest.skip("only root may listen on the port of DNS")
        if subprocess.run([*prefix, "true"], check=False, capture_output=True).returncode:
            pytest.skip("unshare(1) may make no mount namespace here")
        yield prefix


NOWHERE = {"MYSAFE_URL": "https://mysafe.example.test", "MYSAFE_CLIENT_ID": "x", "MYSAFE_CLIENT_SECRET": "y"}
COMMANDS = [
    pytest.param((program("mysafe-env"), "list", "note"), id="list"),
    pytest.param((program("mysafe-run"), "true"), id="run"),
]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_name_lookup_without_an_answer_ends_in_time(tmp_path: Path, command: tuple[str, ...]) -> None:
    """Nothing interrupts a lookup of the system, so nobody waits for it."""
    environment = in_folder(tmp_path, MAPPING) | NOWHERE | {"MYSAFE_TIMEOUT": "1"}
    with silent_name_server(tmp_path) as prefix:
        done = run(*prefix, *command, environment=environment, folder=tmp_path)
    # What of the second has passed before the lookup begins is up to the machine.
    told = rb"error: no connection to mysafe\.example\.test within (1|0\.\d) s, needed for an access token"
    assert re.search(told, done.stderr)


@pytest.mark.parametrize("command", COMMANDS)
def test_ctrl_c_ends_a_name_lookup_at_once(tmp_path: Path, command: tuple[str, ...]) -> None:
    """It is an end by the signal, and no traceback; the lookup is left behind."""
    environment = in_folder(tmp_path, MAPPING) | NOWHERE | {"MYSAFE_TIMEOUT": "3600"}
    with silent_name_server(tmp_path) as prefix, started(tmp_path, environment, *prefix, *command) as process:
        until(lambda: _asks_for_names(process.pid), process)
        assert Finished(-signal.SIGINT, b"", b"\n") == interrupted(process)


@pytest.mark.parametrize("command", COMMANDS)
def test_ctrl_c_ends_a_wait_at_once(tmp_path: Path, command: tuple[str, ...]) -> None:
    """The same before the next attempt."""
    with (
        ScriptedServer(in_turn(busy(600))) as server,
        started(tmp_path, connected(tmp_path, server) | {"MYSAFE_TIMEOUT": "3600"}, *command) as process,
    ):
        until(lambda: server.requests, process)
        assert Finished(-signal.SIGINT, b"", b"\n") == interrupted(process)


def _asks_for_names(pid: int) -> bool:
    """Whether a process has a socket for datagrams, as the resolver has."""
    sockets = set()
    # What is closed, or ends, at this moment.
    with suppress(FileNotFoundError):
        for link in Path(f"/proc/{pid}/fd").iterdir():
            sockets.add(str(link.readlink()).removeprefix("socket:[").removesuffix("]"))
    datagrams = {line.split()[9] for line in Path("/proc/net/udp").read_text().splitlines()[1:]}
    return bool(sockets & datagrams)
