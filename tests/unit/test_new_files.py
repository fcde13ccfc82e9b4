"""New files: nothing of them is left when their process is killed, and what older kills have left goes away."""

import os
import signal
import sys
import threading
from pathlib import Path

import pytest

from mysafe_env.sinks.files import write_atomically
from mysafe_env.sinks.leftovers import has_reliable_locks, hidden_path, remove_leftovers
from mysafe_env.sinks.new_files import NewFile
from tests.support.killing import kill_at
from tests.support.process import let_pass, run, run_python, unprivileged

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="files without names are Linux's")
ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root mounts, and gives files away")
LEFT = ".mysafe-env-0123456789abcdef"
WRITE = """
import sys
from mysafe_env.sinks.files import write_atomically
write_atomically("out", sys.argv[1].encode(), 0o640)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a mapping of one value, and a file that is to be replaced."""
    (tmp_path / "mysafe.toml").write_text('[env]\nKEY = "new"\n')
    (tmp_path / "out").write_text("old")
    return tmp_path


def _names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} - {"mysafe.toml"}


def _export(folder: Path, event: str) -> None:
    """Be killed while exporting to the file."""
    arguments = ("export", "--format", "json", "--output", "out")
    kill_at(event, 1, *arguments, folder=folder, environment={"PATH": os.environ["PATH"]})


@LINUX
def test_a_kill_before_the_file_has_a_name(folder: Path) -> None:
    """Nothing is left of it."""
    _export(folder, "os.link")
    assert ({"out"}, "old") == (_names(folder), (folder / "out").read_text())


def test_a_kill_before_the_file_takes_its_place(folder: Path) -> None:
    """The old file stands, and the next write in the folder removes what is left."""
    _export(folder, "os.rename")
    [left] = _names(folder) - {"out"}
    assert ("old", 0o100600) == ((folder / "out").read_text(), (folder / left).stat().st_mode)
    write_atomically(str(folder / "another"), b"new")
    assert {"out", "another"} == _names(folder)


@pytest.mark.parametrize("unnamed", [True, False])
def test_a_writer_at_work_is_left_alone(folder: Path, monkeypatch: pytest.MonkeyPatch, unnamed: bool) -> None:  # noqa: FBT001  # a parameter
    """Its file is locked as long as it can be seen, whichever way it was made."""
    if not unnamed:
        monkeypatch.delattr(os, "O_TMPFILE", raising=False)
    hidden = hidden_path(str(folder))
    new = NewFile(hidden, b"new", 0o600, hold=True)
    assert unnamed != os.path.exists(hidden)  # noqa: PTH110  # a string
    new._show()  # noqa: SLF001  # between its two system calls
    remove_leftovers(str(folder))
    new.replace(str(folder / "out"))
    new.close()
    assert ({"out"}, "new") == (_names(folder), (folder / "out").read_text())


def test_writers_and_those_who_clean_up_at_the_same_time(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that somebody takes for left in the moment before it is locked is made again."""
    monkeypatch.delattr(os, "O_TMPFILE", raising=False)
    stopped = threading.Event()

    def clean() -> None:
        while not stopped.is_set():
            remove_leftovers(str(folder))

    cleaner = threading.Thread(target=clean)
    cleaner.start()
    try:
        for number in range(100):
            write_atomically(str(folder / "out"), f"{number}".encode())
            assert f"{number}" == (folder / "out").read_text()
    finally:
        stopped.set()
        cleaner.join()
    assert {"out"} == _names(folder)


def test_a_file_that_was_taken_before_its_lock_is_made_again(folder: Path) -> None:
    """Another process removes it just then."""
    code = f"""
import os, sys
from mysafe_env.sinks.new_files import NewFile
del os.O_TMPFILE
def take(name, arguments):
    if name == "fcntl.flock" and not os.path.exists("taken"):
        os.rename({LEFT!r}, "taken")
        os.unlink("taken")
        os.mkdir("taken")
sys.addaudithook(take)
new = NewFile({LEFT!r}, b"new", 0o600, hold=True)
new.replace("out")
new.close()
"""
    assert "" == run_python(code, folder=folder).output
    assert ("new", {"out", "taken"}) == ((folder / "out").read_text(), _names(folder))


def test_what_is_not_left_by_a_writer_stays(folder: Path) -> None:
    """Other names, and what is no file."""
    (folder / f"{LEFT}0").write_text("longer")
    (folder / f"{LEFT[:-1]}").write_text("shorter")
    (folder / f"{LEFT[:-1]}a").mkdir()
    (folder / f"{LEFT[:-1]}b").symlink_to("out")
    os.mkfifo(folder / f"{LEFT[:-1]}c")
    before = _names(folder)
    write_atomically(str(folder / "out"), b"new")
    assert before == _names(folder)


@ROOT
def test_whose_leftovers_are_removed(folder: Path) -> None:
    """Everybody's own; root's may have been given to somebody else already."""
    folder.chmod(0o777)
    let_pass(folder)
    (folder / LEFT).write_text("of root")
    with unprivileged():
        write_atomically(str(folder / "other"), b"new")
        assert {LEFT, "out", "other"} == _names(folder)
    os.chown(folder / LEFT, 12345, -1)
    write_atomically(str(folder / "other"), b"new")
    assert {"out", "other"} == _names(folder)


def test_where_locks_tell_nothing_leftovers_stay(tmp_path: Path) -> None:
    """Of a file system that is not known, and of a folder that is not there, nobody knows who is at work."""
    assert not has_reliable_locks("/proc")
    assert not has_reliable_locks(str(tmp_path / "none"))


@pytest.mark.parametrize("owner", [(-1, -1), pytest.param((12345, 54321), marks=ROOT)])
@pytest.mark.parametrize("unnamed", [True, False])
def test_either_way_gives_the_same_file(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    unnamed: bool,  # noqa: FBT001  # a parameter
    owner: tuple[int, int],
) -> None:
    """Content, mode, owner, and a single name."""
    if not unnamed:
        monkeypatch.delattr(os, "O_TMPFILE", raising=False)
    write_atomically(str(folder / "out"), b"new", 0o4640, owner)
    status = (folder / "out").stat()
    expected = (os.geteuid() if owner[0] < 0 else owner[0], os.getegid() if owner[1] < 0 else owner[1])
    assert (expected, 0o104640, 1) == ((status.st_uid, status.st_gid), status.st_mode, status.st_nlink)
    assert ("new", {"out"}) == ((folder / "out").read_text(), _names(folder))


@ROOT
@LINUX
def test_without_proc_a_file_waits_under_a_name(folder: Path) -> None:
    """Nothing leads to the open file by which it could be named."""
    hide = ("unshare", "--mount", "sh", "-c", 'mount -t tmpfs none /proc || exit 77; exec "$@"', "sh")
    done = run(*hide, sys.executable, "-c", WRITE, "new", folder=folder)
    if done.code == 77 or b"unshare" in done.stderr:
        pytest.skip("this system can't mount")
    assert (0, b"") == (done.code, done.stderr)
    assert ("new", 0o100640) == ((folder / "out").read_text(), (folder / "out").stat().st_mode)
    assert {"out"} == _names(folder)


@pytest.mark.parametrize("unnamed", [True, False])
def test_an_interrupted_write_leaves_nothing(folder: Path, unnamed: bool) -> None:  # noqa: FBT001  # a parameter
    """Ctrl-C in the middle, and a disk that is full."""
    code = f"""
import os, resource, signal, sys
{"" if unnamed else "del os.O_TMPFILE"}
from mysafe_env.sinks.new_files import NewFile
sys.addaudithook(lambda name, _: name == "os.chmod" and signal.raise_signal(signal.SIGINT))
NewFile({LEFT!r}, b"new", 0o600)
"""
    assert -signal.SIGINT == run_python(code, folder=folder).code
    assert {"out"} == _names(folder)


@LINUX
def test_many_files_wait_though_few_may_be_open(folder: Path) -> None:
    """Beyond a share of the descriptors, new files wait in their hidden folder."""
    (folder / "tree").mkdir()
    for number in range(60):
        (folder / "tree" / f"{number}").write_text(f"{number}")
    (folder / "mysafe.toml").write_text('[[render]]\ntemplate = "tree"\nto = "to"\nmkdir = true\n')
    command = (sys.executable, "-m", "mysafe_env", "render")
    done = run("sh", "-c", 'ulimit -n 40; exec "$@"', "sh", *command, folder=folder, environment={})
    assert (0, b"") == (done.code, done.stderr)
    assert {f"{number}" for number in range(60)} == {path.read_text() for path in (folder / "to").iterdir()}
