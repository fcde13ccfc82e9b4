"""Real processes for tests: started with a deadline, and always reaped."""

import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

DEADLINE_SECONDS = 60.0
# How coverage follows a child process; absent when nothing is measured.
COVERAGE_VARIABLE = "COVERAGE_PROCESS_CONFIG"

_REPLACE = """
import os, sys
from mysafe_env.errors import LaunchError
from mysafe_env.sinks.execute import replace_process
try:
    replace_process(sys.argv[1:], dict(os.environb))
except LaunchError as error:
    sys.exit("\\n".join((type(error).__name__, error.message, error.hint)))
"""


@dataclass(frozen=True, slots=True)
class Finished:
    """How a process ended; a negative code is the signal that killed it."""

    code: int
    stdout: bytes
    stderr: bytes

    @property
    def output(self) -> str:
        """What a successful process printed, without the final newline."""
        assert (0, b"") == (self.code, self.stderr)
        return self.stdout.decode().removesuffix("\n")

    @property
    def refusal(self) -> tuple[str, str, str]:
        """Class, message and hint of the error that kept `replaced` from starting its command."""
        assert (1, b"") == (self.code, self.stdout), self.stderr
        name, message, hint = self.stderr.decode().splitlines()
        return name, message, hint


def run(
    *argv: str | bytes,
    environment: Mapping[str, str] | None = None,
    folder: str | os.PathLike[str] | None = None,
    stdin: bytes = b"",
    measured: bool = True,
) -> Finished:
    """*argv* run to its end; the whole session is killed when the deadline passes."""
    process = subprocess.Popen(
        argv,
        env=environment_for(environment, measured=measured),
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        stdout, stderr = process.communicate(stdin, timeout=DEADLINE_SECONDS)
    except BaseException:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        raise
    return Finished(process.returncode, stdout, stderr)


def run_python(
    code: str,
    *arguments: str | bytes,
    environment: Mapping[str, str] | None = None,
    folder: str | os.PathLike[str] | None = None,
) -> Finished:
    """A Python program, such as one that must lower a limit of its own process."""
    return run(sys.executable, "-c", code, *arguments, environment=environment, folder=folder)


def replaced(
    *argv: str | bytes,
    environment: Mapping[str, str] | None = None,
    folder: str | os.PathLike[str] | None = None,
) -> Finished:
    """A Python process that replaces itself by *argv*, with its own environment."""
    return run_python(_REPLACE, *argv, environment=environment, folder=folder)


def replacing(*argv: str) -> list[str]:
    """The command line behind `replaced`, for those who start it by other means."""
    return [sys.executable, "-c", _REPLACE, *argv]


def let_pass(folder: Path) -> None:
    """Let everybody through the folders above *folder*, however many pytest has made for this process alone."""
    for above in folder.parents:
        if not above.stat().st_mode & 0o001:
            above.chmod(0o755)


@contextmanager
def unprivileged() -> Iterator[None]:
    """This process as a user whom permissions stop, also when root runs the tests."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(user)


@contextmanager
def files_limited_to(size: int) -> Iterator[None]:
    """This process unable to write a file of more than *size* bytes, as on a disk that is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    # What is imported for the first time would leave half of its bytecode, and break every later import.
    keeps_bytecode, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        sys.dont_write_bytecode = keeps_bytecode


WITHOUT_BYTECODE: Final = {"PYTHONDONTWRITEBYTECODE": "1"}
"""For a process whose files are limited, for the same reason."""


def environment_for(environment: Mapping[str, str] | None, *, measured: bool = True) -> dict[str, str]:
    """What a process gets that is started with *environment* (None: ours), followed by coverage if *measured*."""
    given = os.environ if environment is None else environment
    without = {name: value for name, value in given.items() if name != COVERAGE_VARIABLE}
    if measured and COVERAGE_VARIABLE in os.environ:
        return without | {COVERAGE_VARIABLE: os.environ[COVERAGE_VARIABLE]}
    return without
