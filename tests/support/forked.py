"""Many runs of the commands in little time: a process that has imported them forks once for each run.

Every run is a process of its own, with its own environment, folder and streams, and it may exec. What a start alone
decides (the locale, the interpreter's options, the command line) is tested with processes that are really started.
"""

import base64
import importlib
import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from mysafe_env.cli.commands import COMMANDS
from tests.support.process import COVERAGE_VARIABLE, DEADLINE_SECONDS, Finished, environment_for

# What the commands import when they need it; the pooled client brings requests, which takes longer than a run.
_IMPORTED_LATE = (
    "ctypes",
    "mysafe_env.fetching.workers",
    "mysafe_env.mapping.env_files",
    "mysafe_env.sources.http.pooled",
    "mysafe_env.sources.local",
    "mysafe_env.sources.mysafe.source",
    "mysafe_env.sources.secretsafe.source",
)


def _started(*, measured: bool) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "tests.support.forked"],
        cwd=Path(__file__).parents[2],
        # The streams of every run are in the encoding that the server began with.
        env=environment_for(None, measured=measured) | {"LC_ALL": "C.UTF-8"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )


@dataclass
class ForkServer:
    """Starts runs of `mysafe-run` and `mysafe-env`, one after the other.

    Where they are *measured*, each writes what it covered, which takes as long as the run: for hundreds of them, not
    for thousands.
    """

    measured: bool = False
    _process: "subprocess.Popen[bytes]" = field(init=False)

    def __post_init__(self) -> None:
        self._process = _started(measured=self.measured)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate(timeout=DEADLINE_SECONDS)

    def run(self, *argv: str, environment: Mapping[str, str], folder: Path, stdin: bytes = b"") -> Finished:
        """One run of the program that *argv* begins with; when the deadline passes it is killed, and the test fails."""
        requests, answers = self._process.stdin, self._process.stdout
        assert requests is not None
        assert answers is not None
        request = {
            "argv": argv,
            "environment": dict(environment),
            "folder": str(folder),
            "stdin": base64.b64encode(stdin).decode(),
        }
        requests.write(json.dumps(request).encode() + b"\n")
        requests.flush()
        ready, _, _ = select.select([answers], [], [], DEADLINE_SECONDS)
        if not ready:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.communicate()
            self._process = _started(measured=self.measured)
            raise AssertionError(f"{argv} did not end")
        answer = json.loads(answers.readline())
        return Finished(answer["code"], base64.b64decode(answer["stdout"]), base64.b64decode(answer["stderr"]))


def _serve() -> None:
    """Read requests, one a line, until there are no more."""
    _import_commands()
    _write_coverage()
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    for line in requests:
        answers.write(json.dumps(_answer(json.loads(line))).encode() + b"\n")
        answers.flush()


def _import_commands() -> None:
    """Import what would otherwise be imported again in every fork."""
    for module in (*(module for _, module, _ in COMMANDS), *_IMPORTED_LATE):
        importlib.import_module(module)


def _write_coverage() -> None:
    """Write what the imports covered, so that no fork writes it again."""
    if COVERAGE_VARIABLE in os.environ:
        import coverage  # noqa: PLC0415  # slow, and only needed here

        measuring = coverage.Coverage.current()
        assert measuring is not None
        measuring.save()


def _answer(request: dict[str, Any]) -> dict[str, Any]:
    stdin, stdout, stderr = os.memfd_create("stdin"), os.memfd_create("stdout"), os.memfd_create("stderr")
    os.write(stdin, base64.b64decode(request["stdin"]))
    os.lseek(stdin, 0, os.SEEK_SET)
    child = os.fork()
    if child == 0:
        _become(request, stdin, stdout, stderr)
    _, status = os.waitpid(child, 0)
    os.close(stdin)
    return {"code": os.waitstatus_to_exitcode(status), "stdout": _whole(stdout), "stderr": _whole(stderr)}


def _become(request: dict[str, Any], stdin: int, stdout: int, stderr: int) -> None:
    """The run itself; never returns."""
    import mysafe_env.cli.main as front_door  # noqa: PLC0415  # the parent's side needs none of it

    os.dup2(stdin, 0)
    os.dup2(stdout, 1)
    os.dup2(stderr, 2)
    os.chdir(request["folder"])
    measured = {name: value for name, value in os.environ.items() if name == COVERAGE_VARIABLE}
    os.environ.clear()
    os.environ.update(measured | request["environment"])
    sys.argv = request["argv"]
    code = 70  # what no command ends with
    try:
        code = front_door.mysafe_run() if sys.argv[0] == "mysafe-run" else front_door.mysafe_env()
    except BaseException:  # noqa: BLE001  # shown as the interpreter would
        sys.excepthook(*sys.exc_info())
    finally:
        if sys.stdout is not None:
            sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _whole(descriptor: int) -> str:
    data = b""
    os.lseek(descriptor, 0, os.SEEK_SET)
    while piece := os.read(descriptor, 1 << 20):
        data += piece
    os.close(descriptor)
    return base64.b64encode(data).decode()


if __name__ == "__main__":
    _serve()
