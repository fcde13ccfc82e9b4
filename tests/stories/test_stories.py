"""Every story is played by a real shell, with the local vault and over HTTP."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from mysafe_env.emulator.secretsafe.server import SecretSafeEmulator
from mysafe_env.emulator.secretsafe.vault_file import read_served_vault
from tests.secretsafe.served import personal_environment
from tests.stories.story import Command, Story, matches, read_stories
from tests.support.emulator import environment_of, running_emulator
from tests.support.process import environment_for

STORIES = list(read_stories(Path(__file__).parent))
# The demo's vault, unless a story brings its own.
DEMO_VAULT = Path(__file__).parents[2] / "mysafe_env" / "demo" / "vault.toml"


@pytest.mark.parametrize("system", ["local", "http"])
@pytest.mark.parametrize("story", STORIES, ids=[story.name for story in STORIES])
def test_story(story: Story, system: str, tmp_path: Path) -> None:
    """What the story tells happens, whichever source the items come from."""
    for name, text in story.files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        path.chmod(0o600)
    with _settings(system, tmp_path) as settings, _secretsafe(tmp_path) as more:
        for command in story.commands:
            # Once is enough for coverage, which takes longer than the commands do.
            _play(command, tmp_path, settings | more, measured=system == "local")


@contextmanager
def _settings(system: str, folder: Path) -> Iterator[dict[str, str]]:
    vault = folder / "vault.toml"
    if not vault.exists():
        vault.write_bytes(DEMO_VAULT.read_bytes())
    if system == "local":
        yield {"MYSAFE_URL": "file:vault.toml"}
        return
    with running_emulator(vault) as emulator:
        yield environment_of(emulator)


@contextmanager
def _secretsafe(folder: Path) -> Iterator[dict[str, str]]:
    """The second system, for a story that brings a `secretsafe.toml`: the account's key, and the organisation's id."""
    vault = folder / "secretsafe.toml"
    if not vault.exists():
        yield {}
        return
    with SecretSafeEmulator(read_served_vault(str(vault))) as emulator:
        yield personal_environment(emulator) | {"ORGANIZATION": emulator.organization_id}


def _play(command: Command, folder: Path, settings: dict[str, str], *, measured: bool) -> None:
    environ = {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        **settings,
    }
    done = subprocess.run(
        ["sh", "-c", command.typed],
        cwd=folder,
        env=environment_for(environ, measured=measured),
        capture_output=True,
        timeout=120,
        check=False,
    )
    stdout, stderr = done.stdout.decode(), done.stderr.decode()
    told = f"$ {command.typed}\n{stdout}--- stderr\n{stderr}--- code {done.returncode}"
    assert matches(command.stdout, stdout), told
    assert matches(command.stderr, stderr), told
    assert command.code == done.returncode, told
