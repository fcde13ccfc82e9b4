"""Programs that live on a terminal do not notice a wrapper, whether it has gone or stays."""

import os
import shutil
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.inits import MYSAFE_RUN, SIGNAL_PRINTER, command_line
from tests.support.running import children_of, eventually, is_alive, state_of
from tests.support.terminal import CTRL_BACKSLASH, CTRL_C, CTRL_D, CTRL_Z, Terminal, terminal

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
MODES = pytest.mark.parametrize("mode", ["replaced", "supervised"])
# The last one is seen by coverage.
ALL_MODES = pytest.mark.parametrize("mode", ["replaced", "supervised", "measured"])


def words(mode: str, *argv: str) -> list[str]:
    """The command line that runs *argv* in a mode."""
    if mode == "measured":
        return command_line("measured", *argv, on_terminal=True)
    return [MYSAFE_RUN, *["--supervise"] * (mode == "supervised"), "--", *argv]


def line(mode: str, command: str) -> str:
    """The same as a person types it."""
    return f"{' '.join(words(mode))} {command}\n"


def needs(program: str) -> str:
    """The program, or a skipped test where it is not installed."""
    if not shutil.which(program):
        pytest.skip(f"{program} is not installed")
    return program


@pytest.fixture
def shell(folder: Path) -> Iterator[Terminal]:
    """A person at an interactive bash, with a text of many lines at hand."""
    (folder / "text").write_text("".join(f"line {number}\n" for number in range(1, 200)))
    with terminal(needs("bash"), "--norc", "--noprofile", "-i", folder=folder, measured=False) as opened:
        opened.expect(r"\$ ")
        yield opened


@contextmanager
def signal_printer(mode: str, folder: Path) -> Iterator[tuple[Terminal, int]]:
    """A terminal with a printer of signals that is ready, and the printer's process id."""
    with terminal(*words(mode, *SIGNAL_PRINTER), folder=folder, measured=False) as opened:
        pid = int(opened.expect(r"ready (\d+)\n")[1])
        yield opened, pid
        os.kill(pid, signal.SIGKILL)
        opened.end()


@ALL_MODES
def test_the_group_and_the_terminal_are_shared(mode: str, folder: Path) -> None:
    """The command has the terminal, and is in its foreground group."""
    script = 'test -t 0 && read -r _ _ _ _ group _ tty front _ </proc/$$/stat && test "$tty" != 0 && echo $group $front'
    with terminal(*words(mode, "sh", "-c", script), folder=folder) as opened:
        found = opened.expect(r"(\d+) (\d+)\n")

        assert found[1] == found[2] == str(opened.process.pid)
        assert 0 == opened.end()


@ALL_MODES
@pytest.mark.parametrize(
    ("key", "number"), [(CTRL_C, signal.SIGINT), (CTRL_BACKSLASH, signal.SIGQUIT), (CTRL_Z, signal.SIGTSTP)]
)
def test_a_key_arrives_once(mode: str, key: str, number: int, folder: Path) -> None:
    """The terminal has sent the signal to the whole group; it is not sent again, and nobody else acts on it."""
    with signal_printer(mode, folder) as (opened, _):
        opened.type(key)
        opened.expect(rf"\^?.?{int(number)}\n")
        os.kill(opened.process.pid, signal.SIGUSR1)
        assert "" == opened.expect(rf"(?s)(.*?){int(signal.SIGUSR1)}\n")[1]
        assert is_alive(opened.process.pid)
        assert state_of(opened.process.pid) != "T"


@ALL_MODES
def test_the_size_of_the_window_arrives_once(mode: str, folder: Path) -> None:
    """SIGWINCH comes from the terminal too."""
    with signal_printer(mode, folder) as (opened, _):
        opened.resize(30, 100)
        opened.expect(rf"{int(signal.SIGWINCH)}\n")
        os.kill(opened.process.pid, signal.SIGUSR1)
        assert "" == opened.expect(rf"(?s)(.*?){int(signal.SIGUSR1)}\n")[1]


@ALL_MODES
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGWINCH])
def test_a_signal_of_another_process_arrives(mode: str, number: int, folder: Path) -> None:
    """What was sent to us alone is passed on, also on a terminal, also the signals of keys."""
    with signal_printer(mode, folder) as (opened, _):
        os.kill(opened.process.pid, number)
        opened.expect(rf"\^?.?{int(number)}\n")


@ALL_MODES
def test_a_window_that_is_closed(mode: str, folder: Path) -> None:
    """The kernel tells the leader of the session alone; the command gets to know it."""
    script = "trap 'echo gone >gone; exit' HUP; echo ready; while :; do sleep 0.02; done"
    with terminal(*words(mode, "sh", "-c", script), folder=folder, measured=False) as opened:
        opened.expect("ready")
        opened.hang_up()
        eventually((folder / "gone").exists, "the command learns of it")


@MODES
def test_a_key_ends_the_command(mode: str, shell: Terminal) -> None:
    """Ctrl-C ends it with 130, and the shell goes on."""
    shell.type(line(mode, "sh -c 'echo ready; exec sleep 1000'"))
    shell.expect("\nready")
    shell.type(CTRL_C)
    shell.expect(r"\$ ")
    shell.type("echo code=$?\n")
    shell.expect(r"\ncode=130\n")


@MODES
def test_stopping_a_pager_and_going_on(mode: str, shell: Terminal) -> None:
    """Ctrl-Z gives the shell back, fg the pager, as often as one likes."""
    needs("less")
    shell.type(line(mode, "less text"))
    # Its prompt shows that it listens.
    shell.expect(r"line 23\n(text|:)")
    for _ in range(3):
        shell.type(CTRL_Z)
        shell.expect("Stopped", again=CTRL_Z)
        shell.expect(r"\$ ")
        shell.type("fg\n")
        shell.expect(r"line 23\n(text|:)")
    shell.type("G")
    shell.expect("line 199")
    shell.type("q")
    shell.expect(r"\$ ")
    shell.type("echo code=$?\n")
    shell.expect(r"\ncode=0\n")


@MODES
def test_an_editor(mode: str, shell: Terminal, folder: Path) -> None:
    """Vim edits, stops, goes on, notices the size of the window, and leaves the terminal as it was."""
    editor = next((name for name in ("vim", "vim.tiny", "vi") if shutil.which(name)), "vim")
    shell.type(line(mode, f"{needs(editor)} -u NONE new"))
    shell.expect(r"New( File)?\]")
    shell.type("ihello ")
    shell.expect("hello")
    shell.type("\x1b:echo 6*7\r")
    shell.expect("42")
    shell.type(CTRL_Z)
    shell.expect("Stopped")
    shell.expect(r"\$ ")
    shell.resize(40, 120)
    shell.type("fg\n")
    shell.expect("hello")
    shell.type("A\x12=&columns\r\x1b:wq\r")
    shell.expect(r"\$ ")
    shell.type("stty -a | tr ';' '\\n'; echo end\n")
    assert " echo " in f"{shell.expect(r'(?s)speed.*end')[0]}".replace("\n", " ")
    assert "hello 120\n" == (folder / "new").read_text()


@MODES
def test_an_interpreter(mode: str, shell: Terminal) -> None:
    """Python's prompt survives a Ctrl-C and ends at Ctrl-D."""
    # The prompt of Python 3.13 repaints the line with every key.
    shell.type(line(mode, f"env PYTHON_BASIC_REPL=1 {sys.executable} -i -S -q"))
    shell.expect(">>> ")
    shell.type("import time; print(6 * 7); time.sleep(1000)\n")
    shell.expect(r"\n42\n")
    shell.type(CTRL_C)
    shell.expect("KeyboardInterrupt", again=CTRL_C)
    shell.expect(">>> ")
    shell.type("40 + 3\n")
    shell.expect(r"\n43\n>>> ")
    shell.type(CTRL_D)
    shell.expect(r"\$ ")


@MODES
def test_a_shell_with_jobs(mode: str, folder: Path) -> None:
    """A shell under us has its own jobs: it stops one, lists it, gets it back, and ends it."""
    with terminal(*words(mode, needs("bash"), "--norc", "--noprofile", "-i"), folder=folder, measured=False) as opened:
        opened.expect(r"\$ ")
        opened.type("echo flags=$-\n")
        assert "m" in opened.expect(r"\nflags=(\w+)")[1]
        opened.type("sh -c 'echo ready; exec cat'\n")
        opened.expect("\nready")
        opened.type(CTRL_Z)
        opened.expect("Stopped")
        opened.type("jobs; fg\n")
        opened.expect(r"Stopped.*exec cat")
        opened.type("again\n")
        # Once from the terminal, once from the command; the shell names the command in between, or before.
        opened.expect(r"(?s)again\n.*again\n")
        opened.type(CTRL_C)
        opened.expect(r"\$ ")
        opened.type("exit 7\n")
        assert 7 == opened.end()


@MODES
def test_a_job_in_the_background_that_reads(mode: str, shell: Terminal) -> None:
    """It is stopped by the terminal, the shell is told, and in the foreground it reads on."""
    shell.type(line(mode, "sh -c 'read word; echo got $word' &"))
    shell.type("wait -n\n")
    shell.expect("Stopped")
    shell.type("fg\n")
    shell.expect("\nsh -c|mysafe-run.*read word")
    shell.type("hello\n")
    shell.expect(r"\ngot hello\n")


@MODES
def test_a_command_that_stops_by_itself(mode: str, shell: Terminal) -> None:
    """The shell learns of it, as it would of its own child."""
    shell.type(line(mode, "sh -c 'echo before; kill -STOP $$; echo after'"))
    shell.expect("\nbefore")
    shell.expect("Stopped")
    shell.type("fg\n")
    shell.expect("\nafter")


@ALL_MODES
def test_a_command_that_is_stopped(mode: str, folder: Path) -> None:
    """Who waits for us sees the stop, and SIGCONT to us is one to the command, once."""
    with signal_printer(mode, folder) as (opened, printer):
        for _ in range(2):
            os.kill(printer, signal.SIGSTOP)
            eventually(lambda: state_of(opened.process.pid) == "T", "we stop")
            os.kill(opened.process.pid, signal.SIGCONT)
            opened.expect(rf"\n?{int(signal.SIGCONT)}\n")
            eventually(lambda: (state_of(opened.process.pid), state_of(printer)) == ("S", "S"), "both go on")


@ALL_MODES
def test_a_stop_by_another_process(mode: str, folder: Path) -> None:
    """It is passed on, and stops us as well; SIGCONT is passed on, too."""
    if mode == "replaced":
        pytest.skip("a process without a wrapper has nobody to stop with it")
    with signal_printer(mode, folder) as (opened, _):
        os.kill(opened.process.pid, signal.SIGTSTP)
        opened.expect(rf"{int(signal.SIGTSTP)}\n")
        eventually(lambda: state_of(opened.process.pid) == "T", "we stop")
        os.kill(opened.process.pid, signal.SIGCONT)
        opened.expect(rf"{int(signal.SIGCONT)}\n")


@MODES
def test_a_command_that_stays_when_the_wrapper_was_alone_in_its_group(mode: str, folder: Path) -> None:
    """Nothing of a terminal's group is told to end: what the command has left behind is the terminal's business."""
    script = '"$@" & read line; exit 3'
    with terminal(*words(mode, "sh", "-c", script, "sh", *SIGNAL_PRINTER), folder=folder, measured=False) as opened:
        left = int(opened.expect(r"ready (\d+)\n")[1])
        assert [opened.process.pid] if mode == "replaced" else children_of(opened.process.pid)
        opened.type("\n")
        assert 3 == opened.end()
        assert is_alive(left)
