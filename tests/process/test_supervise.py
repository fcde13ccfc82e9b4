"""`--supervise`: the same scenes under our supervisor and, where they should agree, under dumb-init and tini."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from signal import (
    SIGALRM,
    SIGCONT,
    SIGHUP,
    SIGINT,
    SIGKILL,
    SIGPIPE,
    SIGQUIT,
    SIGTERM,
    SIGTSTP,
    SIGTTIN,
    SIGTTOU,
    SIGURG,
    SIGUSR1,
    SIGUSR2,
    SIGWINCH,
)

import pytest

from mysafe_env.sinks import supervisor
from tests.support.forked import ForkServer
from tests.support.inits import ALL, MYSAFE_RUN, OURS, SIGNAL_PRINTER, WITH_DUMB_INIT, command_line, signal_printer
from tests.support.process import run, run_python
from tests.support.running import Running, children_of, eventually, is_alive, kill_session, running, state_of

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="--supervise needs sigwaitinfo, the tests need /proc")

FORWARDED = [SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGWINCH, SIGCONT]
STOPPING = [SIGTSTP, SIGTTIN, SIGTTOU]

# A printer of signals in the background of a shell that ignores them all: only the group reaches it.
IN_BACKGROUND = """trap '' HUP INT QUIT TERM USR1 USR2; "$@" & wait
"""
# A command that ends before what it has started.
ENDING = ("sh", "-c", '"$@" & read line; exit 5', "sh", *SIGNAL_PRINTER)


@contextmanager
def left_behind(line: list[str], folder: Path) -> Iterator[tuple[Running, int]]:
    """A supervisor whose command, `ENDING`, has ended: it, and the process id of the printer that is left."""
    with running(*line, folder=folder, stdin=subprocess.PIPE, measured=False) as supervised:
        printer = int(supervised.line().split()[1])
        # dumb-init begins a session of its own, which `running` knows nothing of.
        session = os.getsid(printer)
        try:
            assert supervised.process.stdin is not None
            supervised.process.stdin.close()
            assert 5 == supervised.end()
            yield supervised, printer
        finally:
            kill_session(session)


@pytest.mark.parametrize("init", ALL)
@pytest.mark.parametrize("code", [0, 1, 42, 125, 126, 127, 128, 255])
def test_the_exit_code_is_the_commands(init: str, code: int, folder: Path) -> None:
    """Whatever code the command ends with is what the caller sees, and nothing is said about it."""
    finished = run(*command_line(init, "sh", "-c", f"exit {code}"), folder=folder, measured=False)

    assert (code, b"", b"") == (finished.code, finished.stdout, finished.stderr)


@pytest.mark.parametrize("init", ALL)
@pytest.mark.parametrize("number", [SIGTERM, SIGKILL, signal.SIGSEGV, SIGPIPE])
def test_a_command_that_a_signal_ends(init: str, number: signal.Signals, folder: Path) -> None:
    """128 and the number of the signal, as a shell tells it."""
    finished = run(*command_line(init, "sh", "-c", f"kill -{int(number)} $$"), folder=folder, measured=False)

    assert 128 + number == finished.code


@pytest.mark.parametrize("init", ALL)
def test_signals_are_passed_on(init: str, folder: Path) -> None:
    """The command gets each signal that is meant for it, once."""
    with signal_printer(command_line(init, *SIGNAL_PRINTER), folder) as (supervised, _):
        for number in FORWARDED:
            supervised.send(number)
            assert str(int(number)) == supervised.line()


@pytest.mark.parametrize("init", OURS)
def test_signals_about_the_supervisor_are_not_passed_on(init: str, folder: Path) -> None:
    """Those that runtimes and timers send around do not reach the command, and do not end the supervisor."""
    with signal_printer(command_line(init, *SIGNAL_PRINTER), folder) as (supervised, _):
        for number in (SIGURG, SIGPIPE, SIGALRM, signal.SIGCHLD):
            supervised.send(number)
        supervised.send(SIGUSR1)
        assert str(int(SIGUSR1)) == supervised.line()


@pytest.mark.parametrize("init", ALL)
def test_signals_go_to_the_whole_group(init: str, folder: Path) -> None:
    """What the command has started gets them too, without the help of a shell."""
    line = command_line(init, "sh", "-c", IN_BACKGROUND, "sh", *SIGNAL_PRINTER)
    with signal_printer(line, folder) as (supervised, _):
        supervised.send(SIGUSR2)
        assert str(int(SIGUSR2)) == supervised.line()


@pytest.mark.parametrize("init", ALL)
def test_single_child(init: str, folder: Path) -> None:
    """Only the command itself gets them: the shell ends, and what it has started in the background lives on."""
    script = """trap 'exit 3' TERM; "$@" & wait"""
    line = command_line(init, "sh", "-c", script, "sh", *SIGNAL_PRINTER, single_child=True)
    with signal_printer(line, folder) as (supervised, printer):
        supervised.send(SIGTERM)
        assert 3 == supervised.end()
        os.kill(printer, SIGUSR1)
        assert str(int(SIGUSR1)) == supervised.line()


@pytest.mark.parametrize("single_child", [False, True])
@pytest.mark.parametrize("init", WITH_DUMB_INIT)
@pytest.mark.parametrize(
    ("rewrites", "sent", "received"),
    [
        ({SIGTERM: SIGINT}, [SIGTERM, SIGQUIT, SIGCONT, SIGINT], [SIGINT, SIGQUIT, SIGCONT, SIGINT]),
        ({SIGTERM: SIGINT, SIGINT: SIGTERM}, [SIGTERM, SIGINT], [SIGINT, SIGTERM]),
        ({SIGINT: 0, SIGTERM: SIGQUIT}, [SIGINT, SIGTERM], [SIGQUIT]),
        ({1: 31, 31: 1}, [1, 31], [31, 1]),
    ],
    ids=["one", "swapped", "dropped", "lowest and highest"],
)
def test_rewriting(  # noqa: PLR0913, PLR0917  # a table's columns
    init: str,
    rewrites: dict[int, int],
    sent: list[int],
    received: list[int],
    single_child: bool,  # noqa: FBT001  # a table's column
    folder: Path,
) -> None:
    """A signal arrives as the one that is meant, once, also one that is not passed on by itself."""
    line = command_line(init, *SIGNAL_PRINTER, rewrites=rewrites, single_child=single_child)
    with signal_printer(line, folder) as (supervised, _):
        arriving = iter(received)
        for number in sent:
            supervised.send(number)
            if rewrites.get(number) != 0:
                assert str(int(next(arriving))) == supervised.line()


def test_signals_have_names(folder: Path) -> None:
    """A rewriting may say TERM, SIGTERM or term."""
    line = [MYSAFE_RUN, "--supervise", "--rewrite", "TERM:sigquit", "--rewrite", "SIGHUP:usr1", "--", *SIGNAL_PRINTER]
    with signal_printer(line, folder) as (supervised, _):
        for sent, received in ((SIGTERM, SIGQUIT), (SIGHUP, SIGUSR1)):
            supervised.send(sent)
            assert str(int(received)) == supervised.line()


@pytest.mark.parametrize("init", WITH_DUMB_INIT)
def test_stopping_and_continuing_a_group(init: str, folder: Path) -> None:
    """What asks for a stop stops the command and the supervisor; SIGCONT wakes both, and arrives once."""
    with signal_printer(command_line(init, *SIGNAL_PRINTER), folder) as (supervised, printer):
        for number in STOPPING:
            supervised.send(number)
            eventually(lambda: ("T", "T") == (state_of(supervised.pid), state_of(printer)), "both stop")
            supervised.send(SIGCONT)
            assert str(int(SIGCONT)) == supervised.line()
            eventually(lambda: ("S", "S") == (state_of(supervised.pid), state_of(printer)), "both go on")


@pytest.mark.parametrize("init", WITH_DUMB_INIT)
def test_stopping_and_continuing_a_single_child(init: str, folder: Path) -> None:
    """The command gets the very signal and may do with it what it likes; the supervisor stops."""
    line = command_line(init, *SIGNAL_PRINTER, single_child=True)
    with signal_printer(line, folder) as (supervised, _):
        for number in STOPPING:
            supervised.send(number)
            assert str(int(number)) == supervised.line()
            eventually(lambda: state_of(supervised.pid) == "T", "it stops")
            supervised.send(SIGCONT)
            assert str(int(SIGCONT)) == supervised.line()
            eventually(lambda: state_of(supervised.pid) == "S", "it goes on")


@pytest.mark.parametrize("init", WITH_DUMB_INIT)
def test_a_rewritten_stop_still_stops_the_supervisor(init: str, folder: Path) -> None:
    """The command gets what it is rewritten to."""
    with signal_printer(command_line(init, *SIGNAL_PRINTER, rewrites={SIGTSTP: SIGHUP}), folder) as (supervised, _):
        supervised.send(SIGTSTP)
        assert str(int(SIGHUP)) == supervised.line()
        eventually(lambda: state_of(supervised.pid) == "T", "it stops")
        supervised.send(SIGCONT)
        assert str(int(SIGCONT)) == supervised.line()


@pytest.mark.parametrize("init", WITH_DUMB_INIT)
def test_what_the_command_leaves_behind_is_told_to_end(init: str, folder: Path) -> None:
    """The rest of the group gets SIGTERM, and the supervisor does not wait for it."""
    with left_behind(command_line(init, *ENDING), folder) as (supervised, printer):
        assert str(int(SIGTERM)) == supervised.line()
        assert is_alive(printer)


@pytest.mark.parametrize("init", OURS)
def test_what_a_single_child_leaves_behind_is_left_alone(init: str, folder: Path) -> None:
    """It shares our group, which is not ours to end."""
    with left_behind(command_line(init, *ENDING, single_child=True), folder) as (supervised, printer):
        os.kill(printer, SIGUSR1)
        assert str(int(SIGUSR1)) == supervised.line()


@pytest.mark.parametrize("init", OURS)
@pytest.mark.parametrize("single_child", [False, True])
def test_a_command_that_does_not_end_is_killed(
    init: str,
    single_child: bool,  # noqa: FBT001  # a table's column
    folder: Path,
) -> None:
    """SIGKILL follows SIGTERM when its time is over; a second SIGTERM does not give it more."""
    line = command_line(init, *SIGNAL_PRINTER, kill_after="0.3", single_child=single_child)
    with signal_printer(line, folder) as (supervised, printer):
        supervised.send(SIGTERM)
        supervised.send(SIGTERM)

        assert 128 + SIGKILL == supervised.end()
        assert not is_alive(printer)


@pytest.mark.parametrize("init", OURS)
def test_a_rewritten_end_is_followed_by_the_kill(init: str, folder: Path) -> None:
    """The time runs from the SIGTERM that came, whatever it is rewritten to, and not for one that is dropped."""
    line = command_line(init, *SIGNAL_PRINTER, kill_after="0.3", rewrites={SIGTERM: SIGQUIT})
    with signal_printer(line, folder) as (supervised, _):
        supervised.send(SIGTERM)
        assert 128 + SIGKILL == supervised.end()


@pytest.mark.parametrize("init", OURS)
def test_what_is_left_behind_is_killed_in_the_end(init: str, folder: Path) -> None:
    """With --kill-after, nothing of the group survives the supervisor; its code is still the command's."""
    with left_behind(command_line(init, *ENDING, kill_after="2"), folder) as (supervised, printer):
        assert str(int(SIGTERM)) == supervised.line()
        eventually(lambda: not is_alive(printer), "the printer is killed")


@pytest.mark.parametrize("init", OURS)
def test_the_kill_does_not_wait_for_a_group_that_is_gone(init: str, folder: Path) -> None:
    """When the last of the group has ended, so has the supervisor, long before its time is over."""
    line = command_line(init, "sh", "-c", "sleep 1000 & echo $!; exit 5", kill_after="1000")
    with running(*line, folder=folder, measured=False) as supervised:
        left = int(supervised.line())

        assert 5 == supervised.end()
        assert not is_alive(left)


@pytest.mark.parametrize("init", OURS)
def test_the_kill_after_the_end_of_the_command_counts_from_the_first_signal(init: str, folder: Path) -> None:
    """The command ends at SIGTERM, what it leaves does not: one and the same time is over for both."""
    script = """trap 'exit 4' TERM; "$@" & wait"""
    line = command_line(init, "sh", "-c", script, "sh", *SIGNAL_PRINTER, kill_after="2")
    with signal_printer(line, folder) as (supervised, printer):
        supervised.send(SIGTERM)

        assert 4 == supervised.end()
        eventually(lambda: not is_alive(printer), "the printer is killed")


@pytest.mark.parametrize("init", OURS)
def test_orphans_are_reaped(init: str, folder: Path) -> None:
    """What loses its parent becomes our child, pid 1 or not, and leaves no zombie."""
    script = "(sh -c 'echo $$; exec sleep 0' &) ; read line; (sh -c 'echo $$; exec sleep 1000' &) ; read line"
    line = command_line(init, "sh", "-c", script)
    with running(*line, folder=folder, stdin=subprocess.PIPE, measured=False) as supervised:
        assert supervised.process.stdin is not None
        brief = int(supervised.line())
        eventually(lambda: state_of(brief) == "", "one is reaped")
        supervised.process.stdin.write(b"\n")
        supervised.process.stdin.flush()
        left = int(supervised.line())
        eventually(lambda: left in children_of(supervised.pid), "the other is adopted")
        os.kill(left, SIGKILL)
        eventually(lambda: state_of(left) == "", "it is reaped, too")
        eventually(lambda: state_of(supervised.pid) == "S", "the supervisor goes on")


# Blocks two signals, as a careful caller does that has handlers.
BLOCKING = """
import os, signal, sys
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1, signal.SIGUSR2})
os.write(1, b"blocked\\n")
os.execvp(sys.argv[1], sys.argv[1:])
"""


@pytest.mark.parametrize("init", OURS)
def test_signals_that_come_before_the_supervisor_are_not_lost(init: str, folder: Path) -> None:
    """They wait until somebody can pass them on, and the command until it takes them."""
    line = [sys.executable, "-c", BLOCKING, *command_line(init, *SIGNAL_PRINTER)]
    with running(*line, folder=folder, measured=False) as supervised:
        assert "blocked" == supervised.line()
        supervised.send(SIGUSR1)
        supervised.send(SIGUSR2)

        assert "ready" == supervised.line().split()[0]
        assert {str(int(SIGUSR1)), str(int(SIGUSR2))} == {supervised.line(), supervised.line()}


def test_a_caller_that_ignores_its_children(folder: Path) -> None:
    """The exit code is known all the same, and the command ignores SIGCHLD as its caller wished."""
    ignoring = (
        "import os, signal, sys; signal.signal(signal.SIGCHLD, signal.SIG_IGN); os.execvp(sys.argv[1], sys.argv[1:])"
    )
    script = "grep SigIgn /proc/self/status; exit 9"
    without = run(sys.executable, "-c", ignoring, "sh", "-c", script, folder=folder)
    with_us = run(sys.executable, "-c", ignoring, *command_line("mysafe-run", "sh", "-c", script), folder=folder)

    # Python ignores SIGPIPE and SIGXFSZ, also in what it execs.
    assert int(without.stdout.split()[1], 16) & ~0x1001000 == int(with_us.stdout.split()[1], 16)
    assert 9 == with_us.code


def test_a_command_that_can_not_be_started(folder: Path) -> None:
    """The words and codes are those of a command that would have replaced us."""
    (folder / "it").write_text("text")
    for command in ("no-such-command", "./it"):
        supervised = run(MYSAFE_RUN, "--supervise", "--", command, folder=folder)
        replaced = run(MYSAFE_RUN, "--", command, folder=folder)

        assert (replaced.code, replaced.stderr) == (supervised.code, supervised.stderr)
        assert supervised.code in {126, 127}


def test_a_supervisor_that_is_killed_takes_nothing_with_it(folder: Path) -> None:
    """Nobody can pass that on; the command lives on, as under every init program that is not pid 1."""
    with signal_printer(command_line("mysafe-run", *SIGNAL_PRINTER), folder) as (supervised, printer):
        supervised.send(SIGKILL)
        assert -SIGKILL == supervised.end()
        os.kill(printer, SIGUSR1)
        assert str(int(SIGUSR1)) == supervised.line()


def test_the_supervisor_holds_no_stream_of_the_command(folder: Path) -> None:
    """A reader sees the end of a stream when the command closes it, not when the command ends."""
    script = "exec >&- 2>&-; read line; exit 3"
    with running(MYSAFE_RUN, "--supervise", "-c", script, folder=folder, stdin=subprocess.PIPE) as supervised:
        assert supervised.process.stdout is not None
        assert supervised.process.stdin is not None
        assert b"" == supervised.process.stdout.read()
        assert supervised.process.poll() is None
        supervised.process.stdin.close()
        assert 3 == supervised.end()


@pytest.mark.parametrize("closed", ["0<&-", ">&-", "2>&-", "0<&- >&- 2>&-"])
def test_closed_standard_streams_stay_closed(closed: str, folder: Path) -> None:
    """The command sees the streams as its caller left them."""
    script = "for number in 0 1 2; do test -e /proc/self/fd/$number && echo $number; done >seen; exit 4"
    run_closed = f'exec "$@" {closed}'
    shell = ("sh", "-c", run_closed, "sh")
    # Coverage opens files, which take the numbers of the streams.
    without = run(*shell, "sh", "-c", script, folder=folder, measured=False)
    expected = (folder / "seen").read_text()
    supervised = run(*shell, *command_line("mysafe-run", "sh", "-c", script), folder=folder, measured=False)

    assert (4, 4) == (without.code, supervised.code)
    assert expected == (folder / "seen").read_text()


@pytest.mark.parametrize(
    ("options", "message", "hint"),
    [
        (["--kill-after", "3"], "--kill-after is for --supervise", "add --supervise, or leave it out"),
        (["--rewrite", "TERM:INT"], "--rewrite is for --supervise", "add --supervise, or leave it out"),
        (["--single-child"], "--single-child is for --supervise", "add --supervise, or leave it out"),
        *(
            (
                ["--supervise", "--kill-after", text],
                f'--kill-after is "{text}"',
                "write a number of seconds above 0, such as 8",
            )
            for text in ("0", "-1", "soon", "nan", "inf", "")
        ),
        *(
            (
                ["--supervise", "--rewrite", text],
                f'--rewrite is "{text}"',
                "write FROM:TO with signals by name or number, such as TERM:QUIT, or TERM:0",
            )
            for text in ("TERM", "TERM:", ":TERM", "FOO:TERM", "TERM:FOO", "0:TERM", "TERM:INT:HUP", "99:1", "")
        ),
        *(
            (
                ["--supervise", "--rewrite", f"{name}:TERM"],
                f'--rewrite is "{name}:TERM", but {name} can\'t be passed on',
                "name another signal",
            )
            for name in ("KILL", "STOP", "CHLD", "9")
        ),
    ],
)
def test_flags_that_make_no_sense(
    options: list[str], message: str, hint: str, measured_forks: ForkServer, folder: Path
) -> None:
    """They are refused before anything is fetched, with what to write instead."""
    finished = measured_forks.run("mysafe-run", *options, "--", "true", environment={}, folder=folder)

    assert (125, f"mysafe-run: error: {message}\nmysafe-run: hint: {hint}\n") == (
        finished.code,
        finished.stderr.decode(),
    )


# An ordinary user who may have no further process.
LIMITED = """
import os, resource, sys
from mysafe_env.errors import LaunchError
from mysafe_env.sinks.supervise import Supervision, supervise
from mysafe_env.sinks.value_files import ValueFiles
os.setresuid(64999, 64999, 64999)
resource.setrlimit(resource.RLIMIT_NPROC, (1, 1))
try:
    supervise(["true"], {}, Supervision(), ValueFiles())
except LaunchError as error:
    sys.exit("\\n".join((type(error).__name__, error.message, error.hint)))
"""


@pytest.mark.skipif(
    os.geteuid() != 0, reason="root has no such limit, and only root can become a user without processes"
)
def test_no_more_processes() -> None:
    """When the system allows no other process, nothing starts, and the limit is named."""
    assert (
        "LaunchError",
        "can't start a process for the command: Resource temporarily unavailable",
        "raise the limit of processes (ulimit -u)",
    ) == run(sys.executable, "-c", LIMITED, measured=False).refusal


WITHOUT_SYSTEM_FOLDERS = """
import os, sys
from mysafe_env.sinks.supervisor import let_go
os.chroot(sys.argv[1])
let_go()
try:
    os.fstat(1)
except OSError:
    os._exit(42)
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can change the root directory")
def test_a_container_without_system_folders(tmp_path: Path) -> None:
    """Without /proc and /dev/null, the supervisor lets go of what it holds all the same."""
    assert 42 == run_python(WITHOUT_SYSTEM_FOLDERS, str(tmp_path)).code


def test_files_are_removed_in_order(tmp_path: Path) -> None:
    """First what is in a folder, then the folder; what is gone, or not empty, does not stop the rest."""
    for name in ("folder/KEY", "full/KEY", "full/other", "last"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("secret")
    paths = [str(tmp_path / name) for name in ("gone", "folder/KEY", "full/KEY", "last")]
    left = [*paths[:2], f"{tmp_path}/folder/", paths[2], f"{tmp_path}/full/", paths[3]]
    supervisor.remove([f"::{path}" for path in left])

    assert ["full", "full/other"] == sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*"))


# The interpreter is gone when it is needed again.
WITHOUT_INTERPRETER = """
import os, sys
from mysafe_env.errors import LaunchError
from mysafe_env.sinks.supervise import Supervision, supervise
from mysafe_env.sinks.value_files import ValueFiles
sys.executable = "/no/such/python"
try:
    supervise(["touch", "started"], dict(os.environb), Supervision(), ValueFiles())
except LaunchError as error:
    sys.exit("\\n".join((type(error).__name__, error.message, error.hint)))
"""


def test_a_supervisor_that_can_not_be_started(tmp_path: Path) -> None:
    """Then the command does not start either."""
    finished = run(sys.executable, "-c", WITHOUT_INTERPRETER, folder=tmp_path)

    assert "can't start the supervisor with /no/such/python: No such file or directory" == finished.refusal[1]
    assert [] == list(tmp_path.iterdir())
