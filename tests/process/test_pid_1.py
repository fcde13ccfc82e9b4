"""As the first process of a container: a pid namespace stands in for one."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.emulator import environment_of, running_emulator
from tests.support.inits import MYSAFE_RUN, SIGNAL_PRINTER
from tests.support.process import run
from tests.support.running import Running, children_of, eventually, is_alive, running

CONTAINER = ("unshare", "--pid", "--fork", "--kill-child", "--mount-proc")
DEMO_VAULT = Path(__file__).parents[2] / "mysafe_env" / "demo" / "vault.toml"


def _is_permitted() -> bool:
    try:
        return subprocess.run([*CONTAINER, "true"], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


pytestmark = pytest.mark.skipif(not _is_permitted(), reason="unshare(1) may make no pid namespace here")
SUPERVISED = (MYSAFE_RUN, "--supervise")


@contextmanager
def container(
    *argv: str, folder: Path, stdin: int = subprocess.DEVNULL, vault: str = ""
) -> Iterator[tuple[Running, int]]:
    """A namespace with *argv* as pid 1: its output, and the process id that it has outside."""
    environment = {**os.environ, "MYSAFE_URL": vault}
    with running(*CONTAINER, *argv, folder=folder, stdin=stdin, environment=environment) as unshare:
        eventually(lambda: children_of(unshare.pid), "unshare forks")
        yield unshare, children_of(unshare.pid)[0]


@pytest.mark.parametrize("options", [(), ("--supervise",)], ids=["replaced", "supervised"])
@pytest.mark.parametrize("code", [0, 3, 255])
def test_the_exit_code(options: tuple[str, ...], code: int, folder: Path) -> None:
    """The container ends with the command's code."""
    assert code == run(*CONTAINER, MYSAFE_RUN, *options, "-c", f"exit {code}", folder=folder).code


def test_the_command_is_pid_1(folder: Path) -> None:
    """Unless it is supervised, the command itself is the first process."""
    assert "1" == run(*CONTAINER, MYSAFE_RUN, "-c", "echo $$", folder=folder).output


def test_the_supervisor_is_pid_1(folder: Path) -> None:
    """The command is its child, in a group of its own, and a signal ends it that pid 1 would not get."""
    finished = run(*CONTAINER, *SUPERVISED, "-c", "echo $PPID; kill -TERM $$", folder=folder)

    assert (143, b"1\n") == (finished.code, finished.stdout)


def test_docker_stop(folder: Path) -> None:
    """SIGTERM from outside reaches the command of the container."""
    with container(*SUPERVISED, "--", *SIGNAL_PRINTER, folder=folder) as (unshare, first):
        assert "ready" == unshare.line().split()[0]
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGWINCH):
            os.kill(first, number)
            assert str(int(number)) == unshare.line()


def test_a_stop_of_a_command_that_ignores_it(folder: Path) -> None:
    """With --kill-after the container ends by itself, before the runtime kills it."""
    with container(*SUPERVISED, "--kill-after", "0.3", "--", *SIGNAL_PRINTER, folder=folder) as (unshare, first):
        assert "ready" == unshare.line().split()[0]
        os.kill(first, signal.SIGTERM)
        assert 137 == unshare.end()


def test_pid_1_can_not_be_stopped(folder: Path) -> None:
    """A stop stops the command alone, and SIGCONT still reaches it."""
    with container(*SUPERVISED, "--", *SIGNAL_PRINTER, folder=folder) as (unshare, first):
        assert "ready" == unshare.line().split()[0]
        os.kill(first, signal.SIGTSTP)
        os.kill(first, signal.SIGCONT)
        assert str(int(signal.SIGCONT)) == unshare.line()


def test_orphans_are_reaped(folder: Path) -> None:
    """What loses its parent is taken by pid 1; no zombie stays."""
    script = "i=0; while [ $i -lt 20 ]; do (sleep 0 &); i=$((i + 1)); done; echo done; read line"
    with container(*SUPERVISED, "-c", script, folder=folder, stdin=subprocess.PIPE) as (unshare, first):
        assert "done" == unshare.line()
        eventually(lambda: len(children_of(first)) == 1, "only the command is left")


def test_what_is_left_ends_with_the_container(folder: Path) -> None:
    """When the command ends, everything else of the container does, also what left the group."""
    with container(*SUPERVISED, "-c", "setsid sleep 1000 & sleep 0; exit 7", folder=folder) as (unshare, first):
        assert 7 == unshare.end()
        assert not is_alive(first)


@pytest.mark.parametrize("options", [(), ("--supervise",)], ids=["replaced", "supervised"])
def test_a_stop_while_secrets_are_fetched(options: tuple[str, ...], tmp_path: Path) -> None:
    """The container ends at once with 143, though the kernel spares pid 1 of signals without a handler."""
    (tmp_path / "mysafe.toml").write_text('[env]\nA = "mysafe://secretapi/stripe-live"\n')
    with running_emulator(DEMO_VAULT, latency=60) as emulator:
        environment = os.environ | environment_of(emulator)
        with running(
            *CONTAINER,
            MYSAFE_RUN,
            *options,
            "-v",
            "--",
            "true",
            folder=tmp_path,
            environment=environment,
            stderr=subprocess.STDOUT,
        ) as unshare:
            assert "mysafe-run: note: list" in unshare.line()
            os.kill(children_of(unshare.pid)[0], signal.SIGTERM)
            assert 143 == unshare.end()
