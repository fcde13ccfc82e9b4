"""Clients in processes that are forked, as a server's workers are after it has loaded its application."""

from collections.abc import Iterator
from pathlib import Path

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

# What programs do; the first use of a public name is theirs.
WORKS = """
import mysafe_env
def note():
    with mysafe_env.connect() as client:
        client.create_note(name="n", note=mysafe_env.Secret("n"))
        client.list_notes()
def resolve():
    mysafe_env.resolve()
def load_env():
    mysafe_env.load_env()
mysafe_env.Secret
"""
# The module that is slow, and what a thread does meanwhile, and the child afterwards.
FORKS_DURING_AN_IMPORT = """
import os, signal, sys, threading, time, warnings
from importlib.machinery import PathFinder
warnings.simplefilter("ignore", DeprecationWarning)  # of Python 3.12, for forks of programs with threads
slow, work = sys.argv[1], globals()[sys.argv[2]]
importing, forking = threading.Event(), threading.Event()
class SlowFinder:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name != slow:
            return None
        spec = PathFinder.find_spec(name, path)
        execute = spec.loader.exec_module
        def execute_slowly(module):
            importing.set()
            forking.wait(10)
            time.sleep(0.2)  # in which a fork that does not wait is done
            execute(module)
        spec.loader.exec_module = execute_slowly
        return spec
sys.meta_path.insert(0, SlowFinder)
os.register_at_fork(before=forking.set)
thread = threading.Thread(target=work)
thread.start()
importing.wait()
child = os.fork()
if child == 0:
    signal.alarm(20)
    work()
    os._exit(0)
thread.join()
print(os.waitpid(child, 0)[1])
"""
# What is done, and what forks would not wait for.
UNGUARDED_IMPORTS = """
import sys
from mysafe_env.late_imports import IMPORTING
unguarded = []
def look(event, arguments):
    if event == "import" and not IMPORTING._is_owned():
        unguarded.append(arguments[0])
sys.addaudithook(look)
globals()[sys.argv[1]]()
print(unguarded)
"""
MAPPING = """
[env]
A = "mysafe://password/one"
B = "mysafe://password/two"
C = { template = "{{ A }}" }
D = { kind = "password", name = "one", as = "file" }
"""


@pytest.fixture(name="emulator", scope="module")
def _emulator() -> Iterator[Emulator]:
    # Its answers are slow, so that both processes wait for one at the same time.
    with running_emulator(VAULT, latency=0.1) as emulator:
        yield emulator


def _run(
    code: str, emulator: Emulator, *arguments: str, folder: Path | None = None, url: str = ""
) -> tuple[Finished, int]:
    """What the program said, and how many connections it opened."""
    before = emulator.connections
    secret = emulator.client_secret.reveal()
    environment = {
        "MYSAFE_URL": url or emulator.url,
        "MYSAFE_CLIENT_ID": emulator.client_id,
        "MYSAFE_CLIENT_SECRET": secret,
        "PYTHONWARNINGS": "error",
    }
    finished = run_python(code, *arguments, environment=environment, folder=folder)
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


@pytest.fixture(name="folder")
def _folder(tmp_path: Path) -> Path:
    """One with a mapping, and a local vault of the same items."""
    (tmp_path / "mysafe.toml").write_text(MAPPING)
    (tmp_path / "vault.toml").write_text(f"demo = true\n{VAULT}")
    return tmp_path


@pytest.mark.parametrize(("slow", "work"), [("requests", "note"), ("mysafe_env.sources.mysafe.source", "resolve")])
def test_a_child_can_import_what_a_thread_was_importing(slow: str, work: str, emulator: Emulator, folder: Path) -> None:
    """A fork waits until it is imported: half imported it would stay so in the child, which would wait for ever."""
    finished, _ = _run(WORKS + FORKS_DURING_AN_IMPORT, emulator, slow, work, folder=folder)
    assert "0" == finished.output


def test_the_first_use_of_all_may_be_a_thread_s(emulator: Emulator, folder: Path) -> None:
    """What keeps forks waiting is itself there early enough."""
    program = WORKS.replace("\nmysafe_env.Secret\n", "\n") + FORKS_DURING_AN_IMPORT
    # What forks wait for comes to be while this import goes on, and would be called before the program's own.
    program = program.replace("\nimporting.wait()\n", "\nimporting.wait()\nforking.set()\n")
    finished, _ = _run(program, emulator, "logging", "resolve", folder=folder, url="file:vault.toml")
    # Logging says that it was imported while a fork was on its way.
    assert (0, b"0\n") == (finished.code, finished.stdout)


@pytest.mark.parametrize(("work", "url"), [("note", ""), ("load_env", ""), ("resolve", "file:vault.toml")])
def test_forks_wait_for_whatever_is_imported(work: str, url: str, emulator: Emulator, folder: Path) -> None:
    """Nothing is imported, by us or by Python, without what forks wait for."""
    finished, _ = _run(WORKS + UNGUARDED_IMPORTS, emulator, work, folder=folder, url=url)
    assert "[]" == finished.output
