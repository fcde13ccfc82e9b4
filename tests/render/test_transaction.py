"""Rendering as a transaction: complete files with their mode and owner, or everything as before."""

import os
from contextlib import closing, nullcontext
from pathlib import Path

import pytest

from mysafe_env.errors import MySafeEnvError, SinkError, TemplateError
from mysafe_env.sinks.rendering.copies import copy_file
from mysafe_env.sinks.staging import Staging
from tests.render.site import Site, names
from tests.support.files import permissions
from tests.support.process import files_limited_to, let_pass, unprivileged

ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
PROTECTED = Path("/proc/sys/fs/protected_hardlinks")
LINKS_REFUSED = pytest.mark.skipif(
    os.geteuid() != 0 or not PROTECTED.exists() or PROTECTED.read_text() == "0\n",
    reason="this system gives every file another name",
)
ONE = 'template = "a.j2"\nto = "out/a"'
TWO = 'template = "b.j2"\nto = "out/b"'


def _refused(site: Site, **values: str) -> MySafeEnvError:
    with pytest.raises((SinkError, TemplateError)) as caught:
        site.render(**values)
    return caught.value


@pytest.fixture
def two(site: Site) -> Site:
    """Two entries, whose templates use A and B."""
    site.mapping(ONE, TWO)
    site.write("a.j2", "a={{ A }}\n")
    site.write("b.j2", "b={{ B }}\n")
    (site.folder / "out").mkdir()
    return site


def test_new_files_are_for_their_owner_alone(two: Site) -> None:
    """All are written, 0600 whatever the umask, with nothing beside them."""
    before = os.umask(0)
    try:
        assert ["out/a", "out/b"] == two.render(A="1", B="2")
    finally:
        os.umask(before)
    assert ("a=1\n", "b=2\n") == (two.read("out/a"), two.read("out/b"))
    assert [0o600, 0o600] == [permissions(two.folder / "out" / name) for name in "ab"]
    assert ["a", "b"] == names(two.folder / "out")


def test_an_unchanged_file_is_not_touched(two: Site) -> None:
    """It keeps inode and time, and the other one is written."""
    two.render(A="1", B="2")
    before = (two.folder / "out/a").stat()
    assert ["out/b"] == two.render(A="1", B="3")
    after = (two.folder / "out/a").stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)
    assert [] == two.render(A="1", B="3")


def test_a_wrong_mode_is_put_right_without_writing(two: Site) -> None:
    """The file is the same one with the same time."""
    two.render(A="1", B="2")
    path = two.folder / "out/a"
    path.chmod(0o644)
    before = path.stat()
    assert ["out/a"] == two.differing(A="1", B="2")
    assert ["out/a"] == two.render(A="1", B="2")
    after = path.stat()
    assert (before.st_ino, before.st_mtime_ns, 0o600) == (after.st_ino, after.st_mtime_ns, permissions(path))


@pytest.mark.parametrize(
    ("template", "reason"),
    [
        ("{{ NOPE }}", '"NOPE" is not there'),
        ("{{ A", "unexpected end"),
        ("\n{{ A|nginx }}", "b.j2:2: nginx can't take A"),
    ],
)
def test_a_mistake_in_a_later_template_writes_nothing(two: Site, template: str, reason: str) -> None:
    """Every old file stands, and no new one is there."""
    two.write("out/a", "old")
    two.write("b.j2", template)
    assert reason in _refused(two, A="$1", B="2").message
    assert "old" == two.read("out/a")
    assert ["a"] == names(two.folder / "out")


def test_a_target_that_can_not_be_written_writes_nothing(two: Site) -> None:
    """The second one has no folder: the first one is not written."""
    two.mapping(ONE, 'template = "b.j2"\nto = "none/b"')
    error = _refused(two, A="1", B="2")
    assert f"can't write {two.folder}/none/b: there is no directory {two.folder}/none" == error.message
    assert f"make it first (mkdir -p {two.folder}/none), or say mkdir = true in its [[render]]" == error.hint
    assert [] == names(two.folder / "out")


def test_a_full_disk_writes_nothing(two: Site) -> None:
    """What was made ready is gone again."""
    two.write("out/a", "old")
    with files_limited_to(1000):
        error = _refused(two, A="1", B="x" * 2000)
    assert f"can't write {two.folder}/out/b: File too large" == error.message
    assert (["a"], "old") == (names(two.folder / "out"), two.read("out/a"))


@ROOT
def test_a_failure_between_the_first_file_and_the_last_is_taken_back(two: Site, tmp_path: Path) -> None:
    """The last file can't be replaced, being a mount point: the first one is the old one again."""
    two.write("out/a", "old").chmod(0o640)
    before = (two.folder / "out/a").stat()
    two.write("out/a~", "older")
    two.write("out/b", "old")
    two.mapping(f"{ONE}\nbackup = true", 'template = "c.j2"\nto = "out/c"\nbackup = true', TWO)
    two.write("c.j2", "c")
    if os.system(f"mount --bind {tmp_path}/a.j2 {tmp_path}/out/b 2>/dev/null"):  # noqa: S605  # a short way to mount
        pytest.skip("this system can't mount")
    try:
        error = _refused(two, A="1", B="2")
    finally:
        os.system(f"umount {tmp_path}/out/b")  # noqa: S605  # see above
    assert f"can't write {two.folder}/out/b: Device or resource busy" == error.message
    assert "a file that is mounted can't be replaced; mount its folder instead" == error.hint
    after = (two.folder / "out/a").stat()
    assert ("old", 0o640) == (two.read("out/a"), permissions(two.folder / "out/a"))
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)
    assert (["a", "a~", "b"], "older") == (sorted(names(two.folder / "out")), two.read("out/a~"))


@ROOT
def test_owner_andpermissions(site: Site) -> None:
    """A new file, an unchanged one and the folders that were made get both; names and numbers mean the same."""
    site.mapping('template = "a.j2"\nto = "new/deep/a"\nowner = "nobody:12345"\nmode = "0640"\nmkdir = true')
    site.write("a.j2", "x")
    site.render()
    path = site.folder / "new/deep/a"
    assert (65534, 12345, 0o640) == (path.stat().st_uid, path.stat().st_gid, permissions(path))
    for folder in (path.parent, path.parent.parent):
        assert (65534, 12345, 0o750) == (folder.stat().st_uid, folder.stat().st_gid, permissions(folder))
    os.chown(path, 0, 0)
    before = path.stat()
    assert ["new/deep/a"] == site.render()
    assert (65534, 12345, before.st_ino) == (path.stat().st_uid, path.stat().st_gid, path.stat().st_ino)


@ROOT
def test_folders_that_are_made_hand_their_group_down(site: Site) -> None:
    """Where the folder around them does (setgid), and whatever else their mode is."""
    site.mapping('template = "a.j2"\nto = "shared/new/deep/a"\nmode = "0640"\nmkdir = true')
    site.write("a.j2", "x")
    (site.folder / "shared").mkdir()
    os.chown(site.folder / "shared", -1, 12345)
    (site.folder / "shared").chmod(0o2775)
    site.render()
    for name, mode in (("new", 0o2750), ("new/deep", 0o2750), ("new/deep/a", 0o640)):
        path = site.folder / "shared" / name
        assert (12345, mode) == (path.stat().st_gid, permissions(path))


@ROOT
@pytest.mark.parametrize(
    ("owner", "expected"), [(":12345", (0, 12345)), ("nobody", (65534, 0)), (":nogroup", (0, 65534))]
)
def test_user_or_group_alone(site: Site, owner: str, expected: tuple[int, int]) -> None:
    """The other one is whoever renders."""
    site.mapping(f'template = "a.j2"\nto = "a"\nowner = "{owner}"')
    site.write("a.j2", "x")
    site.render()
    assert expected == ((site.folder / "a").stat().st_uid, (site.folder / "a").stat().st_gid)


@pytest.mark.parametrize(
    ("owner", "what"),
    [
        ("no-such-user", 'user "no-such-user"'),
        (":no-such", 'group "no-such"'),
        ("99999999999", 'user "99999999999"'),
        ("root:4294967295", 'group "4294967295"'),
    ],
)
def test_an_unknown_owner(site: Site, owner: str, what: str) -> None:
    """It is told with its place in the mapping, before anything is written."""
    site.mapping(f'template = "a.j2"\nto = "a"\nowner = "{owner}"')
    site.write("a.j2", "x")
    place = f"{site.folder}/mysafe.toml:4: render[1].owner"
    assert f"{place}: there is no {what} on this system" == _refused(site).message
    assert not (site.folder / "a").exists()


@ROOT
def test_who_is_not_root_gives_nothing_away(site: Site) -> None:
    """The owner is named, and the old file stands."""
    site.mapping('template = "a.j2"\nto = "a"\nowner = "root"')
    site.write("a.j2", "x")
    site.folder.chmod(0o777)
    let_pass(site.folder)
    with unprivileged():
        error = _refused(site)
        assert {"a.j2", "mysafe.toml"} == site.names()
    assert f"can't give {site.folder}/a to root: Operation not permitted" == error.message
    site.write("a", "x").chmod(0o644)
    with unprivileged():
        assert error.message == _refused(site).message


def test_a_folder_that_is_not_writable(two: Site) -> None:
    """It is named, since the file's own permission is not what is missing."""
    two.folder.chmod(0o755)
    let_pass(two.folder)
    with unprivileged():
        if os.access(two.folder / "out", os.W_OK, effective_ids=True):
            (two.folder / "out").chmod(0o555)
        error = _refused(two, A="1", B="2")
    assert f"can't write {two.folder}/out/a: Permission denied" == error.message
    assert f"a new file is made in {two.folder}/out, so that has to be writable" == error.hint


def test_a_backup_is_the_old_file(site: Site) -> None:
    """The same inode under another name; there is none as long as there is nothing to keep."""
    site.mapping('template = "a.j2"\nto = "a"\nbackup = true\nmode = "0640"')
    site.write("a.j2", "{{ A }}")
    site.render(A="1")
    assert not (site.folder / "a~").exists()
    inode = (site.folder / "a").stat().st_ino
    site.render(A="2")
    assert ("1", "2", inode) == (site.read("a~"), site.read("a"), (site.folder / "a~").stat().st_ino)
    site.render(A="3")
    assert ("2", "3", 0o640) == (site.read("a~"), site.read("a"), permissions(site.folder / "a~"))


def test_folders_that_were_made_are_removed_after_a_failure(site: Site) -> None:
    """A file stands where the second entry needs a folder."""
    site.mapping('template = "a.j2"\nto = "x/y/a"\nmkdir = true', 'template = "a.j2"\nto = "file/z/a"\nmkdir = true')
    site.write("a.j2", "x")
    site.write("file", "")
    assert "Not a directory" in _refused(site).message
    assert {"a.j2", "file", "mysafe.toml"} == site.names()


def test_our_own_link_is_followed_and_that_of_another_user_is_not(two: Site) -> None:
    """The file that our link names is replaced; a link that somebody else laid is an error."""
    link, real = two.folder / "out/a", two.write("real", "old")
    link.symlink_to(real)
    two.render(A="1", B="2")
    assert (True, "a=1\n") == (link.is_symlink(), two.read("real"))
    if os.geteuid() == 0:
        os.lchown(link, 65534, 65534)
        assert f"{link} is a symbolic link of another user" == _refused(two, A="3", B="4").message
        assert ("a=1\n", "b=2\n") == (two.read("real"), two.read("out/b"))


def test_two_entries_for_one_file(two: Site) -> None:
    """Both are named, and nothing is written."""
    two.mapping(ONE, 'template = "b.j2"\nto = "out/../out/a"')
    told = f"{two.folder}/mysafe.toml:4: render[2]: {two.folder}/out/../out/a is written by"
    assert _refused(two, A="1", B="2").message.startswith(f"{told} {two.folder}/mysafe.toml:1: render[1] too")


@pytest.mark.parametrize(("to", "what"), [("a.j2", "a template"), ("mysafe.toml", "the mapping")])
def test_what_is_read_is_not_overwritten(site: Site, to: str, what: str) -> None:
    """An entry that writes to a template, or to the mapping, would put secrets where they don't belong."""
    site.mapping(f'template = "a.j2"\nto = "{to}"')
    site.write("a.j2", "x")
    assert f"{site.folder}/{to} is {what} itself" == _refused(site).message


def test_a_backup_is_in_nobodys_way(two: Site) -> None:
    """Neither another entry's file nor a folder has its name."""
    two.write("out/a", "old")
    two.mapping(f"{ONE}\nbackup = true", 'template = "b.j2"\nto = "out/a~"')
    assert f"{two.folder}/out/a~ is written by" in _refused(two, A="1", B="2").message
    two.mapping(f"{ONE}\nbackup = true")
    (two.folder / "out/a~").mkdir()
    assert f"{two.folder}/out/a~ is a directory" == _refused(two, A="1").message
    assert "old" == two.read("out/a")


@pytest.mark.parametrize("link", ["/proc/self/fd/{}", "/dev/fd/{}", "out/link"])
def test_an_open_file_is_no_target(site: Site, link: str) -> None:
    """What stands behind standard output may be a log; it is not replaced."""
    site.write("a.j2", "x")
    with site.write("out/log", "logged").open() as log:
        (site.folder / "out/link").symlink_to(f"/proc/self/fd/{log.fileno()}")
        site.mapping(f'template = "a.j2"\nto = "{link.format(log.fileno())}"')
        error = _refused(site)
    assert error.message.endswith(" is an open file of a process")
    assert "logged" == site.read("out/log")


@pytest.mark.parametrize(
    ("to", "reason"),
    [
        ("out", "is a directory"),
        ("a.j2/x", "Not a directory"),
        ("x" * 300, "too long"),
        ("nul\\u0000", "is not a file name"),
    ],
)
def test_what_can_not_be_written(site: Site, to: str, reason: str) -> None:
    """The system's reason is told."""
    site.mapping(f'template = "a.j2"\nto = "{to}"')
    site.write("a.j2", "x")
    (site.folder / "out").mkdir()
    assert reason in _refused(site).message


def test_text_that_has_no_bytes(two: Site) -> None:
    """Half of a surrogate pair comes from an environment that is not UTF-8."""
    assert "a.j2: the rendered text holds half of a surrogate pair" in _refused(two, A="\udcff", B="2").message


def test_a_file_that_can_not_be_read_is_replaced(two: Site) -> None:
    """What is in it does not matter."""
    let_pass(two.folder)
    for path in (two.folder, two.folder / "out"):
        path.chmod(0o777)
    with unprivileged():
        two.write("out/a", "old").chmod(0)
        assert ["out/a", "out/b"] == two.render(A="1", B="2")
        assert "a=1\n" == two.read("out/a")


@ROOT
def test_a_file_of_another_user_is_replaced(two: Site) -> None:
    """Also where the system does not let us give it another name, by which it could come back."""
    let_pass(two.folder)
    for path in (two.folder, two.folder / "out"):
        path.chmod(0o777)
    two.write("out/a", "of root").chmod(0o600)
    with unprivileged():
        assert ["out/a", "out/b"] == two.render(A="1", B="2")
        assert "a=1\n" == two.read("out/a")


@ROOT
def test_a_file_of_another_user_with_the_wrong_mode_is_replaced(two: Site) -> None:
    """By one with the same content: its backup stays what it was, and no command runs."""
    let_pass(two.folder)
    for path in (two.folder, two.folder / "out"):
        path.chmod(0o777)
    two.mapping(f'{ONE}\nbackup = true\ncommand = ["false"]', TWO)
    two.write("out/a", "a=1\n").chmod(0o644)
    with unprivileged():
        assert ["out/a", "out/b"] == two.render(A="1", B="2")
        assert [] == two.render(A="1", B="2")
    path = two.folder / "out/a"
    assert ("a=1\n", 65534, 0o600) == (two.read("out/a"), path.stat().st_uid, permissions(path))
    assert ["a", "b"] == names(two.folder / "out")


@ROOT
def test_what_may_be_neither_changed_nor_replaced(two: Site) -> None:
    """Another user's file with the wrong mode in a folder with the sticky bit: the hint says so."""
    let_pass(two.folder)
    two.folder.chmod(0o777)
    (two.folder / "out").chmod(0o1777)
    two.write("out/a", "a=1\n").chmod(0o644)
    with unprivileged():
        error = _refused(two, A="1", B="2")
    assert f"can't write {two.folder}/out/a: Operation not permitted" == error.message
    assert "another user's in a directory with the sticky bit?" in error.hint
    assert ["a"] == names(two.folder / "out")


@pytest.fixture
def shared(two: Site) -> Site:
    """Two entries that fail for an unprivileged user after the first: the second file can't be replaced."""
    let_pass(two.folder)
    for path in (two.folder, two.folder / "out"):
        path.chmod(0o777)
    (two.folder / "sticky").mkdir()
    (two.folder / "sticky").chmod(0o1777)
    two.write("sticky/b", "of root")
    two.mapping(f'{ONE}\ncommand = ["true"]', TWO.replace("out", "sticky"))
    return two


@ROOT
def test_a_file_of_another_user_comes_back(shared: Site) -> None:
    """Where it can't have another name, a copy of it stands there, and its command is not owed."""
    shared.write("out/a", "of root").chmod(0o644)
    with unprivileged():
        assert "sticky/b: Operation not permitted" in _refused(shared, A="1", B="2").message
    assert ("of root", 0o644) == (shared.read("out/a"), permissions(shared.folder / "out/a"))
    assert ["a"] == names(shared.folder / "out")
    assert ["b"] == names(shared.folder / "sticky")


@LINKS_REFUSED
def test_a_file_that_can_not_come_back_stays_owed(shared: Site) -> None:
    """Nobody here can read it, so it is new in spite of the failure, and the next render runs its command."""
    shared.write("out/a", "of root").chmod(0o600)
    shared.write("sticky/b", "of root").chmod(0o600)
    with unprivileged():
        _refused(shared, A="1", B="2")
        assert "a=1\n" == shared.read("out/a")
        (shared.folder / "sticky").rename(shared.folder / "other")
        (shared.folder / "sticky").mkdir()
        assert ["sticky/b"] == shared.render(A="1", B="2")
    owed = "its command has not succeeded since the last change, so it is run now"
    assert [f"{shared.folder}/out/a: {owed}"] == shared.warnings
    assert ["a"] == names(shared.folder / "out")


@LINKS_REFUSED
def test_what_can_not_come_back_is_replaced_last(shared: Site) -> None:
    """The other one fails before."""
    shared.write("out/a", "of root").chmod(0o600)
    with unprivileged():
        _refused(shared, A="1", B="2")
    assert ("of root", ["a"]) == (shared.read("out/a"), names(shared.folder / "out"))


@LINKS_REFUSED
def test_a_backup_of_another_users_file_is_a_copy(two: Site) -> None:
    """One that can be neither read nor linked is an error, and stands."""
    let_pass(two.folder)
    for path in (two.folder, two.folder / "out"):
        path.chmod(0o777)
    two.mapping(f"{ONE}\nbackup = true")
    path = two.write("out/a", "of root")
    path.chmod(0o600)
    with unprivileged():
        told = f"can't keep {path} as its backup: this user can neither read it nor give it another name"
        assert told == _refused(two, A="1").message
    assert (["a"], "of root") == (names(two.folder / "out"), two.read("out/a"))
    path.chmod(0o644)
    with unprivileged():
        assert ["out/a"] == two.render(A="1")
    assert ("of root", 0o644) == (two.read("out/a~"), permissions(two.folder / "out/a~"))


@ROOT
@pytest.mark.parametrize(
    ("group", "privileged", "expected"),
    [(12345, True, (12345, 12345, 0o4664)), (0, False, (65534, 0, 0o664)), (12345, False, (65534, 0, 0o644))],
)
def test_a_copy_is_like_the_file(
    tmp_path: Path,
    group: int,
    privileged: bool,  # noqa: FBT001  # a parameter
    expected: tuple[int, int, int],
) -> None:
    """With its user and group as far as we may give them; another group may do no more than everybody."""
    let_pass(tmp_path)
    tmp_path.chmod(0o777)
    path = tmp_path / "file"
    path.write_text("text")
    os.chown(path, 12345, group)
    path.chmod(0o4664)
    with nullcontext() if privileged else unprivileged(), closing(Staging(str(tmp_path))) as staging:
        copy = copy_file(str(path), staging)
        assert copy
        with closing(copy):
            copy.replace(str(tmp_path / "copy"))
    status = (tmp_path / "copy").stat()
    assert expected == (status.st_uid, status.st_gid, permissions(tmp_path / "copy"))
    assert ("text", ["copy", "file"]) == ((tmp_path / "copy").read_text(), names(tmp_path))
