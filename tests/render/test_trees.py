"""A folder as template: its tree is mirrored, and nothing leads out of it."""

import os
import stat
from pathlib import Path

import pytest

from mysafe_env.errors import MySafeEnvError
from tests.render.site import Site, names


@pytest.fixture
def tree(site: Site) -> Site:
    """An entry for a folder."""
    site.mapping('template = "conf"\nto = "etc"')
    site.write("conf/app.conf.j2", "{% import 'lib/macros.j2' as m %}{{ m.line(A) }}")
    site.write("conf/lib/macros.j2", "{% macro line(x) %}line={{ x }}{% endmacro %}")
    site.write("conf/lib/static.conf", "{{ as it is }}\n")
    return site


def _refused(site: Site, **values: str) -> str:
    with pytest.raises(MySafeEnvError) as caught:
        site.render(**values)
    return caught.value.message


def test_the_tree_is_mirrored(tree: Site) -> None:
    """Templates lose their suffix, other files are copied, and all of it is for the owner alone."""
    assert ["etc/app.conf", "etc/lib/macros", "etc/lib/static.conf"] == tree.render(A="x")
    assert ("line=x", "{{ as it is }}\n") == (tree.read("etc/app.conf"), tree.read("etc/lib/static.conf"))
    modes = [stat.S_IMODE((tree.folder / name).stat().st_mode) for name in ("etc", "etc/lib", "etc/app.conf")]
    assert [0o700, 0o700, 0o600] == modes
    assert [] == tree.render(A="x")


def test_bytes_and_scripts(tree: Site) -> None:
    """What is no text is copied as it is, and a script stays executable for its owner."""
    (tree.folder / "conf/logo").write_bytes(b"\xff\x00")
    tree.write("conf/run.sh.j2", "#!/bin/sh\n").chmod(0o755)
    tree.render(A="x")
    assert b"\xff\x00" == (tree.folder / "etc/logo").read_bytes()
    assert 0o700 == stat.S_IMODE((tree.folder / "etc/run.sh").stat().st_mode)


def test_a_mode_is_for_all_files(tree: Site) -> None:
    """Who may read them may enter the folders."""
    tree.mapping('template = "conf"\nto = "etc"\nmode = "0644"')
    tree.render(A="x")
    modes = [stat.S_IMODE((tree.folder / name).stat().st_mode) for name in ("etc", "etc/lib/macros")]
    assert [0o755, 0o644] == modes


def test_folders_above_the_target_need_mkdir(tree: Site) -> None:
    """The target folder itself is part of the tree."""
    tree.mapping('template = "conf"\nto = "var/etc"')
    assert f"there is no directory {tree.folder}/var" in _refused(tree, A="x")
    tree.mapping('template = "conf"\nto = "var/etc"\nmkdir = true')
    assert 3 == len(tree.render(A="x"))


@pytest.mark.parametrize("to", ["conf", "conf/out", "conf/../conf/lib"])
def test_a_tree_is_not_mirrored_into_itself(tree: Site, to: str) -> None:
    """The next rendering would mirror what this one wrote."""
    tree.mapping(f'template = "conf"\nto = "{to}"')
    assert f"render[1].to: {tree.folder}/{to} is in {tree.folder}/conf, and would be mirrored" in _refused(tree, A="x")


@pytest.mark.parametrize("name", ["pipe", "pipe.j2"])
def test_a_pipe_in_a_tree(tree: Site, name: str) -> None:
    """Nobody waits for a writer."""
    os.mkfifo(tree.folder / "conf" / name)
    assert f"can't read {tree.folder}/conf/{name}: it is not a regular file" == _refused(tree, A="x")


def test_a_file_that_is_only_a_suffix(tree: Site) -> None:
    """It is a hidden file, no template."""
    tree.write("conf/.j2", "{{ as it is }}")
    tree.render(A="x")
    assert "{{ as it is }}" == tree.read("etc/.j2")


def test_two_sources_of_one_file(tree: Site) -> None:
    """Both are named."""
    tree.write("conf/app.conf", "x")
    told = f"{tree.folder}/etc/app.conf is made of {tree.folder}/conf/app.conf and of {tree.folder}/conf/app.conf.j2"
    assert told == _refused(tree, A="x")


def test_a_mistake_in_one_file_writes_none(tree: Site) -> None:
    """All files of a tree belong to one transaction."""
    tree.write("conf/z.j2", "{{ NOPE }}")
    assert f'{tree.folder}/conf/z.j2:1: "NOPE" is not there' == _refused(tree, A="x")
    assert not (tree.folder / "etc").exists()


def test_a_template_that_is_a_link_out_of_the_tree(tree: Site) -> None:
    """It is refused; a link to another place in the tree is not, as in a mounted ConfigMap."""
    tree.write("conf/..data/real.j2", "real {{ A }}")
    (tree.folder / "conf/inner.j2").symlink_to("..data/real.j2")
    tree.render(A="x")
    assert ("real x", False) == (tree.read("etc/inner"), (tree.folder / "etc/..data").exists())
    (tree.folder / "conf/outer.j2").symlink_to(tree.folder / "mysafe.toml")
    assert "leads out of" in _refused(tree, A="x")


def test_a_folder_that_is_a_link(tree: Site) -> None:
    """It is not walked through, and told."""
    (tree.folder / "conf/more").symlink_to(tree.folder)
    assert "can't read" in _refused(tree, A="x")


@pytest.mark.parametrize("link", ["lib", "app.conf"])
def test_a_link_in_the_target_that_leads_out(tree: Site, link: str) -> None:
    """Neither a folder nor a file of ours is followed out of the target."""
    (tree.folder / "etc").mkdir()
    (tree.folder / "elsewhere").mkdir()
    target = tree.folder / "elsewhere" if link == "lib" else tree.write("elsewhere/file", "old")
    (tree.folder / "etc" / link).symlink_to(target)
    assert "leads out of" in _refused(tree, A="x")
    assert [] == [name for name in names(tree.folder / "elsewhere") if name != "file"]


def test_a_file_that_can_not_be_read(tree: Site, tmp_path: Path) -> None:
    """A pipe's other end is not there, and a link may lead nowhere."""
    (tmp_path / "conf/gone").symlink_to("nowhere")
    assert f"can't read {tmp_path}/conf/gone: No such file or directory" == _refused(tree, A="x")
