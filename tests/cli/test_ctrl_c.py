"""Ctrl-C before anything was done."""

import shutil
import signal
from pathlib import Path

import pytest

from tests.cli.programs import in_folder, shell, started, until
from tests.support.process import Finished
from tests.support.running import eventually, interrupted
from tests.support.terminal import terminal

WAIT = 'pathlib.Path("importing").touch(), time.sleep(60)'
# A finder that does something when a module is looked for.
AT_IMPORT = """
import os, pathlib, signal, sys, time
class Finder:
    def find_spec(self, name, path, target=None):
        if name in {names!r}:
            {action}
sys.meta_path.insert(0, Finder())
"""


def at_import(folder: Path, names: set[str], action: str) -> dict[str, str]:
    """The setting with which Python does *action* whenever one of the modules is imported."""
    (folder / "hooks").mkdir()
    (folder / "hooks" / "sitecustomize.py").write_text(AT_IMPORT.format(names=names, action=action))
    return {"PYTHONPATH": str(folder / "hooks")}


@pytest.mark.parametrize(
    ("module", "argv"),
    [
        ("mysafe_env.resolver", ("mysafe-run", "true")),
        ("click", ("mysafe-run", "--help")),
        ("click", ("mysafe-env", "check")),
        ("http.client", ("mysafe-run", "true")),
    ],
)
def test_while_something_is_imported(module: str, argv: tuple[str, ...], tmp_path: Path) -> None:
    """The program ends by the signal and shows no traceback."""
    environment = in_folder(tmp_path, '[env]\nA = "mysafe://note/n"\n') | {
        **at_import(tmp_path, {module}, WAIT),
        "MYSAFE_URL": "https://127.0.0.1:9",
        "MYSAFE_CLIENT_ID": "me",
        "MYSAFE_CLIENT_SECRET": "made up",
    }
    with started(tmp_path, environment, *argv) as process:
        until((tmp_path / "importing").exists, process)
        assert Finished(-signal.SIGINT, b"", b"\n") == interrupted(process)


def test_before_the_command_line_is_read(tmp_path: Path) -> None:
    """What comes even earlier ends the program as it ends one that is not written in Python: by the signal."""
    environment = in_folder(tmp_path) | at_import(tmp_path, {"mysafe_env.cli.exit_codes"}, WAIT)
    with started(tmp_path, environment, "mysafe-run", "true") as process:
        until((tmp_path / "importing").exists, process)
        assert Finished(-signal.SIGINT, b"", b"") == interrupted(process)


def test_an_ignored_ctrl_c_stays_ignored(tmp_path: Path) -> None:
    """Under nohup, and in the background of a script, it does nothing, neither to us nor to the command."""
    names = {"mysafe_env.cli.exit_codes", "mysafe_env.cli.plain", "mysafe_env.resolver"}
    environment = in_folder(tmp_path, '[env]\nA = "x"\n')
    environment |= at_import(tmp_path, names, "os.kill(os.getpid(), signal.SIGINT)")
    line = "trap '' INT; exec mysafe-run -c 'kill -INT $$; echo alive'"
    done = shell(tmp_path, environment, line)
    assert (0, b"alive\n", b"") == (done.code, done.stdout, done.stderr)


def test_the_command_can_be_interrupted(tmp_path: Path) -> None:
    """Ctrl-C is for the command as it was for us: it ends it, where nobody said otherwise."""
    done = shell(tmp_path, in_folder(tmp_path, '[env]\nA = "x"\n'), "mysafe-run -c 'kill -INT $$; echo alive'")
    assert (130, b"") == (done.code, done.stdout)


@pytest.mark.skipif(not shutil.which("bash"), reason="bash is not installed")
def test_a_script_is_given_up(tmp_path: Path) -> None:
    """A shell goes on after a command that only ends with 130: it must have died of the signal, as others do."""
    environment = in_folder(tmp_path, '[env]\nA = "x"\n') | at_import(tmp_path, {"mysafe_env.resolver"}, WAIT)
    script = "while :; do mysafe-run true; done"
    with terminal("bash", "-c", script, folder=tmp_path, environment=environment) as opened:
        eventually((tmp_path / "importing").exists, "it begins")
        assert -signal.SIGINT == opened.interrupt()
