"""The command of an entry: after a change, when all files are in place."""

import os
import sys

import pytest

from mysafe_env.errors import SinkError
from tests.render.site import Site
from tests.support.process import run
from tests.support.running import eventually, is_alive


@pytest.fixture
def two(site: Site) -> Site:
    """Two entries that note what they see when their command runs."""
    site.environ = {"PATH": os.environ["PATH"], "LOG": str(site.folder / "log"), "OUT": str(site.folder)}
    note = 'command = ["sh", "-c", "echo $1 $(cat $OUT/a $OUT/b) >>$LOG", "sh", "%s"]'
    site.mapping(f'template = "a.j2"\nto = "a"\n{note % "a"}', f'template = "b.j2"\nto = "b"\n{note % "b"}')
    site.write("a.j2", "{{ A }}")
    site.write("b.j2", "{{ B }}")
    site.write("log", "")
    return site


def test_commands_run_when_all_files_are_in_place(two: Site) -> None:
    """The first command sees the second file."""
    two.render(A="1", B="2")
    assert "a 12\nb 12\n" == two.read("log")


def test_a_command_runs_only_for_its_own_change(two: Site) -> None:
    """Not for another entry's, and not for a mode that was put right."""
    two.render(A="1", B="2")
    two.write("log", "")
    (two.folder / "a").chmod(0o644)
    two.render(A="1", B="3")
    assert "b 13\n" == two.read("log")


def test_one_command_for_a_tree(two: Site) -> None:
    """It runs once, however many files changed."""
    two.mapping('template = "conf"\nto = "etc"\ncommand = ["sh", "-c", "echo reload >>$LOG"]')
    two.write("conf/1", "x")
    two.write("conf/2", "y")
    two.render()
    assert "reload\n" == two.read("log")


@pytest.mark.parametrize(
    ("command", "why"),
    [
        ('["false"]', "false ended with code 1"),
        ('["sh", "-c", "kill -9 $$"]', "sh was ended by signal 9"),
        ('["no-such-command"]', "no-such-command can't be started: No such file or directory"),
        ('["nul\\u0000"]', "can't be started: not a command line"),
    ],
)
def test_a_command_that_fails(two: Site, command: str, why: str) -> None:
    """The files stay, the other commands run, and the error says how to go on."""
    two.mapping(
        f'template = "a.j2"\nto = "a"\ncommand = {command}',
        'template = "b.j2"\nto = "b"\ncommand = ["sh", "-c", "echo b >>$LOG"]',
    )
    with pytest.raises(SinkError) as caught:
        two.render(A="1", B="2")
    assert f"{two.folder}/mysafe.toml:4: render[1].command: " in caught.value.message
    assert caught.value.message.endswith(why)
    assert caught.value.hint.startswith("the files are in place; until it succeeds, every render runs it again: ")
    assert ("1", "b\n") == (two.read("a"), two.read("log"))


def test_a_command_that_takes_too_long(two: Site) -> None:
    """It is killed with all that it started."""
    two.mapping('template = "a.j2"\nto = "a"\ncommand = ["sh", "-c", "sleep 600 & echo $! >$LOG; wait"]\ntimeout = 2')
    with pytest.raises(SinkError, match=r"sh was killed after 2 seconds$"):
        two.render(A="1")
    sleep = int(two.read("log"))
    eventually(lambda: not is_alive(sleep), "it is killed")


def test_output_goes_to_standard_error_or_nowhere(two: Site) -> None:
    """Standard output is the program's that comes after; without standard error there is no place at all."""
    two.mapping('template = "a.j2"\nto = "a"\ncommand = ["sh", "-c", "echo reloaded; echo ran >>log"]')
    two.write("vault.toml", "demo = true\n")
    two.write("a.j2", "x")
    environment = {"PATH": os.environ["PATH"], "MYSAFE_URL": "file:vault.toml"}
    command = [sys.executable, "-m", "mysafe_env", "render"]
    done = run(*command, environment=environment, folder=two.folder)
    assert (0, b"", b"reloaded\n") == (done.code, done.stdout, done.stderr)
    two.write("a", "old")
    done = run("sh", "-c", 'exec "$@" 2>&-', "sh", *command, environment=environment, folder=two.folder)
    assert (0, b"", "ran\nran\n") == (done.code, done.stdout, two.read("log"))
