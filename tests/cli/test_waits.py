"""What a person learns while a server lets everybody wait."""

import re
from pathlib import Path

import pytest

from tests.cli.programs import at_terminal, in_folder, play
from tests.mysafe.bodies import CLIENT_ID, CLIENT_SECRET, NOTE, success, token_reply
from tests.support.scripted_server import Reply, ScriptedServer, in_turn

MAPPING = '[env]\nA = { kind = "note", identifier = "21" }\n'
GOOD = success(note_entity=NOTE)
RUN = ("mysafe-run", "printenv", "A")
GET = ("mysafe-env", "get", "note", "21", "--field", "name")
SHOWN = {RUN: "canary-of-a-note\n", GET: "runbook\n"}


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
