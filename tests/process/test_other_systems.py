"""Systems that lack what Linux has, as macOS does: there is another way, or an error in words."""

import sys
from pathlib import Path

import pytest

from tests.support.files import names, permissions
from tests.support.process import Finished, run_python

# What of Python's modules is Linux's is not there, nor is /proc; the platform's name is that of macOS.
ELSEWHERE = """
import builtins, os, signal, sys
import urllib.request  # which would look for a module of macOS
missing = {os: ("memfd_create", "MFD_CLOEXEC", "O_TMPFILE"), signal: ("sigwaitinfo", "sigtimedwait")}
for module, lacking in missing.items():
    for name in lacking:
        delattr(module, name)
os.supports_effective_ids.clear()
there = builtins.open
def opened(path, *arguments, **options):
    if str(path).startswith("/proc/"):
        raise FileNotFoundError(2, "No such file or directory", path)
    return there(path, *arguments, **options)
builtins.open = opened
sys.platform = "darwin"
sys.argv[0] = "mysafe-run"
from mysafe_env.cli.main import mysafe_run
sys.exit(mysafe_run())
"""

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="takes away what is Linux's")


def elsewhere(folder: Path, mapping: str, *arguments: str) -> Finished:
    """`mysafe-run` there; files for the time of a run are in the folder `runtime`."""
    (folder / "runtime").mkdir()
    (folder / "mysafe.toml").write_text(mapping)
    return run_python(ELSEWHERE, *arguments, environment={"XDG_RUNTIME_DIR": f"{folder}/runtime"}, folder=folder)


def test_a_value_in_a_file_of_a_folder_of_its_own(tmp_path: Path) -> None:
    """The command finds the value where the variable says, and nobody else may look."""
    mapping = '[env]\nKEY = { value = "secret", as = "file" }\n'
    finished = elsewhere(tmp_path, mapping, "-c", 'cat "$KEY" && ls -ld "$KEY" "${KEY%/*}" | cut -c 1-10')
    assert "secretdrwx------\n-rw-------" == finished.output


def test_a_file_is_rendered_whole_and_nothing_beside_it(tmp_path: Path) -> None:
    """New files wait under a hidden name, and take their place in one step."""
    (tmp_path / "t.j2").write_text("{{ KEY }}")
    (tmp_path / "made").write_text("old")
    mapping = '[env]\nKEY = "secret"\n[[render]]\ntemplate = "t.j2"\nto = "made"\n'
    assert "secret" == elsewhere(tmp_path, mapping, "--", "cat", "made").output
    assert (0o600, ["made", "mysafe.toml", "runtime", "t.j2"]) == (
        permissions(tmp_path / "made"),
        sorted(names(tmp_path)),
    )


@pytest.mark.parametrize(
    ("entry", "arguments", "code", "told"),
    [
        ("", ("--supervise", "--", "true"), 125, "--supervise needs sigwaitinfo(2), which this system does not have"),
        (', as = "file", path = "key"', ("--", "true"), 125, "key of KEY would be on a disk (an unknown file system)"),
        ("", ("--", "./mysafe.toml"), 126, "./mysafe.toml may not be executed"),
    ],
)
def test_what_can_not_be_had_is_told(
    entry: str, arguments: tuple[str, ...], code: int, told: str, tmp_path: Path
) -> None:
    """With what to do instead, and the exit code of such a failure."""
    finished = elsewhere(tmp_path, f'[env]\nKEY = {{ value = "secret"{entry} }}\n', *arguments)
    assert code == finished.code
    assert f"mysafe-run: error: {told}" in finished.stderr.decode()
    assert "mysafe-run: hint: " in finished.stderr.decode()
    assert ["mysafe.toml", "runtime"] == sorted(names(tmp_path))
