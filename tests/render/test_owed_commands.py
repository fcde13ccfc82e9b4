"""A command is owed from the change of a file until it has succeeded, whatever comes between."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from mysafe_env.errors import OwedCommandError, SinkError
from tests.render.site import Site
from tests.support.killing import kill_at
from tests.support.process import DEADLINE_SECONDS, Finished, let_pass, run, unprivileged

WHY = "its command has not succeeded since the last change"
# Fails as long as there is a file `broken`, and notes what it has seen when it succeeds.
RELOAD = 'command = ["sh", "-c", "test ! -e broken && cat a >>log"]'
ONE = f'template = "a.j2"\nto = "a"\n{RELOAD}'


def _marks(folder: Path) -> list[str]:
    """Which files owe a command."""
    marks = (path.name.rpartition("-")[0] for path in folder.rglob(".*") if "command-owed" in path.name)
    return sorted(mark.removeprefix(".").removesuffix(".mysafe-env-command-owed") for mark in marks)


@pytest.fixture
def one(site: Site, monkeypatch: pytest.MonkeyPatch) -> Site:
    """An entry whose file is the A of the environment."""
    monkeypatch.chdir(site.folder)
    site.mapping(ONE)
    site.write("a.j2", "{{ environ.A }}")
    site.environ["A"] = "1"
    site.write("vault.toml", "demo = true\n")
    site.write("log", "")
    return site


def _environment(value: str) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "MYSAFE_URL": "file:vault.toml", "A": value}


def _render(site: Site, value: str) -> list[str]:
    """Render in this process; the names of the files that changed."""
    site.environ["A"] = value
    return site.render()


def _command(site: Site, value: str, *arguments: str) -> Finished:
    """`mysafe-env render` as a process."""
    command = [sys.executable, "-m", "mysafe_env", "render", *arguments]
    return run(*command, environment=_environment(value), folder=site.folder)


def _failed(site: Site, value: str) -> SinkError:
    """The error of a render whose command fails."""
    site.write("broken", "")
    with pytest.raises(SinkError) as caught:
        _render(site, value)
    (site.folder / "broken").unlink()
    return caught.value


def test_a_command_that_failed_runs_again(one: Site) -> None:
    """Also when nothing changes any more, until it has succeeded, and with a word on why."""
    _failed(one, "1")
    _failed(one, "1")
    assert (["a"], "") == (_marks(one.folder), one.read("log"))
    one.warnings.clear()
    assert [] == _render(one, "1")
    assert ([f"{one.folder}/a: {WHY}, so it is run now"], "1") == (one.warnings, one.read("log"))
    _render(one, "1")
    assert ([], "1", 1) == (_marks(one.folder), one.read("log"), len(one.warnings))


def test_how_to_give_a_command_up(one: Site) -> None:
    """The hint says what runs again, and what to remove if that will never succeed."""
    hint = _failed(one, "1").hint
    [mark] = one.folder.glob(".a.*")
    command = "sh -c 'test ! -e broken && cat a >>log'"
    told = f"the files are in place; until it succeeds, every render runs it again: {command}; to give it up: rm {mark}"
    assert told == hint
    subprocess.run(["sh", "-c", hint.rpartition(": ")[2]], check=True)
    assert ([], "") == (_render(one, "1"), one.read("log"))


def test_a_mark_that_is_gone_before_the_command_ends(one: Site) -> None:
    """Somebody has given it up meanwhile; that is nothing to tell."""
    one.mapping('template = "a.j2"\nto = "a"\ncommand = ["sh", "-c", "rm .a.*"]')
    assert (["a"], [], []) == (_render(one, "1"), _marks(one.folder), one.warnings)


def test_a_change_runs_the_owed_command_once(one: Site) -> None:
    """It needs no word of why, and no second mark."""
    _failed(one, "1")
    _failed(one, "2")
    assert ["a"] == _marks(one.folder)
    assert ["a"] == _render(one, "3")
    assert ([], [], "3") == (_marks(one.folder), one.warnings, one.read("log"))


@pytest.mark.parametrize("event", ["subprocess.Popen", "os.rename"])
def test_a_run_that_is_killed_leaves_the_command_owed(one: Site, event: str) -> None:
    """Between the file and its command; a moment before the file it is owed, too, which does no harm."""
    _command(one, "0")
    kill_at(event, 1, "render", folder=one.folder, environment=_environment("1"))
    value = "1" if event == "subprocess.Popen" else "0"
    assert (value, ["a"], "0") == (one.read("a"), _marks(one.folder), one.read("log"))
    told = f"mysafe-env: warning: a: {WHY}, so it is run now\n"
    assert Finished(0, b"", told.encode()) == _command(one, value)
    assert ([], f"0{value}") == (_marks(one.folder), one.read("log"))
    assert Finished(0, b"", b"") == _command(one, value)


def test_a_command_that_ends_the_run_is_owed(one: Site) -> None:
    """By a signal that can't be heard, or by one that can."""
    for name, then in (("KILL", "true"), ("TERM", "sleep 60")):
        one.mapping(f'template = "a.j2"\nto = "a"\ncommand = ["sh", "-c", "kill -{name} $PPID; {then}"]')
        number = getattr(signal, f"SIG{name}")
        assert (-number, ["a"]) == (_command(one, name).code, _marks(one.folder))
        assert -number == _command(one, name).code
    one.mapping(ONE)
    assert (0, "TERM", []) == (_command(one, "TERM").code, one.read("log"), _marks(one.folder))


def test_a_command_that_fails_where_nobody_asks_for_children(one: Site) -> None:
    """Some daemons ignore SIGCHLD, and hand that on: a failure is one all the same; the wrapped command inherits it."""
    ignoring = (
        "import os, signal, sys; signal.signal(signal.SIGCHLD, signal.SIG_IGN); os.execvp(sys.argv[1], sys.argv[1:])"
    )
    daemon = (sys.executable, "-c", ignoring, sys.executable, "-m", "mysafe_env")
    one.write("broken", "")
    failed = run(*daemon, "render", environment=_environment("1"), folder=one.folder)
    assert (1, True) == (failed.code, b"sh ended with code 1" in failed.stderr)
    (one.folder / "broken").unlink()
    status = ("run", "--", "grep", "SigIgn", "/proc/self/status")
    after = run(*daemon, *status, environment=_environment("1"), folder=one.folder)
    assert 1 == int(after.stdout.split()[1], 16) >> (signal.SIGCHLD - 1) & 1


def test_a_wrapped_command_starts_after_what_is_owed(one: Site) -> None:
    """What fails for a change keeps it from starting, what fails again does not: it may reload what starts now."""
    command = [sys.executable, "-m", "mysafe_env", "run", "--", "cat", "log"]
    environment = _environment("1")
    one.write("broken", "")
    assert 125 == run(*command, environment=environment, folder=one.folder).code
    why = f"mysafe-env: warning: a: {WHY}, so it is run now\n"
    failed = run(*command, environment=environment, folder=one.folder)
    assert (0, b"", why.encode()) == (failed.code, failed.stdout, failed.stderr[: len(why)])
    assert b"warning: mysafe.toml:4: render[1].command: sh ended with code 1\nmysafe-env: hint: " in failed.stderr
    (one.folder / "broken").unlink()
    assert Finished(0, b"1", why.encode()) == run(*command, environment=environment, folder=one.folder)
    assert Finished(0, b"1", b"") == run(*command, environment=environment, folder=one.folder)


def test_a_change_that_fails_beside_what_is_owed(one: Site) -> None:
    """Both are told as one error, which keeps a wrapped command from starting."""
    fails = ONE.replace('"a"', '"b"').replace("a.j2", "b.j2")
    one.mapping(ONE, fails)
    one.write("b.j2", "1")
    one.write("broken", "")
    for text in ("1", "2"):
        one.write("b.j2", text)
        with pytest.raises(SinkError, match=r"render\[1\].* render\[2\]") as caught:
            _render(one, "1")
        assert not isinstance(caught.value, OwedCommandError)
    with pytest.raises(OwedCommandError, match=r"render\[1\].* render\[2\]"):
        _render(one, "1")


def test_looking_tells_what_is_owed(one: Site) -> None:
    """As a change, with the exit code of one; nothing is run."""
    one.write("broken", "")
    assert 1 == _command(one, "1").code
    told = f"mysafe-env: warning: a: {WHY}\n"
    assert Finished(1, b"a\n", told.encode()) == _command(one, "1", "--check")
    command = "sh -c 'test ! -e broken && cat a >>log'"
    owed = f"command that has not succeeded since an earlier change, to be run: {command}"
    assert Finished(1, f"--- a\n+++ a\n{owed}\n".encode(), b"") == _command(one, "1", "--diff")
    assert (["a"], "") == (_marks(one.folder), one.read("log"))
    (one.folder / "broken").unlink()
    _command(one, "1")
    assert (0, 0) == (_command(one, "1", "--check").code, _command(one, "1", "--diff").code)


def test_what_a_run_at_work_owes_is_its_own(one: Site) -> None:
    """Another one runs no command for it, and marks a change of its own, which the first one leaves alone."""
    one.mapping(ONE.replace("test", "echo at work && cat go && test"))
    os.mkfifo(one.folder / "go")
    command = [sys.executable, "-m", "mysafe_env", "render"]
    with subprocess.Popen(command, env=_environment("1"), stderr=subprocess.PIPE) as first:
        assert first.stderr
        assert b"at work\n" == first.stderr.readline()
        go = os.open(one.folder / "go", os.O_WRONLY)
        one.mapping(ONE)
        assert Finished(0, b"", b"") == _command(one, "1")
        assert (1, b"a\n") == ((looked := _command(one, "1", "--check")).code, looked.stdout)
        one.write("broken", "")
        assert (1, ["a", "a"]) == (_command(one, "2").code, _marks(one.folder))
        (one.folder / "broken").unlink()
        os.close(go)
        assert 0 == first.wait(DEADLINE_SECONDS)
    assert (["a"], "2") == (_marks(one.folder), one.read("log"))
    _command(one, "2")
    assert ([], "22") == (_marks(one.folder), one.read("log"))


def test_each_entry_owes_its_own_command(one: Site) -> None:
    """One that has succeeded does not run again for another's failure."""
    one.mapping(ONE, 'template = "a.j2"\nto = "b"\ncommand = ["sh", "-c", "echo b >>log"]')
    _failed(one, "1")
    assert (["a"], "b\n") == (_marks(one.folder), one.read("log"))
    _render(one, "1")
    assert ([], "b\n1") == (_marks(one.folder), one.read("log"))


def test_a_tree_owes_one_command(one: Site) -> None:
    """However many of its files have changed; their marks are not taken for files of the tree."""
    one.mapping('template = "conf"\nto = "etc"\ncommand = ["sh", "-c", "test ! -e broken && ls etc etc/sub >>log"]')
    for name in ("1", "2", "sub/3"):
        one.write(f"conf/{name}", "x")
    _failed(one, "1")
    assert ["1", "2", "3"] == _marks(one.folder)
    assert ["etc/1"] == one.differing()
    one.render()
    assert ("etc:\n1\n2\nsub\n\netc/sub:\n3\n", []) == (one.read("log"), one.differing())
    assert {"1", "2", "sub"} == {path.name for path in (one.folder / "etc").iterdir()}


@pytest.fixture
def tree(one: Site) -> Site:
    """An entry whose tree has some files, more than are named one by one."""
    one.mapping('template = "conf"\nto = "etc"\ncommand = ["sh", "-c", "test ! -e broken && echo ran >>log"]')
    for name in ("1", "2", "3", "sub/4"):
        one.write(f"conf/{name}", "x")
    return one


@pytest.mark.parametrize("left", ["1", "2", "sub/4"])
def test_a_tree_owes_its_command_without_any_of_its_files(tree: Site, left: str) -> None:
    """The file that kept the command from succeeding is taken out; nothing is left of its mark."""
    _failed(tree, "1")
    (tree.folder / "conf" / left).unlink()
    (tree.folder / "etc" / left).unlink()
    tree.write("conf/sub/5", "x")
    _render(tree, "1")
    assert ([], "ran\n") == (_marks(tree.folder), tree.read("log"))


def test_what_changes_while_a_command_is_owed_owes_it_too(tree: Site) -> None:
    """The files that changed first may go: the mark beside the other one says the same."""
    for name in ("2", "3", "sub/4"):
        (tree.folder / "conf" / name).unlink()
    _failed(tree, "1")
    tree.write("conf/2", "x")
    _failed(tree, "1")
    (tree.folder / "conf/1").unlink()
    assert (["1", "2"], ["etc/2"]) == (_marks(tree.folder), tree.differing())
    _render(tree, "1")
    assert ([], "ran\n") == (_marks(tree.folder), tree.read("log"))


def test_how_to_give_the_command_of_a_tree_up(tree: Site) -> None:
    """What the hint says removes all its marks, and those of no other."""
    other = tree.write("etc/.x.mysafe-env-command-owed-00000000", "")
    hint = _failed(tree, "1").hint
    subprocess.run(["sh", "-c", hint.rpartition(": ")[2]], check=True)
    assert ([], "", True) == (_render(tree, "1"), tree.read("log"), other.exists())
    assert ["x"] == _marks(tree.folder)


def test_a_tree_of_more_files_than_may_be_open_owes_its_command(tree: Site) -> None:
    """Its marks are one file under many names, which the next run has open once."""
    for number in range(60):
        tree.write(f"conf/{number}", "x")
    tree.write("broken", "")
    command = ("sh", "-c", 'ulimit -n 40; exec "$@"', "sh", sys.executable, "-m", "mysafe_env", "render")
    for _ in range(2):
        done = run(*command, environment=_environment("1"), folder=tree.folder, measured=False)
        assert (1, True) == (done.code, b"sh ended with code 1" in done.stderr)
    assert 61 == len(_marks(tree.folder))
    (tree.folder / "broken").unlink()
    assert 0 == run(*command, environment=_environment("1"), folder=tree.folder, measured=False).code
    assert ([], "ran\n") == (_marks(tree.folder), tree.read("log"))


def test_a_link_has_the_mark_beside_its_file(one: Site) -> None:
    """Whichever way leads to the file, the same command is owed for it."""
    (one.folder / "real").mkdir()
    (one.folder / "a").symlink_to("real/file")
    _failed(one, "1")
    assert ["file"] == _marks(one.folder / "real")
    one.mapping(ONE.replace('"a"', '"real/file"'))
    _render(one, "1")
    assert ([], "1") == (_marks(one.folder), one.read("log"))


def test_without_a_command_nothing_is_marked(one: Site) -> None:
    """Not even while files are replaced."""
    one.mapping('template = "a.j2"\nto = "a"')
    kill_at("os.rename", 1, "render", folder=one.folder, environment=_environment("1"))
    assert [] == _marks(one.folder)


def test_a_command_that_was_taken_out_is_not_owed(one: Site) -> None:
    """The mark goes with it, silently; a file that is rendered by hand says nothing about an entry."""
    _failed(one, "1")
    render = _command(one, "1", "a.j2", "--output", "a")
    assert (0, b"", ["a"]) == (render.code, render.stderr, _marks(one.folder))
    one.mapping('template = "a.j2"\nto = "a"')
    assert (0, ["a"]) == (_command(one, "1", "--check").code, _marks(one.folder))
    assert Finished(0, b"", b"") == _command(one, "1")
    assert ([], "") == (_marks(one.folder), one.read("log"))


def test_what_was_taken_back_owes_nothing(one: Site) -> None:
    """The second file can't be written: the first stands as it was, and no mark is beside it."""
    one.mapping(ONE, 'template = "a.j2"\nto = "none/b"')
    with pytest.raises(SinkError, match="there is no directory"):
        _render(one, "1")
    assert {"a.j2", "log", "mysafe.toml", "vault.toml"} == one.names()


def test_what_was_owed_before_is_owed_after_a_failure(one: Site) -> None:
    """Taking back does not touch the mark of another run."""
    _failed(one, "1")
    one.mapping(ONE, 'template = "a.j2"\nto = "none/b"')
    with pytest.raises(SinkError, match="there is no directory"):
        _render(one, "2")
    assert (["a"], "1") == (_marks(one.folder), one.read("a"))


def test_a_folder_that_became_read_only(one: Site) -> None:
    """The command runs as long as its mark can't be taken away, which is told, and is no failure."""
    let_pass(one.folder)
    one.folder.chmod(0o777)
    one.mapping(ONE.replace('to = "a"', 'to = "own/a"').replace("cat a", "cat own/a"))
    for name in ("log", "mysafe.toml"):
        (one.folder / name).chmod(0o666)
    with unprivileged():
        (one.folder / "own").mkdir()
        _failed(one, "1")
        (one.folder / "own").chmod(0o555)
        for _ in range(2):
            assert [] == _render(one, "1")
        assert (["a"], "11") == (_marks(one.folder), one.read("log"))
        told = [*one.warnings]
        one.mapping('template = "a.j2"\nto = "own/a"')
        assert ([], told) == (_render(one, "1"), one.warnings)
    [mark] = (one.folder / "own").glob(".a.*")
    why = f"can't remove {mark}: Permission denied; until you do, every render runs the command"
    assert [f"{one.folder}/own/a: {WHY}, so it is run now", why] * 2 == told


def test_a_mark_that_may_not_be_opened_counts(one: Site) -> None:
    """Another user has made it; what it says holds for everybody."""
    let_pass(one.folder)
    one.folder.chmod(0o777)
    _failed(one, "1")
    [mark] = one.folder.glob(".a.*")
    mark.chmod(0)
    (one.folder / "a").chmod(0o644)
    (one.folder / "log").chmod(0o666)
    one.mapping(f'{ONE}\nmode = "0644"')
    with unprivileged():
        _render(one, "1")
    assert ([], "1") == (_marks(one.folder), one.read("log"))


@pytest.mark.parametrize("length", [221, 222, 255])
def test_a_long_name_has_a_mark_too(one: Site, length: int) -> None:
    """It is cut where no longer name can be."""
    one.mapping(ONE.replace('to = "a"', f'to = "{"é" * (length // 2)}{"x" * (length % 2)}"'))
    one.write("broken", "")
    for _ in range(2):
        with pytest.raises(SinkError, match="ended with code 1"):
            _render(one, "1")
    assert 1 == len(_marks(one.folder))
    (one.folder / "broken").unlink()
    one.mapping(ONE.replace('to = "a"', f'to = "{"é" * (length // 2)}{"x" * (length % 2)}"').replace("cat a", "true"))
    _render(one, "1")
    assert [] == _marks(one.folder)


@pytest.mark.parametrize("name", ["why.txt", "0000000", "000000000", "0000000x"])
def test_a_file_that_is_only_called_like_a_mark(one: Site, name: str) -> None:
    """It is the user's, says nothing, and stays."""
    note = one.write(f".a.mysafe-env-command-owed-{name}", "of the user")
    assert (["a"], []) == (_render(one, "1"), one.warnings)
    assert ("1", "of the user") == (one.read("log"), note.read_text())


@pytest.mark.parametrize("kind", ["link", "folder", "fifo"])
def test_what_only_looks_like_a_mark(one: Site, kind: str) -> None:
    """A link, a folder or a pipe of such a name says nothing, and stays."""
    _render(one, "1")
    path = one.folder / ".a.mysafe-env-command-owed-00000000"
    if kind == "link":
        path.symlink_to("log")
    elif kind == "folder":
        path.mkdir()
    else:
        os.mkfifo(path)
    assert ([], []) == (one.differing(), _render(one, "1"))
    assert ("1", True) == (one.read("log"), path.is_symlink() or path.exists())
