"""`--output`: where a template of the command line goes."""

import sys

import pytest

from tests.render.site import Site
from tests.support.process import Finished, run


@pytest.fixture
def here(site: Site) -> Site:
    """A folder with a template, a tree of one file, and an empty vault."""
    site.write("vault.toml", "demo = true\n")
    site.write("a.j2", "x\n")
    site.write("tree/mysafe.toml", "y\n")
    return site


@pytest.mark.parametrize("template", ["a.j2", "tree", "-"])
def test_a_name_that_is_empty(here: Site, template: str) -> None:
    """A shell variable that is not set names no file, and not the working folder either."""
    before = here.names()
    told = b"mysafe-env: error: --output names no file\nmysafe-env: hint: name one; an unset shell variable?\n"
    assert Finished(2, b"", told) == _render(here, template, "--output", "")
    assert before == here.names()


@pytest.mark.parametrize(("template", "output"), [("a.j2", "./mysafe.toml"), ("tree", "."), ("-", "link")])
def test_the_mapping_is_not_overwritten(here: Site, template: str, output: str) -> None:
    """By whichever name it is found there."""
    here.write("mysafe.toml", '[env]\nA = "1"\n')
    (here.folder / "link").symlink_to("mysafe.toml")
    refused = _render(here, template, "--output", output)
    assert (1, True) == (refused.code, b" is the mapping itself\n" in refused.stderr)
    assert '[env]\nA = "1"\n' == here.read("mysafe.toml")


@pytest.mark.parametrize("template", ["a.j2", "tree"])
def test_a_folder_that_is_not_there(here: Site, template: str) -> None:
    """The hint can be pasted into a shell, and speaks of no entry of a mapping."""
    refused = _render(here, template, "--output", "no dir/x/y")
    assert b"mysafe-env: hint: make it first: mkdir -p 'no dir/x'" == refused.stderr.splitlines()[1]


def _render(here: Site, *arguments: str) -> Finished:
    return run(
        sys.executable, "-m", "mysafe_env", "render", "--vault", "file:vault.toml", *arguments, folder=here.folder
    )
