"""Files that are changed stay whose they are, as far as that can be."""

import os
from pathlib import Path

import pytest

from mysafe_env.cli.vault_file import vault_saver
from mysafe_env.cli.voice import Voice
from mysafe_env.sinks.kept_owners import write_for_owner
from tests.support.files import permissions
from tests.support.process import let_pass, unprivileged

ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
FOREIGN = (0, 12345)


def everybodys(folder: Path) -> str:
    """The path of a file to be written in a folder that everybody can write in."""
    let_pass(folder)
    folder.chmod(0o777)
    return str(folder / "out")


@ROOT
def test_root_gives_the_file_to_its_owner(tmp_path: Path) -> None:
    """User and group, with the mode that was asked for."""
    path = tmp_path / "out"
    assert (65534, 12345) == write_for_owner(str(path), b"new", 0o600, (65534, 12345))
    assert (65534, 12345, 0o600) == (path.stat().st_uid, path.stat().st_gid, permissions(path))


@ROOT
def test_the_group_stays_where_the_user_can_not(tmp_path: Path) -> None:
    """One may give a file to the groups that one is in."""
    path, before = everybodys(tmp_path), os.getgroups()
    os.setgroups([12345])
    try:
        with unprivileged():
            assert (os.geteuid(), 12345) == write_for_owner(path, b"new", 0o640, FOREIGN)
    finally:
        os.setgroups(before)


def test_an_owner_that_can_not_stay_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The file is written all the same, as `sed -i` does it."""
    path = everybodys(tmp_path)
    with unprivileged():
        vault_saver(Voice("mysafe-env"))(path, b"new", 0o600, FOREIGN)
        mine = f"{os.geteuid()}:{os.getegid()}"
    assert b"new" == Path(path).read_bytes()
    told = [
        f"mysafe-env: warning: {path} belongs to {mine} now, and no longer to 0:12345",
        f"mysafe-env: hint: only root gives files away; it does with: chown 0:12345 {path}",
    ]
    assert told == capsys.readouterr().err.splitlines()


def test_an_owner_that_stays_is_not_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It is what everybody expects."""
    vault_saver(Voice("mysafe-env"))(str(tmp_path / "out"), b"new", 0o600, (os.geteuid(), os.getegid()))
    assert "" == capsys.readouterr().err
