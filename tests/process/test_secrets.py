"""No secret is left behind: not in the supervisor, not in a core dump, not for a look from outside."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from mysafe_env.secret import Secret
from tests.support.emulator import environment_of, running_emulator, vault_of
from tests.support.inits import MYSAFE_RUN, SIGNAL_PRINTER
from tests.support.process import run
from tests.support.running import Running, eventually, running

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")

# In two pieces, so that this file's text is none of them.
CANARIES = {name: f"canary-{name}-" + "xK3vQ9" for name in ("value", "file", "key")}
VAULT = f"""
[[secretapi]]
identifier = 1
name = "one"
identifier_code = "one"
client_id = "client"
client_secret = "{CANARIES["value"]}"

[[note]]
identifier = 2
name = "two"
note = "{CANARIES["file"]}"
"""
MAPPING = """
[env]
VALUE = "mysafe://secretapi/one"
FILE = { kind = "note", name = "two", as = "file" }
MADE = { template = "<{{ VALUE }}>" }
"""


@contextmanager
def connected(latency: float = 0.0) -> Iterator[dict[str, str]]:
    """The environment of somebody who has a MySafe with the canaries in it."""
    key = Secret(CANARIES["key"])
    with running_emulator(vault_of(VAULT), client_secret=key, latency=latency) as emulator:
        yield os.environ | environment_of(emulator)


def memory_of(pid: int) -> Iterator[bytes]:
    """Everything that a process can read of its own memory, mapping by mapping."""
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            addresses, rights, *_ = line.split()
            if "r" not in rights or line.endswith(("[vvar]", "[vsyscall]", "[vvar_vclock]")):
                continue
            start, end = (int(address, 16) for address in addresses.split("-"))
            memory.seek(start)
            yield memory.read(end - start)


def found_in(pid: int) -> set[str]:
    """The canaries in the memory of a process, in any width of characters."""
    wanted = {
        (name, text.encode(encoding))
        for name, text in CANARIES.items()
        for encoding in ("utf-8", "utf-16-le", "utf-32-le")
    }
    return {name for piece in memory_of(pid) for name, text in wanted if text in piece}


def descriptors_of(pid: int) -> list[str]:
    """What a process has open, but for what it closes at this moment."""
    found = []
    for path in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):
            found.append(str(path.readlink()))
    return sorted(found)


@pytest.fixture
def supervised(tmp_path: Path) -> Iterator[tuple[Running, int]]:
    """A supervisor whose command got all canaries, and the command's process id."""
    (tmp_path / "mysafe.toml").write_text(MAPPING)
    reading = ("sh", "-c", 'held=$(cat "$FILE"); export held; exec "$@"', "sh", *SIGNAL_PRINTER)
    with (
        connected() as environment,
        running(
            MYSAFE_RUN, "--supervise", "--", *reading, folder=tmp_path, environment=environment, measured=False
        ) as process,
    ):
        yield process, int(process.line().split()[1])


def test_the_supervisor_holds_no_secret(supervised: tuple[Running, int]) -> None:
    """Neither value nor access key is in its environment, its arguments, its descriptors or its memory."""
    process, command = supervised
    eventually(lambda: descriptors_of(process.pid) == ["/dev/null"] * 3, "it holds nothing but /dev/null")

    assert {"value", "file"} == found_in(command)
    assert set() == found_in(process.pid)
    assert b"" == Path(f"/proc/{process.pid}/environ").read_bytes()
    assert b"canary" not in Path(f"/proc/{process.pid}/cmdline").read_bytes()


def test_the_supervisor_is_small(supervised: tuple[Running, int]) -> None:
    """It needs hardly more than an interpreter that does nothing: what resolved the values is gone."""
    process, _ = supervised
    eventually(lambda: descriptors_of(process.pid) == ["/dev/null"] * 3, "it is in its loop")
    nothing = (sys.executable, "-I", "-S", "-c", "print(flush=True); input()")
    with running(*nothing, stdin=subprocess.PIPE) as interpreter:
        interpreter.line()
        assert memory_in_use(process.pid) < memory_in_use(interpreter.pid) + 1024


def memory_in_use(pid: int) -> int:
    """Resident KiB that a process shares with nobody."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("RssAnon"))


def test_the_access_key_does_not_reach_the_command(supervised: tuple[Running, int]) -> None:
    """Its environment holds the values and not the key."""
    _, command = supervised
    environ = Path(f"/proc/{command}/environ").read_bytes()

    assert CANARIES["value"].encode() in environ
    assert CANARIES["key"].encode() not in environ


def dumps_core(folder: Path, *argv: str, environment: dict[str, str], until: str) -> bool:
    """Whether a process that is aborted while it runs leaves a core dump."""
    unlimited = ("sh", "-c", 'ulimit -c "$(ulimit -H -c)"; exec "$@" 2>&1', "sh")
    with running(*unlimited, *argv, folder=folder, environment=environment) as process:
        assert until in process.line()
        process.send(signal.SIGABRT)
        eventually(lambda: os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT), "it is aborted")
        return os.WCOREDUMP(os.waitpid(process.pid, 0)[1])


def test_no_core_dump_while_values_are_fetched(tmp_path: Path) -> None:
    """A crash at that moment leaves no image of memory, whatever the limit and wherever the kernel pipes it."""
    (tmp_path / "mysafe.toml").write_text(MAPPING)
    aborting = ("sh", "-c", "echo ready; while :; do :; done")
    if not dumps_core(tmp_path, *aborting, environment=dict(os.environ), until="ready"):
        pytest.skip("this system dumps no core")
    with connected(latency=60) as environment:
        assert not dumps_core(tmp_path, MYSAFE_RUN, "-v", "--", "true", environment=environment, until="note: list")


# An ordinary process that hides on command; `setresuid` itself hides, so that has to be undone first.
HIDING = """
import ctypes, os, sys
from mysafe_env.sinks.prctl import hide_memory
if os.geteuid() == 0:
    os.setresuid(64999, 64999, 64999)
ctypes.CDLL(None).prctl(4, 1, 0, 0, 0)
print(os.getpid(), flush=True)
input()
hide_memory()
print("hidden", flush=True)
input()
"""
# Another process of the same user that looks.
LOOKING = """
import os, sys
if os.geteuid() == 0:
    os.setresuid(64999, 64999, 64999)
for name in ("environ", "mem", "maps", "fd"):
    path = f"/proc/{sys.argv[1]}/{name}"
    try:
        os.listdir(path) if name == "fd" else open(path, "rb").close()
        print(name, end=" ")
    except PermissionError:
        pass
"""


def test_no_look_from_outside() -> None:
    """Another process of the same user reads neither environment, memory nor descriptors."""
    with running(sys.executable, "-c", HIDING, stdin=subprocess.PIPE) as process:
        pid = process.line()
        assert process.process.stdin is not None
        before = run(sys.executable, "-S", "-c", LOOKING, pid, measured=False).output.split()
        process.process.stdin.write(b"\n")
        process.process.stdin.flush()
        assert "hidden" == process.line()
        after = run(sys.executable, "-S", "-c", LOOKING, pid, measured=False).output.split()
        process.process.stdin.close()

    assert "environ" in before
    assert [] == after
