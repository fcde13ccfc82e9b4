"""Files that a mapping asks for twice."""

from pathlib import Path

import pytest

from tests.support.mappings import plan_file, reports_of

NAMED = 'KEY = {{ value = "k", as = "file", path = "{}", on_disk = true }}\n'


def _messages(folder: Path, text: str) -> list[str]:
    (folder / "m.toml").write_text(text)
    return [report.message.replace(f"{folder}/", "") for report in reports_of(folder / "m.toml")]


def test_another_name_of_the_same_file(tmp_path: Path) -> None:
    """A folder behind a symbolic link is the folder itself, as /var/run is /run."""
    (tmp_path / "link").symlink_to(".")
    text = "[env]\nCERT" + NAMED.format("link/key").removeprefix("KEY") + NAMED.format("key")

    assert ["m.toml:3: env.KEY.path: names a file that m.toml:2: env.CERT.path writes too; name another one"] == (
        _messages(tmp_path, text)
    )


@pytest.mark.parametrize("path", ["other", r"key\u0000"])
def test_files_of_their_own(path: str, tmp_path: Path) -> None:
    """Two names are two files; what can be no name of a file is told where it is written."""
    render = f'[[render]]\ntemplate = "t"\nto = "{path}"\n'

    assert [] == _messages(tmp_path, f"[env]\n{NAMED.format('key')}CERT = {{ value = 'c', as = 'file' }}\n{render}")


def test_the_file_of_an_entry_that_is_replaced(tmp_path: Path) -> None:
    """Only what is written in the end counts: an entry that a profile replaces leaves its file to others."""
    text = f'[env]\n{NAMED.format("key")}[profile.a.env]\nKEY = "literal"\nCERT' + NAMED.format("key")[3:]
    (tmp_path / "m.toml").write_text(text)

    assert ["KEY", "CERT"] == [entry.name for entry in plan_file(tmp_path / "m.toml", "a").entries]
