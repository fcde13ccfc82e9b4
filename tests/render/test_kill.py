"""Signals at exact places of a render of many files: each is old or new, and what is left goes with the next run."""

import os
import signal
import sys
from pathlib import Path

import pytest

from tests.support.killing import hit_at, kill_at
from tests.support.process import run

FILES, FOLDERS, SIZE = 12, 3, 400
RENDERED = {f"{number % FOLDERS}/{number}" for number in range(FILES)}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A mapping of many files in several folders, all of them rendered with the text `old`."""
    (tmp_path / "vault.toml").write_text("demo = true\n")
    (tmp_path / "t.j2").write_text("{% for _ in range(" + str(SIZE) + ") %}{{ environ.TEXT }}{% endfor %}")
    entries = (f'[[render]]\ntemplate = "t.j2"\nto = "out/{name}"\nmkdir = true\n' for name in sorted(RENDERED))
    (tmp_path / "mysafe.toml").write_text("".join(entries))
    _render(tmp_path, "old")
    return tmp_path


def _environment(text: str) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "MYSAFE_URL": "file:vault.toml", "TEXT": text}


def _render(folder: Path, text: str) -> None:
    done = run(sys.executable, "-m", "mysafe_env", "render", environment=_environment(text), folder=folder)
    assert (0, b"") == (done.code, done.stderr)


def _files(folder: Path) -> dict[str, str]:
    """Every file below the folder of the targets, by its path there."""
    paths = (path for path in (folder / "out").rglob("*") if path.is_file())
    return {path.relative_to(folder / "out").as_posix(): path.read_text() for path in paths}


@pytest.mark.parametrize(
    ("event", "number", "text", "by"),
    [
        ("os.mkdir", 1, "old", signal.SIGTERM),
        ("os.chmod", FILES - 1, "old", signal.SIGHUP),
        ("os.rename", 1, "new", signal.SIGTERM),
        ("os.rename", FILES, "new", signal.SIGHUP),
    ],
)
def test_a_signal_that_asks(folder: Path, event: str, number: int, text: str, by: signal.Signals) -> None:
    """All files are old, or, once the first is about to be replaced, all are new; nothing is beside them."""
    done = hit_at(event, number, "render", by=by, folder=folder, environment=_environment("new"))
    assert b"" == done.stderr
    assert dict.fromkeys(RENDERED, text * SIZE) == _files(folder)
    assert FOLDERS == len([*(folder / "out").iterdir()])
    assert FILES == len([*(folder / "out").glob("*/*")])


@pytest.mark.parametrize(
    ("event", "number", "new"),
    [
        ("os.mkdir", 1, 0),
        ("os.chmod", FILES, 0),
        ("os.link", 1, 0),
        ("os.rename", 1, 0),
        ("os.rename", 2, 1),
        ("os.rename", FILES, FILES - 1),
    ],
)
def test_each_file_is_old_or_new(folder: Path, event: str, number: int, new: int) -> None:
    """No place leaves half a file; another render removes whatever is left."""
    kill_at(event, number, "render", folder=folder, environment=_environment("new"))
    texts = {name: text for name, text in _files(folder).items() if name in RENDERED}
    expected = ["new" * SIZE] * new + ["old" * SIZE] * (FILES - new)
    assert expected == [texts[name] for name in sorted(RENDERED)]
    _render(folder, "new")
    assert dict.fromkeys(RENDERED, "new" * SIZE) == _files(folder)
    assert FILES == len([*(folder / "out").glob("*/*")])
