"""Many runs of the commands in little time: a process that has imported them forks once for each run.

Every run is a process of its own, with its own environment, folder and streams, and it may exec. What a start alone
decides (the locale, the interpreter's options, the command line) is tested with processes that are really started.
"""

import base64
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

from tests.support.process import COVERAGE_VARIABLE, DEADLINE_SECONDS, Finished

# What would otherwise be imported again in every fork.
_IMPORTED_BEFORE = ("run", "export", "render", "check", "list", "get", "emulate", "demo")


def _started() -> "subprocess.Popen[bytes]":
    # Not measured: thousands of forks that each write what they covered take minutes, and other tests cover it.
    environment = {name: value for name, value in os.environ.items() if name != COVERAGE_VARIABLE}
    return subprocess.Popen(
        [sys.executable, "-m", "tests.support.forked"],
        cwd=Path(__file__).parents[2],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )


@dataclass
class ForkServer:
    """Starts runs of `mysafe-run` and `mysafe-env`, one after the other."""

    _process: "subprocess.Popen[bytes]" = field(default_factory=_started, init=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate(timeout=DEADLINE_SECONDS)

    def run(self, *argv: str, environment: Mapping[str, str], folder: Path) -> Finished:
        """One run of the program that *argv* begins with; when the deadline passes it is killed, and the test fails."""
        requests, answers = self._process.stdin, self._process.stdout
        assert requests is not None
        assert answers is not None
        request = {"argv": argv, "environment": dict(environment), "folder": str(folder)}
        requests.write(json.dumps(request).encode() + b"\n")
        requests.flush()
        ready, _, _ = select.select([answers], [], [], DEADLINE_SECONDS)
        if not ready:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.communicate()
            self._process = _started()
            raise AssertionError(f"{argv} did not end")
        answer = json.loads(answers.readline())
        return Finished(answer["code"], base64.b64decode(answer["stdout"]), base64.b64decode(answer["stderr"]))


def _serve() -> None:
    """Read requests, one a line, until there are no more."""
    _import_commands()
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    for line in requests:
        answers.write(json.dumps(_answer(json.loads(line))).encode() + b"\n")
        answers.flush()


def _import_commands() -> None:
    for name in _IMPORTED_BEFORE:
        __import__(f"mysafe_env.cli.{name}")
    __import__("mysafe_env.sources.mysafe.source")


def _answer(request: dict[str, Any]) -> dict[str, Any]:
    stdout, stderr = os.memfd_create("stdout"), os.memfd_create("stderr")
    child = os.fork()
    if child == 0:
        _become(request, stdout, stderr)
    _, status = os.waitpid(child, 0)
    return {"code": os.waitstatus_to_exitcode(status), "stdout": _whole(stdout), "stderr": _whole(stderr)}


def _become(request: dict[str, Any], stdout: int, stderr: int) -> None:
    """The run itself; never returns."""
    import mysafe_env.cli.main as front_door  # noqa: PLC0415  # the parent's side needs none of it

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
