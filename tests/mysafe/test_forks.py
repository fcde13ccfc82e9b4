"""Clients in processes that are forked, as a server's workers are after it has loaded its application."""

from collections.abc import Iterator

import pytest

from mysafe_env.emulator.mysafe.server import Emulator
from tests.support.emulator import running_emulator
from tests.support.process import Finished, run_python

VAULT = '[[password]]\nname = "one"\npassword = "1"\n[[password]]\nname = "two"\npassword = "2"\n'
BOTH_ASK = """
import os
import mysafe_env
client = mysafe_env.connect()
def asked(identifier):
    return ",".join(client.get_password(identifier).password.reveal() for _ in range(3))
client.list_passwords()
child = os.fork()
if child == 0:
    print("child", asked("2"), flush=True)
    client.close()
    os._exit(0)
mine = asked("1")
os.waitpid(child, 0)
print("parent", mine, asked("1"))
client.close()
"""
PARENT_ASKS = """
import os
import mysafe_env
client = mysafe_env.connect()
client.list_passwords()
child = os.fork()
if child == 0:
    client.close()
    os._exit(0)
os.waitpid(child, 0)
print(len(client.list_passwords()))
client.close()
"""


@pytest.fixture(name="emulator", scope="module")
def _emulator() -> Iterator[Emulator]:
    # Its answers are slow, so that both processes wait for one at the same time.
    with running_emulator(VAULT, latency=0.1) as emulator:
        yield emulator


def _run(code: str, emulator: Emulator) -> tuple[Finished, int]:
    """What the program said, and how many connections it opened."""
    before = emulator.connections
    secret = emulator.client_secret.reveal()
    environment = {
        "MYSAFE_URL": emulator.url,
        "MYSAFE_CLIENT_ID": emulator.client_id,
        "MYSAFE_CLIENT_SECRET": secret,
        "PYTHONWARNINGS": "error",
    }
    finished = run_python(code, environment=environment)
    return finished, emulator.connections - before


def test_each_process_gets_its_own_answers(emulator: Emulator) -> None:
    """Parent and child ask at once, over a connection of their own each."""
    finished, connections = _run(BOTH_ASK, emulator)
    assert (b"child 2,2,2\nparent 1,1,1 1,1,1\n", b"") == (finished.stdout, finished.stderr)
    assert 2 == connections


def test_a_child_that_asks_nothing_leaves_its_parent_alone(emulator: Emulator) -> None:
    """Its end closes nothing that the parent uses."""
    finished, connections = _run(PARENT_ASKS, emulator)
    assert (b"2\n", b"") == (finished.stdout, finished.stderr)
    assert 1 == connections
