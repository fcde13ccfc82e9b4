"""The two installed programs, started as a shell starts them."""

import os
import pty
import select
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.support.process import DEADLINE_SECONDS, Finished, environment_for, run

FOLDER = Path(sys.executable).parent
VAULT = """
[[password]]
name = "db"
username = "me"
password = "s3cret"
secret_key = "JBSWY3DPEHPK3PXP"
token = "012345"
tags = "t"

[[note]]
name = "n"
note = "häßlich ☃"
"""


def program(name: str) -> str:
    """The path of an installed program."""
    return str(FOLDER / name)


def in_folder(folder: Path, mapping: str = "", vault: str = VAULT) -> dict[str, str]:
    """A folder with a vault and a mapping, and the environment of a run in it."""
    (folder / "vault.toml").write_text(vault, encoding="utf-8")
    (folder / "vault.toml").chmod(0o600)
    (folder / "mysafe.toml").write_text(mapping, encoding="utf-8")
    return {"PATH": f"{FOLDER}:/usr/bin:/bin", "HOME": str(folder), "LANG": "C.UTF-8", "MYSAFE_URL": "file:vault.toml"}


def play(folder: Path, environment: Mapping[str, str], *argv: str | bytes) -> Finished:
    """One of the programs run to its end, its output in pipes."""
    name, *arguments = argv
    assert isinstance(name, str)
    return run(program(name), *arguments, environment=environment, folder=folder)


def shell(folder: Path, environment: Mapping[str, str], line: str) -> Finished:
    """A line for the shell."""
    return run("sh", "-c", line, environment=environment, folder=folder)


@contextmanager
def started(folder: Path, environment: Mapping[str, str], *argv: str) -> Iterator["subprocess.Popen[bytes]"]:
    """One of the programs while it runs; killed and reaped at the end."""
    name, *arguments = argv
    with subprocess.Popen(
        [program(name), *arguments],
        cwd=folder,
        env=environment_for(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def at_terminal(
    folder: Path,
    environment: Mapping[str, str],
    *argv: str,
    streams: tuple[str, ...] = ("stdout", "stderr"),
    measured: bool = True,
) -> tuple[int, str, str]:
    """Exit code, what the terminal got, and what a stream got that is none; *streams* are those on the terminal."""
    name, *arguments = argv
    ours, theirs = pty.openpty()
    with open(folder / "elsewhere", "w+b") as elsewhere:  # noqa: PTH123  # a path would do no better
        process = subprocess.Popen(
            [program(name), *arguments],
            cwd=folder,
            env=environment_for(environment, measured=measured),
            stdin=subprocess.DEVNULL,
            stdout=theirs if "stdout" in streams else elsewhere,
            stderr=theirs if "stderr" in streams else elsewhere,
            start_new_session=True,
        )
        os.close(theirs)
        try:
            shown = _read_terminal(ours)
            code = process.wait(DEADLINE_SECONDS)
        finally:
            process.kill()
            process.wait()
            os.close(ours)
        elsewhere.seek(0)
        return code, shown, elsewhere.read().decode()


def until(condition: Callable[[], object], process: "subprocess.Popen[bytes]") -> None:
    """Wait until *condition* is true, as long as the process runs."""
    end = time.monotonic() + DEADLINE_SECONDS
    while not condition():
        assert process.poll() is None, "it ended too early"
        assert time.monotonic() < end, "it takes too long"
        time.sleep(0.01)


def _read_terminal(descriptor: int) -> str:
    """What is written to a terminal until its last writer has gone."""
    data = b""
    while select.select([descriptor], [], [], DEADLINE_SECONDS)[0]:
        try:
            piece = os.read(descriptor, 65536)
        except OSError:  # how Linux says that nobody has it open any more
            break
        if not piece:
            break
        data += piece
    return data.decode().replace("\r\n", "\n")
