"""New files: nothing of them is left when their process is killed, and what older kills have left goes away."""

import fcntl
import os
import signal
import sys
import threading
from pathlib import Path

import pytest

from mysafe_env.sinks.files import write_atomically
from mysafe_env.sinks.staging import remove_stale
from tests.support.files import permissions
from tests.support.killing import kill_at
from tests.support.process import run, run_python

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="files without names are Linux's")
ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root mounts, and gives files away")
LEFT = ".mysafe-env-new-0123456789abcdef"
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


@pytest.mark.parametrize("event", ["os.link", "os.rename"])
def test_a_kill_before_the_file_takes_its_place(folder: Path, event: str) -> None:
    """The old file stands, and the next write in the folder removes what is left."""
    _export(folder, event)
    [left] = _names(folder) - {"out"}
    assert ("old", 0o700) == ((folder / "out").read_text(), permissions(folder / left))
    write_atomically(str(folder / "another"), b"new")
    assert {"out", "another"} == _names(folder)


def test_what_a_run_at_work_has_is_left_alone(folder: Path) -> None:
    """A folder whose lock nobody holds is stale, one that somebody holds is not."""
    (folder / LEFT).mkdir(0o700)
    (folder / LEFT / "1").write_text("secret")
    held = os.open(folder / LEFT, os.O_RDONLY)
    fcntl.flock(held, fcntl.LOCK_EX)
    write_atomically(str(folder / "out"), b"new")
    assert ({"out", LEFT}, "secret") == (_names(folder), (folder / LEFT / "1").read_text())
    os.close(held)
    write_atomically(str(folder / "out"), b"new")
    assert {"out"} == _names(folder)


@pytest.mark.parametrize(
    "name",
    [
        ".mysafe-env-production-local",
        ".mysafe-env-new-customer",
        ".mysafe-env-new-customers-of-may",
        LEFT[:-1],
        f"{LEFT}0",
        LEFT.upper(),
    ],
)
def test_what_is_only_called_like_ours_stays(folder: Path, name: str) -> None:
    """A folder of the user, closed to others as ours are, and what is in it."""
    (folder / name).mkdir(0o700)
    (folder / name / "1").write_text("of the user")
    write_atomically(str(folder / "out"), b"new")
    assert ({"out", name}, "of the user") == (_names(folder), (folder / name / "1").read_text())


@pytest.mark.parametrize("kind", ["file", "link", "open folder"])
def test_what_we_never_make_stays(folder: Path, kind: str) -> None:
    """Whatever its name is: a file, a link to a folder, a folder that others may look into."""
    path, elsewhere = folder / LEFT, folder / "elsewhere"
    elsewhere.mkdir(0o700)
    (elsewhere / "1").write_text("of the user")
    if kind == "file":
        path.write_text("of the user")
    elif kind == "link":
        path.symlink_to(elsewhere)
    else:
        elsewhere.rename(path)
        path.chmod(0o750)
    before = sorted(folder.rglob("*"))
    write_atomically(str(folder / "out"), b"new")
    assert before == sorted(folder.rglob("*"))


@ROOT
def test_what_belongs_to_another_user_stays(folder: Path) -> None:
    """Not even root removes it."""
    (folder / LEFT).mkdir(0o700)
    os.chown(folder / LEFT, 12345, -1)
    write_atomically(str(folder / "out"), b"new")
    assert {"out", LEFT} == _names(folder)


@pytest.mark.parametrize(("kind", "names"), [("", {"out"}), ("tmpfs", {"out"}), ("9p", {"out", LEFT})])
def test_where_locks_tell_nothing_what_is_left_stays(
    folder: Path, monkeypatch: pytest.MonkeyPatch, kind: str, names: set[str]
) -> None:
    """Of a file system that other machines share, nobody knows here who is at work."""
    monkeypatch.setattr("mysafe_env.sinks.staging.file_system", lambda _: kind)
    (folder / LEFT).mkdir(0o700)
    write_atomically(str(folder / "out"), b"new")
    assert names == _names(folder)


def test_writers_and_those_who_clean_up_at_the_same_time(folder: Path) -> None:
    """A folder that was just made is not taken for a stale one for good, however often others look for such."""
    stopped = threading.Event()

    def clean() -> None:
        while not stopped.is_set():
            remove_stale(str(folder))

    cleaner = threading.Thread(target=clean)
    cleaner.start()
    try:
        for number in range(300):
            write_atomically(str(folder / "out"), f"{number}".encode())
            assert f"{number}" == (folder / "out").read_text()
    finally:
        stopped.set()
        cleaner.join()
    assert {"out"} == _names(folder)


def test_a_folder_that_was_taken_before_its_lock_is_made_again(folder: Path) -> None:
    """Another process takes it for a stale one just then."""
    code = f"""
import os, sys
def take(name, arguments):
    if name == "fcntl.flock" and not os.path.exists("taken"):
        [left] = [each for each in os.listdir() if each.startswith(".mysafe-env-new-")]
        os.rmdir(left)
        os.mkdir("taken")
sys.addaudithook(take)
{WRITE}"""
    assert "" == run_python(code, "new", folder=folder).output
    assert ("new", {"out", "taken"}) == ((folder / "out").read_text(), _names(folder))


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
    """Ctrl-C in the middle."""
    code = f"""
import os, signal, sys
{"" if unnamed else "del os.O_TMPFILE"}
sys.addaudithook(lambda name, _: name == "os.chmod" and signal.raise_signal(signal.SIGINT))
{WRITE}"""
    assert -signal.SIGINT == run_python(code, "new", folder=folder).code
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


@LINUX
@pytest.mark.parametrize(("hard", "code"), [(200, 0), (40, 125)])
def test_many_folders_though_few_descriptors_are_allowed(folder: Path, hard: int, code: int) -> None:
    """Each has one while the run lasts, as far as the system lets us; the command gets the limit that was there."""
    for number in range(60):
        (folder / "tree" / f"{number}").mkdir(parents=True)
        (folder / "tree" / f"{number}" / "file").write_text(f"{number}")
    (folder / "mysafe.toml").write_text('[[render]]\ntemplate = "tree"\nto = "to"\nmkdir = true\n')
    command = (str(Path(sys.executable).with_name("mysafe-run")), "-c", "ulimit -n")
    limited = f'ulimit -Sn 40; ulimit -Hn {hard}; exec "$@"'
    done = run("sh", "-c", limited, "sh", *command, folder=folder, environment={})
    assert (code, b"40\n" if code == 0 else b"") == (done.code, done.stdout)
    assert (60 if code == 0 else 0) == len(list((folder / "to").glob("*/file")))
    assert (code != 0) == (b"hint: nothing was changed; allow more open files (ulimit -n)" in done.stderr)


@LINUX
@pytest.mark.parametrize("limit", range(40, 46))
def test_wherever_descriptors_run_out_nothing_is_left(folder: Path, limit: int) -> None:
    """Also of the hidden folder that was made, and could not be opened any more."""
    entry = '[[render]]\ntemplate = "out"\nto = "to/{}/file"\nmkdir = true\ncommand = ["true"]\n'
    (folder / "mysafe.toml").write_text("".join(entry.format(number) for number in range(40)))
    command = ("sh", "-c", f'ulimit -n {limit}; exec "$@"', "sh", sys.executable, "-m", "mysafe_env", "render")
    done = run(*command, folder=folder, environment={})
    assert b"hint: nothing was changed; allow more open files (ulimit -n)" in done.stderr
    assert (1, {"out"}) == (done.code, _names(folder))
