"""Two runs at once: one after the other, so that no file of the one stands beside a file of the other."""

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from mysafe_env.errors import SinkError
from tests.render.site import Site
from tests.support.process import DEADLINE_SECONDS, let_pass, unprivileged

LIMIT = "mysafe_env.sinks.rendering.locks._PATIENCE_SECONDS"


@contextmanager
def _holding(folder: Path) -> Iterator[None]:
    """Another run that is writing in a folder."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


@pytest.fixture
def two(site: Site) -> Site:
    """Files in two folders; one of these is still to be made."""
    site.mapping('template = "a.j2"\nto = "out/a"', 'template = "a.j2"\nto = "new/deep/a"\nmkdir = true')
    site.write("a.j2", "{{ A }}")
    site.write("out/a", "old")
    return site


@pytest.mark.parametrize("held", ["out", "."])
def test_a_run_waits_for_another_one(two: Site, held: str) -> None:
    """In its folder, or around a folder that is still to be made, and looks at the files only then."""
    two.write("out/a", "new").chmod(0o600)
    with _holding(two.folder / held):
        run = threading.Thread(target=two.render, kwargs={"A": "new"})
        run.start()
        run.join(0.1)
        assert run.is_alive()
        two.write("out/a", "of the other run")
    run.join(DEADLINE_SECONDS)
    assert ("new", "new") == (two.read("out/a"), two.read("new/deep/a"))


def test_a_run_does_not_wait_for_ever(two: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says where it waited."""
    monkeypatch.setattr(LIMIT, 0.05)
    with _holding(two.folder / "out"), pytest.raises(SinkError) as caught:
        two.render(A="new")
    told = f"{two.folder}/out has been locked for 0.05 seconds, by another run or another program"
    assert (told, True) == (caught.value.message, "lslocks" in caught.value.hint)
    assert "old" == two.read("out/a")


def test_looking_waits_for_nobody(two: Site) -> None:
    """Nothing is written."""
    with _holding(two.folder / "out"):
        assert ["out/a", "new/deep/a"] == two.differing(A="new")


def test_a_folder_that_can_not_be_opened_is_not_held(two: Site) -> None:
    """It can be written in all the same."""
    let_pass(two.folder)
    two.folder.chmod(0o777)
    (two.folder / "out").chmod(0o777)
    two.mapping('template = "a.j2"\nto = "own/a"')
    with unprivileged():
        (two.folder / "own").mkdir()
        (two.folder / "own").chmod(0o300)
        assert ["own/a"] == two.render(A="new")
        (two.folder / "own").chmod(0o700)
        assert "new" == two.read("own/a")
