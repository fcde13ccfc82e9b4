"""Pipes whose reader has gone, streams that are closed, and a disk that is full."""

import os
import signal
import subprocess
from pathlib import Path

import pytest

from mysafe_env.emulator.faults import read_fault
from tests.cli.programs import in_folder, play, program, shell, started, until
from tests.cli.test_terminal import connected
from tests.support.emulator import running_emulator
from tests.support.process import Finished, environment_for
from tests.support.running import interrupted

MAPPING = '[env]\nDB = { kind = "password", tag = "t" }\n'
BY_SIGPIPE = 128 + signal.SIGPIPE
OUTPUTS = (
    "mysafe-env list password",
    "mysafe-env get password 1 --json",
    "mysafe-env export --format json",
    "mysafe-env render t.j2",
    "mysafe-env check",
    "mysafe-env --help",
    "mysafe-run --help",
    "mysafe-env --version",
)


@pytest.mark.parametrize("line", OUTPUTS)
def test_a_reader_that_has_gone(tmp_path: Path, line: str) -> None:
    """A command ends quietly, as one that SIGPIPE has killed, when nobody reads its output."""
    environment = in_folder(tmp_path, MAPPING)
    (tmp_path / "t.j2").write_text("{{ DB }}")
    reading, writing = os.pipe()
    os.close(reading)
    name, *arguments = line.split()
    with open(writing, "wb") as pipe:  # noqa: PTH123  # a descriptor is no path
        done = subprocess.run(
            [program(name), *arguments],
            cwd=tmp_path,
            env=environment_for(environment),
            stdout=pipe,
            stderr=subprocess.PIPE,
            timeout=60,
            check=False,
        )
    assert (BY_SIGPIPE, b"") == (done.returncode, done.stderr)


LARGE = "x" * 400_000
"""More than a pipe holds."""


def _exporting(folder: Path, unbuffered: str, writing: int) -> "subprocess.Popen[bytes]":
    """An export of a large value to a pipe; PYTHONUNBUFFERED is what many images set."""
    environment = in_folder(folder, f'[env]\nLARGE = "{LARGE}"\n') | {"PYTHONUNBUFFERED": unbuffered}
    line = [program("mysafe-env"), "export", "--format", "shell"]
    return subprocess.Popen(line, cwd=folder, env=environment_for(environment), stdout=writing, stderr=subprocess.PIPE)


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_reader_that_goes_early(tmp_path: Path, unbuffered: str) -> None:
    """It is told from one that has read everything, whatever Python makes of a part that was written."""
    reading, writing = os.pipe()
    with _exporting(tmp_path, unbuffered, writing) as process:
        os.close(writing)
        assert b"export" == os.read(reading, 6)
        os.close(reading)
        _, told = process.communicate(timeout=60)
    assert (BY_SIGPIPE, b"") == (process.returncode, told)


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_pipe_that_does_not_block(tmp_path: Path, unbuffered: str) -> None:
    """A parent may have left the pipe so; the whole text arrives all the same."""
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    with _exporting(tmp_path, unbuffered, writing) as process, open(reading, "rb") as pipe:  # noqa: PTH123  # a descriptor is no path
        os.close(writing)
        assert f"export LARGE='{LARGE}'\n".encode() == pipe.read()
        _, told = process.communicate(timeout=60)
    assert (0, b"") == (process.returncode, told)


@pytest.mark.parametrize("line", OUTPUTS)
def test_a_full_disk_is_told(tmp_path: Path, line: str) -> None:
    """Output that can't be written is an error with the system's words, and not a bug."""
    environment = in_folder(tmp_path, MAPPING)
    (tmp_path / "t.j2").write_text("{{ DB }}")
    done = shell(tmp_path, environment, f"{line} >/dev/full")
    code, name = (125, "mysafe-run") if line.startswith("mysafe-run") else (1, "mysafe-env")
    told = f"{name}: error: can't write to standard output: No space left on device"
    assert (code, told) == (done.code, done.stderr.decode().splitlines()[0])


@pytest.mark.parametrize("line", OUTPUTS[:5])
def test_a_closed_standard_output_is_told(tmp_path: Path, line: str) -> None:
    """Without a standard output there is nowhere to print, which is an error."""
    environment = in_folder(tmp_path, MAPPING)
    (tmp_path / "t.j2").write_text("{{ DB }}")
    done = shell(tmp_path, environment, f"{line} >&-")
    assert (1, b"mysafe-env: error: standard output is closed\n") == (
        done.code,
        done.stderr.splitlines(keepends=True)[0],
    )


def test_a_wrapped_command_needs_no_standard_output_of_ours(tmp_path: Path) -> None:
    """The wrapper prints nothing itself, so a closed standard output is the command's business."""
    environment = in_folder(tmp_path, MAPPING)
    done = shell(tmp_path, environment, "mysafe-run -- sh -c 'test \"$DB\" = s3cret && exit 7' >&-")
    assert (7, b"") == (done.code, done.stderr)


@pytest.mark.parametrize("closed", ["2>&-", "2>&- >&-", "2>&- >&- <&-", "2>/dev/full"])
@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("mysafe-run -v -- sh -c 'exit 7'", 7),
        ("mysafe-run -m nowhere.toml -- true", 125),
        ("mysafe-run --nowhere", 125),
    ],
)
def test_without_a_standard_error_the_exit_code_tells(tmp_path: Path, line: str, code: int, closed: str) -> None:
    """Messages that nobody can get do not change what happens."""
    environment = in_folder(tmp_path, MAPPING)
    assert (code, b"", b"") == (
        (done := shell(tmp_path, environment, f"{line} {closed}")).code,
        done.stdout,
        done.stderr,
    )


def test_a_server_is_asked_without_streams(tmp_path: Path) -> None:
    """Connections and files that take the numbers of closed streams do no harm."""
    with running_emulator(VAULT_OF_ONE) as emulator:
        environment = connected(in_folder(tmp_path, '[env]\nA = "mysafe://note/n"\n'), emulator)
        done = shell(tmp_path, environment, "mysafe-run -- sh -c 'test \"$A\" = v && exit 7' <&- >&- 2>&-")
    assert 7 == done.code


VAULT_OF_ONE = '[[note]]\nname = "n"\nnote = "v"\n'


@pytest.mark.parametrize(
    "argv",
    [
        ("mysafe-run", "true"),
        ("mysafe-env", "run", "true"),
        ("mysafe-env", "export", "--format", "json"),
        ("mysafe-env", "check"),
        ("mysafe-env", "list", "note"),
        ("mysafe-env", "get", "note", "1"),
    ],
)
def test_ctrl_c_ends_a_fetch_at_once(tmp_path: Path, argv: tuple[str, ...]) -> None:
    """An interrupt while the server does not answer ends by the signal and not a word, but the end of the line."""
    with running_emulator(VAULT_OF_ONE, faults=[read_fault("hang")]) as emulator:
        environment = connected(in_folder(tmp_path, '[env]\nA = "mysafe://note/n"\n'), emulator)
        with started(tmp_path, environment, *argv) as process:
            until(lambda: emulator.requests, process)
            assert Finished(-signal.SIGINT, b"", b"\n") == interrupted(process)


def test_no_secret_is_on_the_command_line(tmp_path: Path) -> None:
    """While values are fetched, and when the command runs, /proc shows what was typed and no more."""
    with running_emulator(VAULT_OF_ONE, faults=[read_fault("hang*1")]) as emulator:
        environment = connected(in_folder(tmp_path, '[env]\nA = "mysafe://note/n"\n'), emulator)
        with started(tmp_path, environment, "mysafe-run", "sleep", "60") as process:
            until(lambda: emulator.requests, process)
            line = Path(f"/proc/{process.pid}/cmdline").read_bytes()
    assert line.endswith(b"mysafe-run\0sleep\x0060\0")
    assert emulator.client_secret.reveal().encode() not in line


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_emulator_ends_when_it_is_told(tmp_path: Path, number: signal.Signals) -> None:
    """SIGTERM and Ctrl-C are the usual ends of a server, not failures."""
    environment = in_folder(tmp_path)
    with started(tmp_path, environment, "mysafe-env", "emulate", "--vault", "vault.toml") as process:
        assert process.stdout is not None
        names = [process.stdout.readline().split(b"=")[0] for _ in range(3)]
        process.send_signal(number)
        stdout, stderr = process.communicate(timeout=60)
    assert [b"MYSAFE_URL", b"MYSAFE_CLIENT_ID", b"MYSAFE_CLIENT_SECRET"] == names
    assert (0, b"", b"") == (process.returncode, stdout, stderr)


def test_the_emulator_s_settings_serve_a_shell(tmp_path: Path) -> None:
    """The example of its help works as it stands: it waits for the settings, and ends the emulator."""
    environment = in_folder(tmp_path, '[env]\nN = "mysafe://note/n"\n')
    said = play(tmp_path, environment, "mysafe-env", "emulate", "--help").stdout.decode()
    example = said.partition("Example:\n")[2].partition("\n\n")[0].replace("./my-program", "printenv N")
    done = shell(tmp_path, environment, example)
    assert ("häßlich ☃\n".encode(), b"") == (done.stdout, done.stderr)


@pytest.mark.parametrize("options", [("--old-server",), ("--system", "secretsafe", "--edition", "v3-32")])
def test_an_option_of_the_other_system_is_refused(options: tuple[str, ...], tmp_path: Path) -> None:
    """What would be ignored is an error, before the vault is read."""
    done = play(tmp_path, in_folder(tmp_path), "mysafe-env", "emulate", "--vault", "nowhere.toml", *options)
    assert (2, b"") == (done.code, done.stdout)
    assert options[-1 if len(options) == 1 else -2].encode() in done.stderr


def test_two_emulators_can_not_share_a_port(tmp_path: Path) -> None:
    """A port that is taken is told; it is a failure, and nothing is wrong with the command line."""
    with running_emulator(VAULT_OF_ONE) as emulator:
        port = emulator.url.rpartition(":")[2]
        done = play(
            tmp_path, in_folder(tmp_path), "mysafe-env", "emulate", "--vault", "file:vault.toml", "--port", port
        )
    assert (1, b"") == (done.code, done.stdout)
    assert f"can't listen on port {port}".encode() in done.stderr
