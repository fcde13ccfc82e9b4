"""Values in files: who can read them, what they are called, and when they go."""

import grp
import os
import pwd
import shutil
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from mysafe_env.errors import SinkError
from mysafe_env.mapping.model import TargetFile
from mysafe_env.secret import Secret
from mysafe_env.sinks import supervisor
from mysafe_env.sinks.file_systems import file_system, is_in_memory
from mysafe_env.sinks.value_files import ValueFiles, memory_file, temporary_file
from tests.support.files import names, permissions
from tests.support.process import files_limited_to, run_python, unprivileged

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="memfds and /proc are Linux's")
SHARED_MEMORY = Path("/dev/shm")  # noqa: S108  # a tmpfs on every Linux


@contextmanager
def closed_after(path: str) -> Iterator[str]:
    """The path of a memory file, which lives until its descriptor is closed."""
    try:
        yield path
    finally:
        os.close(int(Path(path).name))


@pytest.fixture
def memory() -> Iterator[Path]:
    """A new folder that is in memory."""
    folder = SHARED_MEMORY / f"mysafe-env-test-{os.urandom(8).hex()}"
    folder.mkdir(0o711)
    yield folder
    shutil.rmtree(folder)


def target(path: Path | str, mode: int | None = None, owner: str = "", *, on_disk: bool = False) -> TargetFile:
    """A file as an entry names it."""
    return TargetFile(str(path), mode, owner, on_disk)


def delivered(value: str, where: TargetFile | None) -> tuple[str, ValueFiles]:
    """What the variable KEY holds, and the files of the run."""
    files = ValueFiles()
    return files.deliver({"KEY": Secret(value)}, {"KEY": where})["KEY"].reveal(), files


def refused(where: TargetFile) -> tuple[str, str]:
    """Message and hint of a file that is refused."""
    with pytest.raises(SinkError) as caught:
        delivered("secret", where)
    return caught.value.message, caught.value.hint


@LINUX
def test_a_value_in_memory_can_be_read_twice() -> None:
    """The path gives the whole value each time it is opened, and only its owner may open it."""
    path, files = delivered("grüße\n", None)
    with closed_after(path):
        assert ["grüße\n"] * 2 == [Path(path).read_text("utf-8") for _ in range(2)]
        assert 0o400 == permissions(path)
        assert ([], [int(Path(path).name)]) == (files.paths, files.descriptors)


@LINUX
def test_a_value_in_memory_is_named_after_its_variable() -> None:
    """What the system shows of the file is the variable's name, not its value."""
    with closed_after(memory_file("TLS_KEY", b"secret")) as path:
        assert "/memfd:TLS_KEY (deleted)" == os.readlink(path)  # noqa: PTH115  # not a real path


@LINUX
@pytest.mark.parametrize("attempt", ["write", "truncate", "grow", "append"])
def test_a_value_in_memory_is_sealed(attempt: str) -> None:
    """Not even a process that holds the descriptor can change it."""
    with closed_after(memory_file("TLS_KEY", b"secret")) as path:
        descriptor = int(Path(path).name)
        attempts: dict[str, Callable[[], object]] = {
            "write": lambda: os.pwrite(descriptor, b"x", 0),
            "truncate": lambda: os.ftruncate(descriptor, 0),
            "grow": lambda: os.ftruncate(descriptor, 100),
            "append": lambda: os.pwrite(descriptor, b"x", 6),
        }
        with pytest.raises(PermissionError):
            attempts[attempt]()
        assert b"secret" == Path(path).read_bytes()


@LINUX
def test_a_value_in_memory_takes_a_high_descriptor() -> None:
    """Scripts use low descriptors by number, and the command may have been started without the standard ones."""
    with closed_after(memory_file("A", b"")) as first, closed_after(memory_file("B", b"")) as second:
        assert int(Path(first).name) >= 100
        assert int(Path(second).name) > int(Path(first).name)


@LINUX
def test_a_value_without_memory_files_is_for_its_owner_alone(memory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without memory files, the value is a 0600 file named after the variable, in a 0700 directory of its own."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(memory))
    path = Path(temporary_file("TLS_KEY", b"secret"))

    assert (b"secret", "TLS_KEY", memory) == (path.read_bytes(), path.name, path.parent.parent)
    assert (0o600, 0o700) == (permissions(path), permissions(path.parent))


# Leaves too few descriptors for a memory file, as a system without them would.
WITHOUT_MEMORY_FILES = """
import os, resource, sys
from mysafe_env.secret import Secret
from mysafe_env.sinks.value_files import ValueFiles
resource.setrlimit(resource.RLIMIT_NOFILE, (50, 50))
os.umask(0)
files = ValueFiles()
path = files.deliver({"TLS_KEY": Secret("secret")}, {"TLS_KEY": None})["TLS_KEY"].reveal()
print(path, *(oct(os.stat(each).st_mode & 0o777) for each in files.paths), open(path).read())
files.remove()
print(os.path.exists(os.path.dirname(path)))
"""


@LINUX
@pytest.mark.parametrize(
    "runtime",
    ["", "/no/such/directory", "/proc/self"],
    ids=["no runtime directory", "a missing one", "one that is not in memory"],
)
def test_a_system_without_memory_files_gets_a_file_in_shared_memory(runtime: str) -> None:
    """The file then is in memory all the same, where the system has a place for it, and can be removed."""
    made, left = run_python(WITHOUT_MEMORY_FILES, environment={"XDG_RUNTIME_DIR": runtime}).output.splitlines()
    path, *rest = made.split()

    assert (["0o600", "0o700", "secret"], SHARED_MEMORY) == (rest, Path(path).parent.parent)
    assert "False" == left


# The same on a system whose shared memory is the folder that is named last, which stands on a disk.
WITHOUT_MEMORY = """
import sys
from mysafe_env.errors import SinkError
from mysafe_env.sinks import value_files
value_files._SHARED_MEMORY = sys.argv[1]
try:
    value_files.temporary_file("TLS_KEY", b"secret")
except SinkError as error:
    print(error.message, error.hint, sep="\\n")
"""


@LINUX
def test_a_system_without_memory_gets_no_file_on_a_disk(tmp_path: Path) -> None:
    """Where nothing is in memory, a disk is taken only when an entry says that it is meant."""
    if is_in_memory(str(tmp_path)):
        pytest.skip("the temporary folder is in memory here")
    finished = run_python(WITHOUT_MEMORY, str(tmp_path), environment={"XDG_RUNTIME_DIR": str(tmp_path)})

    assert (
        "there is no place in memory for the file of TLS_KEY\n"
        "raise the limit of open files (ulimit -n), mount a tmpfs on /dev/shm,"
        " or give its entry a path and on_disk = true" == finished.output.strip()
    )
    assert [] == names(tmp_path)


def test_a_value_that_is_not_text_is_refused() -> None:
    """Half of a surrogate pair has no bytes; the variable is named."""
    with pytest.raises(SinkError, match="the value of KEY holds half of a surrogate pair"):
        delivered("\ud800", None)


@LINUX
def test_a_value_that_can_not_be_put_in_a_file(memory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The variable is named, and nothing is left behind."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(memory))
    with pytest.raises(SinkError, match=r"^can't put X+ in a file: File name too long$"):
        temporary_file("X" * 300, b"secret")

    assert [] == names(memory)


@LINUX
def test_a_full_disk_leaves_no_half_of_a_value(memory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that could not be filled is removed with its directory."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(memory))
    with files_limited_to(1000), pytest.raises(SinkError, match=r"^can't put KEY in a file: File too large$"):
        temporary_file("KEY", b"x" * 2000)

    assert [] == names(memory)


@LINUX
def test_a_named_file(memory: Path) -> None:
    """The variable holds the path, the file the value, for its owner alone, until it is removed."""
    path, files = delivered("secret", target(memory / "key"))

    assert (str(memory / "key"), b"secret", 0o600) == (path, Path(path).read_bytes(), permissions(path))
    assert ([path], [], []) == ([file.path for file in files.placed], files.paths, files.descriptors)
    files.remove()
    assert [] == names(memory)


@LINUX
@pytest.mark.parametrize("mode", [0o400, 0o440, 0o644])
def test_a_named_file_has_its_mode(mode: int, memory: Path) -> None:
    """The mode is the asked one."""
    assert mode == permissions(delivered("secret", target(memory / "key", mode))[0])


@LINUX
def test_a_named_file_replaces_an_older_one(memory: Path) -> None:
    """The value of the last start makes way, with its mode."""
    delivered("old", target(memory / "key", 0o644))
    path, _ = delivered("new", target(memory / "key"))

    assert (b"new", 0o600, ["key"]) == (Path(path).read_bytes(), permissions(path), names(memory))


@LINUX
@pytest.mark.parametrize("mode", [0o600, 0o440])
def test_a_start_that_fails_gives_back_what_stood_there(mode: int, memory: Path) -> None:
    """The file of a command that still runs is as it was, and its own start still removes it at its end."""
    _, first = delivered("of the first", target(memory / "key", mode))
    _, second = delivered("of the second", target(memory / "key"))

    second.remove()
    assert (b"of the first", mode, ["key"]) == (
        (memory / "key").read_bytes(),
        permissions(memory / "key"),
        names(memory),
    )
    first.remove()
    assert [] == names(memory)


@LINUX
def test_who_wrote_a_file_owns_it(memory: Path) -> None:
    """What a later start has put there is not removed by an earlier one."""
    _, first = delivered("of the first", target(memory / "key"))
    delivered("of the second", target(memory / "key"))
    # The clock of some file systems stands still for milliseconds.
    os.utime(memory / "key", ns=(1, 1))

    first.remove()
    assert b"of the second" == (memory / "key").read_bytes()
    supervisor.remove(list(first.left))
    assert b"of the second" == (memory / "key").read_bytes()


@LINUX
def test_what_a_command_has_written_to_is_removed_all_the_same(memory: Path) -> None:
    """It is still the file of its start, with the value in it."""
    path, files = delivered("secret", target(memory / "key"))
    with Path(path).open("a") as file:
        file.write("more")
    os.utime(path, ns=(1, 1))

    supervisor.remove(list(files.left))
    assert [] == names(memory)


@LINUX
def test_a_linked_file_is_removed_and_not_the_link(memory: Path) -> None:
    """The value stands at the end of the link, and goes from there."""
    (memory / "key").symlink_to("real")
    path, files = delivered("secret", target(memory / "key"))
    assert (str(memory / "key"), b"secret") == (path, (memory / "real").read_bytes())

    files.remove()
    assert ["key"] == names(memory)


@LINUX
@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_what_can_not_be_put_back_is_removed(memory: Path) -> None:
    """No value stays of a start that failed, where what stood there can't be read, or not be given back."""
    memory.chmod(0o777)
    for mode in (0o600, 0o644):
        (memory / "key").write_bytes(b"of root")
        (memory / "key").chmod(mode)
        with unprivileged():
            delivered("secret", target(memory / "key"))[1].remove()
        assert [] == names(memory)


@LINUX
@pytest.mark.parametrize("device", ["/dev/zero", "/dev/null"])
def test_a_device_is_neither_read_nor_replaced(device: str) -> None:
    """It is refused before anything is asked of it: one of them never ends."""
    assert (f"{device} is not a regular file", "name a file, or write to standard output") == refused(
        target(device, on_disk=True)
    )
    assert stat.S_ISCHR(Path(device).stat().st_mode)


@LINUX
def test_a_path_without_a_folder(memory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is one of the working folder; the variable holds it from the root on, since the command may go elsewhere."""
    monkeypatch.chdir(memory)

    assert str(memory / "key") == delivered("secret", target("key"))[0]


ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
NOBODY = pwd.getpwnam("nobody")


@LINUX
@ROOT
@pytest.mark.parametrize(
    ("owner", "user", "group"),
    [
        ("nobody", NOBODY.pw_uid, os.getegid()),
        (f"nobody:{grp.getgrgid(NOBODY.pw_gid).gr_name}", NOBODY.pw_uid, NOBODY.pw_gid),
        (f":{grp.getgrgid(NOBODY.pw_gid).gr_name}", os.geteuid(), NOBODY.pw_gid),
        ("12345:54321", 12345, 54321),
    ],
)
def test_a_named_file_has_its_owner(owner: str, user: int, group: int, memory: Path) -> None:
    """User and group are given by name or number, for a program that drops its privileges."""
    path = Path(delivered("secret", target(memory / "key", 0o440, owner))[0])

    assert (user, group, 0o440) == (path.stat().st_uid, path.stat().st_gid, permissions(path))


@LINUX
@pytest.mark.parametrize(
    ("owner", "message"),
    [
        ("no-such-user", 'KEY is for the user "no-such-user", which is not there'),
        (":no-such-group", 'KEY is for the group "no-such-group", which is not there'),
    ],
)
def test_an_owner_that_is_not_there(owner: str, message: str, memory: Path) -> None:
    """The variable and the name are told, and nothing is written."""
    assert (message, "correct owner in its entry") == refused(target(memory / "key", owner=owner))
    assert [] == names(memory)


@LINUX
def test_only_root_gives_files_away(memory: Path) -> None:
    """Who may not do that is told so, and the value does not stay."""
    memory.chmod(0o777)
    files = ValueFiles()
    with unprivileged(), pytest.raises(SinkError, match=f"can't give {memory}/key of KEY to root: ") as caught:
        files.deliver({"KEY": Secret("secret")}, {"KEY": target(memory / "key", owner="root")})
    files.remove()

    assert "only root gives files away; leave owner out, or run as root" == caught.value.hint
    assert [] == names(memory)


@LINUX
def test_a_disk_needs_to_be_meant(tmp_path: Path) -> None:
    """A path on a disk is an error that names the file system; `on_disk = true` says that it is meant."""
    if is_in_memory(str(tmp_path)):
        pytest.skip("the temporary folder is in memory here")
    message, hint = refused(target(tmp_path / "key"))

    assert (
        f"{tmp_path}/key of KEY would be on a disk ({file_system(str(tmp_path)) or 'an unknown file system'})"
        == message
    )
    assert (
        "name a path in memory (a tmpfs, as /run and /dev/shm mostly are), or add on_disk = true to its entry" == hint
    )
    assert [] == names(tmp_path)
    assert str(tmp_path / "key") == delivered("secret", target(tmp_path / "key", on_disk=True))[0]


@LINUX
@pytest.mark.parametrize(
    ("reason", "owner", "on_disk"), [("would be on a disk", "", False), ("is not there", "no-such-user", True)]
)
def test_what_stands_where_a_file_is_refused_stays(
    tmp_path: Path,
    reason: str,
    owner: str,
    on_disk: bool,  # noqa: FBT001  # a parameter
) -> None:
    """It is the user's, and is not removed with what this run has made."""
    if is_in_memory(str(tmp_path)) and not on_disk:
        pytest.skip("the temporary folder is in memory here")
    (tmp_path / "key").write_text("of the user")
    with pytest.raises(SinkError, match=reason), ValueFiles() as files:
        files.deliver({"KEY": Secret("secret")}, {"KEY": target(tmp_path / "key", owner=owner, on_disk=on_disk)})
    assert "of the user" == (tmp_path / "key").read_text()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives links away")
def test_a_link_of_another_user_stays(tmp_path: Path) -> None:
    """It is refused, and is not ours to be removed."""
    (tmp_path / "key").symlink_to("real")
    os.lchown(tmp_path / "key", 65534, 65534)
    with pytest.raises(SinkError, match="is a symbolic link of another user"), ValueFiles() as files:
        files.deliver({"KEY": Secret("secret")}, {"KEY": target(tmp_path / "key", on_disk=True)})
    assert (tmp_path / "key").is_symlink()


@LINUX
def test_a_missing_folder(tmp_path: Path) -> None:
    """It is named, with the command that makes it."""
    assert (
        f"can't write {tmp_path}/none/key for KEY: there is no directory {tmp_path}/none",
        f"make it first: mkdir -p {tmp_path}/none",
    ) == refused(target(tmp_path / "none" / "key"))


@LINUX
def test_the_file_system_of_a_folder() -> None:
    """What the system says: shared memory is in memory, the folder of processes is not a place for files."""
    assert ("tmpfs", True) == (file_system(str(SHARED_MEMORY)), is_in_memory(str(SHARED_MEMORY)))
    assert ("proc", False) == (file_system("/proc"), is_in_memory("/proc"))
