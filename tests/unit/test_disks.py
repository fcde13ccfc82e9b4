"""Disks and folders that refuse a file: the old one stands, nothing is beside it, and the hint says what to look at."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from mysafe_env.errors import SinkError
from mysafe_env.sinks.files import write_atomically
from tests.support.files import names
from tests.support.process import DEADLINE_SECONDS, let_pass, unprivileged

pytestmark = pytest.mark.skipif(
    os.geteuid() != 0 or sys.platform != "linux", reason="only root mounts, and makes files immutable, on Linux"
)
Do = Callable[..., None]


@pytest.fixture
def undo() -> Iterator[ExitStack]:
    """What takes back what a test did to the system."""
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def mount(undo: ExitStack) -> Do:
    """`mount` with arguments, the last of which is the place, until the test ends."""

    def do(*arguments: str | Path) -> None:
        if _fails("mount", *arguments):
            pytest.skip("this system can't mount")
        undo.callback(_fails, "umount", arguments[-1])

    return do


@pytest.fixture
def chattr(undo: ExitStack) -> Do:
    """Make a file or folder immutable until the test ends."""

    def do(path: Path) -> None:
        if _fails("chattr", "+i", path):
            pytest.skip("this file system has no immutable files")
        undo.callback(_fails, "chattr", "-i", path)

    return do


def _fails(*command: str | Path) -> int:
    try:
        return subprocess.run(command, capture_output=True, check=False, timeout=DEADLINE_SECONDS).returncode
    except FileNotFoundError:
        return 127


def _refused(out: Path, data: bytes = b"new") -> tuple[str, str]:
    """Reason and hint of a write that fails, after which the old file stands alone."""
    before = names(out.parent)
    with pytest.raises(SinkError) as caught:
        write_atomically(str(out), data)
    assert ("old", before) == (out.read_text(), names(out.parent))
    return caught.value.message.removeprefix(f"can't write {out}: "), caught.value.hint


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A file in a folder of its own."""
    (tmp_path / "folder").mkdir()
    path = tmp_path / "folder" / "out"
    path.write_text("old")
    return path


@pytest.mark.parametrize("option", ["size=16k", "nr_inodes=3"])
def test_a_full_file_system(out: Path, mount: Do, option: str) -> None:
    """There is no room for the content, or for one more file."""
    mount("-t", "tmpfs", "-o", option, "none", out.parent)
    out.write_text("old")
    reason, hint = _refused(out, b"x" * 20_000)
    assert "No space left on device" == reason
    assert "nothing was changed; make room there (df -h, df -i), and try again" == hint


def test_a_file_system_that_is_read_only(out: Path, mount: Do) -> None:
    """As the root of many containers is."""
    mount("--bind", out.parent, out.parent)
    mount("-o", "remount,bind,ro", out.parent)
    assert ("Read-only file system", "nothing was changed") == _refused(out)


def test_a_file_that_is_mounted(out: Path, mount: Do) -> None:
    """As Docker does with a single file of a volume."""
    mount("--bind", out, out)
    hint = "a file that is mounted can't be replaced; mount its folder instead"
    assert ("Device or resource busy", hint) == _refused(out)


@pytest.mark.parametrize("what", ["file", "folder"])
def test_what_is_immutable(out: Path, chattr: Do, what: str) -> None:
    """Root may do everything else."""
    chattr(out if what == "file" else out.parent)
    reason, hint = _refused(out)
    assert ("Operation not permitted", True) == (reason, "lsattr" in hint)


def test_a_file_of_another_user_in_a_sticky_folder(out: Path) -> None:
    """Everybody may make files there, and replace their own."""
    let_pass(out.parent)
    out.chmod(0o644)
    out.parent.chmod(0o1777)
    with unprivileged():
        reason, hint = _refused(out)
    assert ("Operation not permitted", True) == (reason, "sticky" in hint)


def test_a_folder_that_hands_its_group_down(out: Path) -> None:
    """A new file has the group of its folder, whoever writes it."""
    os.chown(out.parent, -1, 12345)
    out.parent.chmod(0o2770)
    write_atomically(str(out), b"new", 0o640)
    assert (12345, 0o640) == (out.stat().st_gid, out.stat().st_mode & 0o7777)


def test_what_was_left_on_an_overlay_is_removed(out: Path, mount: Do) -> None:
    """The root of a container is one."""
    base = out.parent
    mount("-t", "tmpfs", "none", base)
    for name in ("lower", "upper", "work", "merged"):
        (base / name).mkdir()
    (base / "lower" / "out").write_text("old")
    places = f"lowerdir={base}/lower,upperdir={base}/upper,workdir={base}/work"
    mount("-t", "overlay", "-o", places, "none", base / "merged")
    (base / "merged" / ".mysafe-env-new-0123456789abcdef").mkdir(0o700)
    write_atomically(str(base / "merged" / "out"), b"new")
    assert (["out"], "new") == (names(base / "merged"), (base / "merged" / "out").read_text())
