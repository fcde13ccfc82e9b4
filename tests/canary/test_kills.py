"""Runs that are killed: what they were about to write is nowhere on the disk."""

import os
import sys
from pathlib import Path

import pytest

from tests.canary.cage import MARK
from tests.support.killing import kill_at

VAULT = f'demo = true\n[[note]]\nname = "key"\nnote = "{MARK}"\n'
MAPPING = """
[env]
KEY = "mysafe://note/key"

[[render]]
template = "tree"
to       = "rendered"
mkdir    = true
command  = ["true"]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A mapping with a secret, and a tree of two templates."""
    for name, text in {"vault.toml": VAULT, "mysafe.toml": MAPPING}.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "tree").mkdir()
    for name in ("a.j2", "b.j2"):
        (tmp_path / "tree" / name).write_text("{{ KEY }}")
    return tmp_path


@pytest.mark.skipif(sys.platform != "linux", reason="files without names are Linux's")
@pytest.mark.parametrize("command", ["export --format json --output out", "render", "render tree/a.j2 --output out"])
def test_a_kill_before_a_file_has_its_name(folder: Path, command: str) -> None:
    """All is written and synced by then, and all of it goes with the process."""
    environment = {"PATH": os.environ["PATH"], "MYSAFE_URL": "file:vault.toml"}
    kill_at("os.link", 1, *command.split(), folder=folder, environment=environment)
    kept = {path for path in folder.rglob("*") if path.is_file() and MARK in path.read_text()}
    assert {folder / "vault.toml"} == kept
