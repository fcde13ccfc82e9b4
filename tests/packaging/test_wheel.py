"""The wheel and the source archive hold what they should, and the wheel works."""

import os
import subprocess
import sys
import tarfile
from email.message import Message
from email.parser import Parser
from pathlib import Path
from zipfile import ZipFile

import pytest

from mysafe_env import __version__
from tests.support.process import environment_for

ROOT = Path(__file__).parents[2]
INFO = f"mysafe_env-{__version__}.dist-info"
# pyproject.toml says more of each; here is what installs.
DEPENDENCIES = {"certifi", "click", "jinja2", "python-dotenv", "requests", "urllib3"}
DATA = {
    "mysafe_env/py.typed",
    "mysafe_env/mapping/mapping.schema.json",
    "mysafe_env/demo/mysafe.toml",
    "mysafe_env/demo/export.toml",
    "mysafe_env/demo/typo.toml",
    "mysafe_env/demo/secretsafe.toml",
    "mysafe_env/demo/vault.toml",
    "mysafe_env/demo/app.yaml.j2",
    "mysafe_env/emulator/mysafe/openapi.json",
}
EXTRAS = {"bcrypt", "secretsafe", "socks"}

_CODE = {".py", ".pyc"}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel and the source archive, built without a network."""
    folder = tmp_path_factory.mktemp("dist")
    argv = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-t", "sdist", "-d", str(folder)]
    subprocess.run(argv, cwd=ROOT, check=True, capture_output=True, timeout=6000)
    return folder


@pytest.fixture(scope="module")
def wheel(built: Path) -> Path:
    """The wheel."""
    (path,) = built.glob("*.whl")
    return path


def metadata(wheel: Path) -> Message:
    """The METADATA of a wheel."""
    with ZipFile(wheel) as archive:
        return Parser().parsestr(archive.read(f"{INFO}/METADATA").decode())


def test_names_tell_the_version(built: Path) -> None:
    """One wheel for every platform, and one source archive."""
    expected = {f"mysafe_env-{__version__}-py3-none-any.whl", f"mysafe_env-{__version__}.tar.gz"}
    assert expected == {path.name for path in built.iterdir()}


def test_the_wheel_holds_every_module_and_nothing_else(wheel: Path) -> None:
    """Every source file is in it, with its data; neither tests nor caches are."""
    with ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if not name.startswith(INFO)}
    modules = {str(path.relative_to(ROOT)) for path in (ROOT / "mysafe_env").rglob("*.py")}
    others = {str(path.relative_to(ROOT)) for path in (ROOT / "mysafe_env").rglob("*.*") if path.suffix not in _CODE}
    assert names == modules | others
    assert names >= DATA
    assert {"mysafe_env"} == {name.partition("/")[0] for name in names}
    assert not [name for name in names if "test" in name.split("/") or name.endswith(".pyc")]


def test_the_wheel_brings_its_licence(wheel: Path) -> None:
    """The licence text is where installers look for it."""
    with ZipFile(wheel) as archive:
        assert (ROOT / "LICENSE").read_bytes() == archive.read(f"{INFO}/licenses/LICENSE")


def test_the_wheel_brings_both_commands(wheel: Path) -> None:
    """mysafe-run and mysafe-env, and no other command."""
    with ZipFile(wheel) as archive:
        text = archive.read(f"{INFO}/entry_points.txt").decode()
    expected = {
        "[console_scripts]",
        "mysafe-env = mysafe_env.cli.main:mysafe_env",
        "mysafe-run = mysafe_env.cli.main:mysafe_run",
    }
    assert expected == set(text.split("\n")) - {""}


def test_metadata_says_what_is_needed(wheel: Path) -> None:
    """Name, Python and dependencies are those that were promised."""
    found = metadata(wheel)
    needed = [text for text in found.get_all("Requires-Dist", []) if "extra ==" not in text]
    names = {text.split(">")[0].split("[")[0].strip().lower() for text in needed}
    assert ("mysafe-env", ">=3.11", "MIT") == (found["Name"], found["Requires-Python"], found["License-Expression"])
    assert names == DEPENDENCIES
    assert EXTRAS <= set(found.get_all("Provides-Extra", []))
    assert "text/markdown" == found["Description-Content-Type"]
    assert "# mysafe-env" in str(found.get_payload())


def test_the_source_archive_can_be_tested(built: Path) -> None:
    """Who packages it for a distribution finds the tests and what they read."""
    (path,) = built.glob("*.tar.gz")
    with tarfile.open(path) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert names >= {"pyproject.toml", "README.md", "LICENSE", "tests/stories/story.py"} | DATA
    assert names >= {str(path.relative_to(ROOT)) for path in (ROOT / "mysafe_env").rglob("*.py")}
    assert not [
        name for name in names if name.endswith(".pyc") or {".venv", ".cache", ".consumers"} & {*name.split("/")}
    ]


def test_the_wheel_works_on_its_own(wheel: Path, tmp_path: Path) -> None:
    """The demo runs from the wheel's files alone."""
    with ZipFile(wheel) as archive:
        archive.extractall(tmp_path)  # noqa: S202  # our own archive
    others = [path for path in sys.path if path.endswith("site-packages")]
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join([str(tmp_path), *others])}
    done = subprocess.run(
        [sys.executable, "-m", "mysafe_env", "demo"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        timeout=600,
        check=False,
    )
    assert (0, b"") == (done.returncode, done.stderr)
    assert str(tmp_path).encode() in done.stdout.splitlines()[-1]


def test_the_package_runs_from_a_zip_archive(wheel: Path, tmp_path: Path) -> None:
    """As in a zip application: the demo, which needs its own files, and the library without a warning."""
    environment = environment_for(None, measured=False) | {"PYTHONPATH": str(wheel), "PYTHONWARNINGS": "error"}
    code = "import mysafe_env; print(mysafe_env.__file__, len(mysafe_env.resolve('demo.toml')))"
    Path(tmp_path, "demo.toml").write_text('[env]\nA = "1"\n')
    shown, resolved = (
        subprocess.run(
            [sys.executable, *arguments], cwd=tmp_path, env=environment, capture_output=True, check=True, timeout=6000
        )
        for arguments in (["-m", "mysafe_env", "demo"], ["-c", code])
    )
    assert b"" == shown.stderr + resolved.stderr
    assert b"user orders_app, URL postgres://" in shown.stdout
    assert f"{wheel}/mysafe_env/__init__.py 1\n" == resolved.stdout.decode()
