"""What was done is told, and kept, when it can't be shown."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.cli.programs import FOLDER, program, shell
from tests.manage.commands import System
from tests.mysafe.bodies import CLIENT_ID, CLIENT_SECRET, envelope, mysafe, success, token_reply
from tests.support.forked import ForkServer
from tests.support.process import environment_for
from tests.support.scripted_server import Request, Script, ScriptedServer, json_reply

CREATE = "create note --name n --note-file x.env"
UPDATE = "update note 1 --tags x"
IMPORT = "import x.env --mapping-out m.toml"
FULL = ["error: can't write to standard output: No space left on device", "hint: is the disk full?"]
CASES = [
    (CREATE, ["warning: note 3 was saved, and can't be shown", "hint: see it with: mysafe-env get note 3"]),
    (UPDATE, ["warning: note 1 was saved, and can't be shown", "hint: see it with: mysafe-env get note 1"]),
    (
        IMPORT,
        [
            "warning: 1 of 1 items are there, and the list of them can't be shown",
            "hint: see them with: mysafe-env list password",
        ],
    ),
]


def lines(stderr: bytes) -> list[str]:
    """What was said."""
    return [line.removeprefix("mysafe-env: ") for line in stderr.decode().splitlines()]


@pytest.mark.parametrize(("line", "told"), CASES)
def test_a_full_disk_hides_no_item(local: System, line: str, told: list[str]) -> None:
    """The item that is there is named before the error, and the mapping is written."""
    (local.folder / "x.env").write_text("A=1\n", encoding="utf-8")
    done = shell(local.folder, local.environment, f"mysafe-env {line} >/dev/full")
    assert (1, told + FULL) == (done.code, lines(done.stderr))
    assert (line == IMPORT) == (local.folder / "m.toml").exists()


@pytest.mark.parametrize(("line", "told"), CASES)
def test_a_reader_that_has_gone_hides_no_item(local: System, line: str, told: list[str]) -> None:
    """The same, though the command ends as one that SIGPIPE has killed."""
    (local.folder / "x.env").write_text("A=1\n", encoding="utf-8")
    reading, writing = os.pipe()
    os.close(reading)
    with open(writing, "wb") as pipe:  # noqa: PTH123  # a descriptor is no path
        done = subprocess.run(
            [program("mysafe-env"), *line.split()],
            cwd=local.folder,
            env=environment_for(local.environment),
            stdin=subprocess.DEVNULL,
            stdout=pipe,
            stderr=subprocess.PIPE,
            timeout=60,
            check=False,
        )
    assert (141, told) == (done.returncode, lines(done.stderr))
    assert (line == IMPORT) == (local.folder / "m.toml").exists()


def test_a_full_disk_hides_no_sharing_that_failed(tmp_path: Path) -> None:
    """It is told as well."""
    entity = {"identifier": "7", "name": "n", "shared_error": ["bob: unknown user"]}
    with mysafe({"/api/mysafe/note": json_reply({**envelope(status=201), "note_entity": entity}, 201)}) as server:
        access = {"MYSAFE_URL": server.url, "MYSAFE_CLIENT_ID": CLIENT_ID, "MYSAFE_CLIENT_SECRET": CLIENT_SECRET}
        (tmp_path / "x.env").write_text("A=1\n", encoding="utf-8")
        done = shell(tmp_path, {"PATH": f"{FOLDER}:{os.environ['PATH']}", **access}, f"mysafe-env {CREATE} >/dev/full")
    assert any("not shared as asked: bob: unknown user" in line for line in lines(done.stderr))


def test_a_full_disk_hides_no_row_that_failed(local: System) -> None:
    """Each is told with its reason."""
    (local.folder / "x.env").write_text("db=1\n", encoding="utf-8")
    done = shell(local.folder, local.environment, "mysafe-env import x.env >/dev/full")
    assert "warning: 0 of 1 items are there, and the list of them can't be shown" == lines(done.stderr)[0]
    assert 'error: row 1: there is a password "db" already' == lines(done.stderr)[2]


@pytest.mark.parametrize("options", [(), ("--dry-run",)])
def test_a_mapping_that_could_not_be_written_is_refused_first(vault: System, options: tuple[str, ...]) -> None:
    """Nothing is created for it."""
    (vault.folder / "x.env").write_text("A=1\n", encoding="utf-8")
    code, told = vault.refusal("import", "x.env", "--mapping-out", "gone/m.toml", *options)
    error = "error: can't write gone/m.toml: there is no directory gone"
    assert (1, [error, "hint: make it first: mkdir -p gone"]) == (code, told)
    assert 2 == len(vault.json("list", "password"))


@pytest.mark.parametrize(
    ("options", "hint"),
    [
        (
            "",
            "name them in a mapping by the identifiers that are shown; with --result, a mapping can be made again",
        ),
        ("--result r", "mend that and import again with the same --result, which creates nothing twice"),
    ],
)
def test_a_folder_that_goes_away_hides_no_item(
    measured_forks: ForkServer, tmp_path: Path, options: str, hint: str
) -> None:
    """What was created is listed, and the way to the mapping is told."""
    folder = tmp_path / "maps"
    folder.mkdir()
    saved = json_reply({**envelope(status=201), "password_entity": {"identifier": "7", "name": "A"}}, 201)

    def answer(request: Request) -> Script:
        if "token" in request.path:
            return token_reply()
        if request.method == "GET":
            return success(password_on_list=[])
        folder.rmdir()
        return saved

    with ScriptedServer(answer) as server:
        access = {"MYSAFE_URL": server.url, "MYSAFE_CLIENT_ID": CLIENT_ID, "MYSAFE_CLIENT_SECRET": CLIENT_SECRET}
        opened = System(tmp_path, {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), **access}, measured_forks)
        (tmp_path / "x.env").write_text("A=1\n", encoding="utf-8")
        done = opened.run("import", "x.env", "--json", "--mapping-out", "maps/m.toml", *options.split())
    error = "error: the items are there, and their mapping is not: can't write maps/m.toml: there is no directory maps"
    assert (1, [error, f"hint: {hint}"]) == (done.code, lines(done.stderr))
    assert ["created"] == [row["status"] for row in json.loads(done.stdout)]
