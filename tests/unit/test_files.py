"""Files that are replaced in one step."""

import os
import socket
from pathlib import Path

import pytest

from mysafe_env.errors import SinkError
from mysafe_env.sinks.files import check_place, write_atomically
from tests.support.files import names, permissions
from tests.support.process import files_limited_to, let_pass, unprivileged


def refused(path: str | Path) -> SinkError:
    """The error of a write that is refused, for the same reason beforehand."""
    with pytest.raises(SinkError) as before:
        check_place(str(path))
    with pytest.raises(SinkError) as caught:
        write_atomically(str(path), b"new")
    assert before.value.reports == caught.value.reports
    return caught.value


@pytest.mark.parametrize("mask", [0, 0o022, 0o777])
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o444])
def test_a_written_file_has_its_mode_whatever_the_umask(mask: int, mode: int, tmp_path: Path) -> None:
    """The mode is the asked one, not wider and not narrower."""
    let_pass(tmp_path)
    tmp_path.chmod(0o777)
    with unprivileged():
        before = os.umask(mask)
        try:
            write_atomically(str(tmp_path / "out"), b"new", mode)
        finally:
            os.umask(before)

    assert (["out"], mode) == (names(tmp_path), permissions(tmp_path / "out"))


def test_a_new_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    """Without a mode it is 0600, and nothing is left beside it."""
    write_atomically(str(tmp_path / "out"), b"new")

    assert (b"new", 0o600) == ((tmp_path / "out").read_bytes(), permissions(tmp_path / "out"))
    assert ["out"] == names(tmp_path)


def test_a_file_is_replaced_and_not_rewritten(tmp_path: Path) -> None:
    """Who has the old file open keeps reading the old content; its wide mode is not kept."""
    out = tmp_path / "out"
    out.write_bytes(b"old content")
    out.chmod(0o666)
    with out.open("rb") as old:
        write_atomically(str(out), b"new")
        assert (b"old content", b"new") == (old.read(), out.read_bytes())

    assert 0o600 == permissions(out)


def test_a_name_without_a_folder_is_in_the_current_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bare file name works."""
    monkeypatch.chdir(tmp_path)
    write_atomically("out", b"new")

    assert b"new" == (tmp_path / "out").read_bytes()


def test_our_own_links_are_followed(tmp_path: Path) -> None:
    """The file at the end of a chain is replaced, the links stay."""
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "real").write_bytes(b"old")
    (folder / "second").symlink_to("real")
    (tmp_path / "first").symlink_to("folder/second")
    write_atomically(str(tmp_path / "first"), b"new")

    assert (True, True) == ((tmp_path / "first").is_symlink(), (folder / "second").is_symlink())
    assert (b"new", False) == ((folder / "real").read_bytes(), (folder / "real").is_symlink())


def test_a_link_to_a_file_that_is_not_there_yet(tmp_path: Path) -> None:
    """The file that the link names is made."""
    (tmp_path / "link").symlink_to(tmp_path / "real")
    write_atomically(str(tmp_path / "link"), b"new")

    assert b"new" == (tmp_path / "real").read_bytes()


def test_links_that_lead_to_themselves_are_refused(tmp_path: Path) -> None:
    """A ring of links ends in an error."""
    (tmp_path / "link").symlink_to("ring")
    (tmp_path / "ring").symlink_to("link")

    assert "is a symbolic link that leads back to itself" in refused(tmp_path / "link").message


def test_a_link_of_another_user_is_refused(tmp_path: Path) -> None:
    """A trap that another user laid is not stepped in."""
    link = Path("/dev/stdin")
    if os.geteuid() == 0:
        link = tmp_path / "link"
        link.symlink_to("real")
        os.lchown(link, 65534, 65534)

    assert f"{link} is a symbolic link of another user" == refused(link).message
    assert not (tmp_path / "real").exists()


def test_a_link_where_everybody_can_write_is_refused(tmp_path: Path) -> None:
    """Even our own link, since somebody could move it."""
    tmp_path.chmod(0o1777)
    (tmp_path / "link").symlink_to("real")

    assert f"{tmp_path}/link is a symbolic link in a directory that everybody can write in" == (
        refused(tmp_path / "link").message
    )


def test_a_directory_is_no_file(tmp_path: Path) -> None:
    """The advice is to name a file in it."""
    error = refused(tmp_path)

    assert (f"{tmp_path} is a directory", "name a file in it") == (error.message, error.hint)


@pytest.mark.parametrize("kind", ["device", "socket", "fifo"])
def test_what_is_no_regular_file_is_left_alone(kind: str, tmp_path: Path) -> None:
    """A device or a pipe is not replaced by a file, not even for root."""
    path = tmp_path / kind
    with socket.socket(socket.AF_UNIX) as listener:
        if kind == "device":
            path = Path(os.devnull)
        elif kind == "fifo":
            os.mkfifo(path)
        else:
            listener.bind(str(path))
        before = path.stat()

        assert f"{path} is not a regular file" == refused(path).message
        assert before.st_ino == path.stat().st_ino


def test_a_missing_directory(tmp_path: Path) -> None:
    """The directory is named, with the command that makes it."""
    error = refused(tmp_path / "none" / "out")

    assert f"can't write {tmp_path}/none/out: there is no directory {tmp_path}/none" == error.message
    assert f"make it first: mkdir -p {tmp_path}/none" == error.hint


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("", "the file to be written has no name"),
        ("file/", "can't write file/: Not a directory"),
        ("x" * 300, f"can't write {'x' * 300}: File name too long"),
        ("nul\0", "nul? is not a file name"),
    ],
    ids=["empty", "below a file", "too long", "NUL"],
)
def test_a_name_that_no_file_can_have(name: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The system's reason is told, and nothing is left behind."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_bytes(b"old")

    assert reason == refused(name).message
    assert ["file"] == names(tmp_path)


def test_a_full_disk_leaves_the_old_file(tmp_path: Path) -> None:
    """The old content stands with its mode, and nothing is beside it."""
    out = tmp_path / "out"
    out.write_bytes(b"old")
    out.chmod(0o640)
    with files_limited_to(1000), pytest.raises(SinkError) as caught:
        write_atomically(str(out), b"x" * 2000)

    assert (f"can't write {out}: File too large", "nothing was changed") == (caught.value.message, caught.value.hint)
    assert (b"old", 0o640, ["out"]) == (out.read_bytes(), permissions(out), names(tmp_path))


def test_a_directory_that_is_not_writable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The directory is named, since the file's own permission is not what is missing; the old file stands."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "out").write_bytes(b"old")
    (tmp_path / "out").chmod(0o666)
    tmp_path.chmod(0o555)
    with unprivileged():
        error = refused("out")
    tmp_path.chmod(0o755)

    assert "can't write out: Permission denied" == error.message
    assert "a new file is made in the working directory, so that has to be writable" == error.hint
    assert (b"old", ["out"]) == ((tmp_path / "out").read_bytes(), names(tmp_path))


def test_a_directory_that_can_not_be_read_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A directory that may be written in and not opened, so not synced, still takes the file."""
    monkeypatch.chdir(tmp_path)
    tmp_path.chmod(0o333)
    with unprivileged():
        write_atomically("out", b"new")
    tmp_path.chmod(0o755)

    assert b"new" == (tmp_path / "out").read_bytes()


@pytest.mark.parametrize("before", [None, b"old"])
def test_a_place_that_is_checked_stays_as_it_is(before: bytes | None, tmp_path: Path) -> None:
    """Whether there is a file already or not, and nothing is left beside it."""
    out = tmp_path / "out"
    if before is not None:
        out.write_bytes(before)
    check_place(str(out))

    assert ([] if before is None else ["out"]) == names(tmp_path)
    assert before is None or before == out.read_bytes()
