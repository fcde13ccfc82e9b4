"""A herd of real processes: `mysafe-run -- true`, against the emulator over loopback sockets."""

import asyncio
import sys
import tempfile
from collections import Counter
from pathlib import Path

from mysafe_env.emulator.mysafe.server import Emulator
from mysafe_env.vault.records import Record
from mysafe_env.vault.store import Vault
from tests.simulation.herd import Course, Herd

_RUN = Path(sys.executable).with_name("mysafe-run")
_MAPPING = '[env]\nKEY = "mysafe://secretapi/herd"\n'
_ITEM = Record("secretapi", "1", {"name": "Herd", "identifier_code": "herd", "client_secret": "made up"})
_OUR_FAILURE = 125


def run(herd: Herd) -> Course:
    """The course of a herd of processes that are all started at once.

    How long they gather is up to the machine. Raises `RuntimeError` when the journal does not tell what the processes
    say: one connection for each, all requests let through on the connections of those that succeeded.
    """
    with tempfile.TemporaryDirectory() as folder, Emulator(Vault([_ITEM]), rate_limit=herd.limit) as emulator:
        mapping = Path(folder, "mysafe.toml")
        mapping.write_text(_MAPPING, encoding="utf-8")
        environment = {"PATH": "/usr/bin:/bin", "HOME": folder}
        environment |= dict(line.split("=", 1) for line in emulator.settings.splitlines())
        command = (str(_RUN), "-m", str(mapping), "--timeout", str(herd.timeout), "--no-locator-cache", "--", "true")
        codes = asyncio.run(_codes(command, environment, herd.starts))
        course = Course(herd, emulator.arrivals)
    _check(course, codes)
    return course


async def _codes(command: tuple[str, ...], environment: dict[str, str], starts: int) -> list[int]:
    """The exit codes of as many processes."""
    return await asyncio.gather(*(_code(command, environment) for _ in range(starts)))


async def _code(command: tuple[str, ...], environment: dict[str, str]) -> int:
    process = await asyncio.create_subprocess_exec(
        *command, env=environment, stdin=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE
    )
    _, said = await process.communicate()
    if process.returncode and b"429" not in said:
        raise RuntimeError(f"a start failed for a reason of its own: {said.decode()}")
    return process.returncode or 0


def _check(course: Course, codes: list[int]) -> None:
    through = Counter(sum(not arrival.refused for arrival in client) for client in course.clients())
    told = {0: through[course.herd.requests], _OUR_FAILURE: course.herd.starts - through[course.herd.requests]}
    if Counter(codes) != Counter(told) or len(course.clients()) != course.herd.starts:
        raise RuntimeError(
            f"the exit codes {Counter(codes)} do not fit {dict(through)}, the requests let through by number"
        )
