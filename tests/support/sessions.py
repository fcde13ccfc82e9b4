"""Commands in a session of their own with the kernel, whose keyring ends with them."""

import ctypes
import json
import os
import platform
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

_KEYCTL = {"x86_64": 250, "aarch64": 219}
_SESSION = """
import ctypes, json, platform, subprocess, sys
number = {"x86_64": 250, "aarch64": 219}[platform.machine()]
joined = ctypes.CDLL(None).syscall(ctypes.c_long(number), ctypes.c_long(1), None)
assert joined > 0, "no keyring here"
for command in json.loads(sys.argv[1]):
    subprocess.run(command, check=True)
"""


def _keyrings_work() -> bool:
    if platform.machine() not in _KEYCTL:
        return False
    number = _KEYCTL[platform.machine()]
    # KEYCTL_GET_KEYRING_ID of the session keyring.
    return bool(ctypes.CDLL(None).syscall(ctypes.c_long(number), ctypes.c_long(0), ctypes.c_long(-3), 1) > 0)


needs_keyring = pytest.mark.skipif(not _keyrings_work(), reason="the kernel or its seccomp profile allows no keyring")


def run_in_session(commands: Sequence[Sequence[str]], environment: Mapping[str, str], folder: Path) -> str:
    """What the commands print on standard output, one after the other; they have to succeed and to be quiet."""
    done = subprocess.run(
        [sys.executable, "-c", _SESSION, json.dumps(commands)],
        cwd=folder,
        env={**os.environ, "XDG_CACHE_HOME": str(folder / "cache"), **environment},
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert not done.stderr
    return done.stdout
