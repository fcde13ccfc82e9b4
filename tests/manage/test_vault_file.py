"""Changes of a local vault are written into its file, with care."""

import fcntl
import os
import subprocess
from pathlib import Path

import pytest

from mysafe_env.deadline import Deadline
from mysafe_env.sinks.files import write_atomically
from mysafe_env.sources.local_writing import open_local_writer
from mysafe_env.vault.reader import read_vault
from tests.cli.programs import program
from tests.manage.commands import VAULT, System
from tests.support.process import WITHOUT_BYTECODE, let_pass, run, unprivileged


def text_of(opened: System) -> str:
    """The vault file as it is now."""
    return (opened.folder / "vault.toml").read_text(encoding="utf-8")


def test_comments_and_layout_stay(local: System) -> None:
    """Only the line that changes changes, its comment included."""
    local.json("update", "password", "1", "--name", "database")
    assert VAULT.replace('"db"       #', '"database"  #') == text_of(local)


def test_a_new_item_stands_at_the_end_with_its_number(local: System) -> None:
    """So that it keeps the number when others come or go."""
    local.json("create", "note", "--name", "n", "--note-stdin", stdin="a\nb")
    assert VAULT + '\n[[note]]\nidentifier = 3\nname = "n"\nnote = "a\\nb"\n' == text_of(local)


def test_nothing_is_written_where_nothing_changes(local: System) -> None:
    """An active item that is activated leaves the file untouched."""
    path = local.folder / "vault.toml"
    before = path.stat()
    local.json("activate", "note", "1")
    assert (before.st_ino, before.st_mtime_ns) == (path.stat().st_ino, path.stat().st_mtime_ns)


@pytest.mark.parametrize(("mode", "top"), [(0o600, ""), (0o400, ""), (0o644, "demo = true\n")])
def test_the_mode_stays(local: System, mode: int, top: str) -> None:
    """A private file stays private, and a demo stays readable."""
    path = local.folder / "vault.toml"
    path.write_text(top + VAULT, encoding="utf-8")
    path.chmod(mode)
    local.json("deactivate", "note", "1")
    assert mode == path.stat().st_mode & 0o777
    assert not read_vault(str(path)).list("note")[0].active


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_the_owner_stays(local: System) -> None:
    """A change that root makes takes the vault away from nobody."""
    path = local.folder / "vault.toml"
    os.chown(path, 65534, 12345)
    local.json("deactivate", "note", "1")
    assert (65534, 12345) == (path.stat().st_uid, path.stat().st_gid)


def test_a_byte_order_mark_stays(local: System) -> None:
    """As some editors write it."""
    path = local.folder / "vault.toml"
    path.write_bytes(b"\xef\xbb\xbf" + VAULT.encode())
    local.json("deactivate", "note", "1")
    assert path.read_bytes().startswith(b"\xef\xbb\xbf\n# what we keep")


def test_a_layout_that_can_not_be_edited_is_told(local: System) -> None:
    """And nothing is written."""
    text = 'note = [{ name = "n", note = "x" }]\n'
    (local.folder / "vault.toml").write_text(text, encoding="utf-8")
    code, (error, hint) = local.refusal("update", "note", "1", "--tags", "t")
    assert (1, "error: vault.toml: is laid out in a way that can't be changed here") == (code, error)
    assert "[[note]]" in hint
    assert text == text_of(local)


def test_a_file_that_can_not_be_written_is_told(local: System) -> None:
    """As on a full disk; the old file stands."""
    line = f"ulimit -f 0; exec {program('mysafe-env')} update note 1 --tags t"
    environment = {**local.environment, **WITHOUT_BYTECODE}
    done = run("sh", "-c", line, environment=environment, folder=local.folder, measured=False)
    assert (1, b"") == (done.code, done.stdout)
    assert done.stderr.startswith(b"mysafe-env: error: can't write vault.toml: ")
    assert VAULT == text_of(local)
    assert ["vault.toml"] == [path.name for path in local.folder.iterdir()]


def test_two_at_once_do_not_undo_each_other(local: System) -> None:
    """Every change is made to the file as it is at that moment, whether it is named itself or by a link to it."""
    (local.folder / "links").mkdir()
    (local.folder / "links" / "vault.toml").symlink_to("../vault.toml")
    names = ("vault.toml", "links/vault.toml")
    argv = [program("mysafe-env"), "create", "password", "--username", "u", "--generate", "--name"]
    several = [
        subprocess.Popen(
            [*argv, f"n{number}", "--vault", f"file:{names[number % 2]}"],
            cwd=local.folder,
            env=dict(local.environment),
            stdout=subprocess.DEVNULL,
        )
        for number in range(6)
    ]
    assert [0] * 6 == [process.wait(60) for process in several]
    saved = {record.fields["name"] for record in read_vault(str(local.folder / "vault.toml")).list("password")}
    assert {"db", "not mine", *(f"n{number}" for number in range(6))} == saved


def test_a_lock_is_waited_for_no_longer_than_there_is_time(local: System) -> None:
    """Whose lock it is can be found out by the folder: that of the file, wherever the link to it is."""
    (local.folder / "links").mkdir()
    (local.folder / "links" / "vault.toml").symlink_to("../vault.toml")
    descriptor = os.open(local.folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        vault = ("--vault", "file:links/vault.toml")
        code, (error, hint) = local.refusal("deactivate", "note", "1", "--timeout", "0.1", *vault)
    finally:
        os.close(descriptor)
    told = f"error: timed out after 0.1 s: {local.folder} is locked by another run or another program"
    assert (1, told) == (code, error)
    assert "lslocks" in hint
    assert VAULT == text_of(local)


def test_a_folder_that_can_not_be_read_is_written_in(tmp_path: Path) -> None:
    """It can't be locked, and that is all."""
    let_pass(tmp_path)
    tmp_path.chmod(0o777)
    path = tmp_path / "closed" / "vault.toml"
    with unprivileged():
        path.parent.mkdir()
        path.write_text(VAULT, encoding="utf-8")
        path.chmod(0o600)
        path.parent.chmod(0o300)
        assert open_local_writer(str(path), write_atomically).deactivate("note", "1", Deadline(60))
        path.parent.chmod(0o700)
        assert not read_vault(str(path)).list("note")[0].active


def test_a_vault_in_another_folder(local: System) -> None:
    """The path is the one that MYSAFE_URL names."""
    place = local.folder / "deep"
    place.mkdir()
    environment = {**local.environment, "MYSAFE_URL": f"file:{local.folder}/vault.toml"}
    run(program("mysafe-env"), "deactivate", "note", "1", environment=environment, folder=place)
    assert "active = false" in text_of(local).partition("asleep")[0]
