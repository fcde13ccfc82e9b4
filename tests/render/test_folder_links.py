"""Symbolic links on the way to a file: those of root and our own are followed, those of others are not."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from mysafe_env.errors import SinkError
from mysafe_env.items import Item
from mysafe_env.references import Lookup
from mysafe_env.scope import Scope
from mysafe_env.sinks.files import write_atomically
from mysafe_env.sinks.rendering.actions import render_jobs
from tests.render.site import Site
from tests.support.files import names
from tests.support.process import let_pass, unprivileged

ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root makes links that belong to somebody else")
STRANGER = 12345


@pytest.fixture
def trap(site: Site) -> Site:
    """A folder of another user, whose link leads into a folder of ours; `hop` is our own link to the former."""
    bob = site.folder / "bob"
    bob.mkdir()
    (site.folder / "ours/deep").mkdir(parents=True)
    (site.folder / "hop").symlink_to("bob")
    site.write("a.j2", "x")
    site.write("tree/sub/a.j2", "x")
    _trap(bob / "app", site.folder / "ours")
    os.chown(bob, STRANGER, STRANGER)
    return site


def _trap(link: Path, target: Path) -> None:
    link.symlink_to(target)
    os.lchown(link, STRANGER, STRANGER)


@ROOT
@pytest.mark.parametrize(
    "entry",
    [
        'template = "a.j2"\nto = "bob/app/a"',
        'template = "a.j2"\nto = "bob/app/new/a"\nmkdir = true\nowner = "12345"',
        'template = "a.j2"\nto = "bob/app/deep/../a"',
        'template = "a.j2"\nto = "./hop//app/deep/a"',
        'template = "tree"\nto = "bob/app"',
        'template = "tree"\nto = "hop/app/new"\nmkdir = true',
    ],
)
def test_a_folder_that_is_a_link_of_another_user(trap: Site, entry: str) -> None:
    """He could have it lead to any folder of ours: nothing is made there."""
    trap.mapping(entry)
    before = trap.names()
    for act in (trap.render, trap.differing, trap.diff):
        assert "bob/app is a symbolic link of another user" in _refused(act)
    assert before == trap.names()


@ROOT
@pytest.mark.parametrize("way", ["bob/app/a", "hop/app/a", "link", "absolute/a"])
def test_a_file_of_an_option(trap: Site, way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same for `--output` of an export, also where our own link leads through his."""
    (trap.folder / "link").symlink_to("bob/app/a")
    (trap.folder / "absolute").symlink_to(trap.folder / "hop/app")
    monkeypatch.chdir(trap.folder)
    assert "bob/app is a symbolic link of another user" in _refused(lambda: write_atomically(way, b"x"))
    assert ["deep"] == names(trap.folder / "ours")


@ROOT
def test_a_link_that_is_laid_while_templates_are_rendered(trap: Site) -> None:
    """It is found before the first byte is written."""
    trap.mapping('template = "slow.j2"\nto = "bob/conf/a"\nmkdir = true')
    trap.write("slow.j2", '{% for item in tagged("t", kind="note") %}{% endfor %}x')

    def lay(_: Lookup) -> tuple[Item, ...]:
        _trap(trap.folder / "bob/conf", trap.folder / "ours")
        return ()

    def nothing(_: Lookup) -> Item:
        raise AssertionError("nothing is fetched")

    scope = Scope({}, trap.environ, nothing, lay)
    assert "bob/conf is a symbolic link of another user" in _refused(
        lambda: render_jobs(trap.jobs(), scope, trap.warnings.append)
    )
    assert ["deep"] == names(trap.folder / "ours")


def test_links_of_root_and_our_own(tmp_path: Path) -> None:
    """As /var/run is one, or the home directory; also one after the other, and to folders of folders."""
    let_pass(tmp_path)
    (tmp_path / "work").mkdir()
    (tmp_path / "roots").symlink_to(tmp_path / "work")
    tmp_path.chmod(0o755)
    (tmp_path / "work").chmod(0o777)
    with unprivileged():
        (tmp_path / "work/data").mkdir()
        (tmp_path / "work/..data").symlink_to("data")
        (tmp_path / "work/own").symlink_to("../roots/..data")
        write_atomically(f"{tmp_path}/roots/own/./file", b"x")
        assert ["file"] == names(tmp_path / "work/data")


def test_folders_that_lead_back_to_themselves(tmp_path: Path) -> None:
    """They are no folder, and nobody walks in a circle."""
    (tmp_path / "link").symlink_to("ring")
    (tmp_path / "ring").symlink_to("link")
    assert f"there is no directory {tmp_path}/ring" in _refused(lambda: write_atomically(f"{tmp_path}/ring/file", b"x"))


def _refused(act: Callable[[], object]) -> str:
    with pytest.raises(SinkError) as caught:
        act()
    return caught.value.message
