"""What stands outside of tags comes out byte for byte, whatever ends the lines."""

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mysafe_env.errors import TemplateError
from mysafe_env.scope import Scope
from mysafe_env.secret import Secret
from mysafe_env.templating import Template
from tests.render.site import Site
from tests.support.process import run

# A lone carriage return would be half of the line end that follows an empty line; it has a test of its own.
ENDS = st.sampled_from(["\n", "\r\n"])
VALUE = "it's\r\na \rvalue\n"
# What a line of a template gives, and what of it is rendered; None: a line of its own, which goes with its end.
LINES = st.sampled_from(
    [
        ("plain \x85 \u2028 \f", "plain \x85 \u2028 \f"),
        ("", ""),
        ("  {{ A }} and {{ A }}", f"  {VALUE} and {VALUE}"),
        ("{{ 'a\\nb' }}", "a\nb"),
        ("\t{% if A %}x{% endif %} y", "x y"),
        ("{# a comment #}y", "y"),
        ("{% raw %}{{ A }}{% endraw %} z", "{{ A }} z"),
        (" {% set b = 1 %}", None),
        ("{# a comment\r\n of two lines #}", None),
        ("{% if A -%} \r\n\r  x {% endif +%}", "x "),
    ]
)


def _rendered(text: str) -> str:
    def nothing(_: object) -> None:
        raise AssertionError("nothing is fetched")

    return Template(text, "t").render(Scope({"A": Secret(VALUE)}, {}, nothing, nothing))  # type: ignore[arg-type]  # see above


@given(text=st.text(st.sampled_from("a \t\r\n\x85\u2028%}#") | st.characters(exclude_characters="{")))
def test_a_text_without_tags_is_itself(text: str) -> None:
    """No character of it changes."""
    assert text == _rendered(text)


@given(lines=st.lists(st.tuples(LINES, ENDS), max_size=12))
def test_each_line_keeps_its_own_end(lines: list[tuple[tuple[str, str | None], str]]) -> None:
    """Also where the ends differ; a value keeps its own, and a tag that stands alone takes its line's end along."""
    text = "".join(source + end for (source, _), end in lines)
    assert "".join(made + end for (_, made), end in lines if made is not None) == _rendered(text)


@given(lines=st.lists(LINES, max_size=12))
def test_a_file_of_one_kind_stays_one(lines: list[tuple[str, str | None]]) -> None:
    """The same file with line feeds, and with carriage returns, gives the same text with those ends."""
    sources = [source.replace("\r\n", "\n") for source, _ in lines]
    made = [made for _, made in lines if made is not None]
    for end in ("\n", "\r\n", "\r"):
        text = "".join(source.replace("\n", end) + end for source in sources)
        assert "".join(line + end for line in made) == _rendered(text)


def test_errors_tell_the_line_of_an_editor() -> None:
    """Both characters of a line end count as one."""
    with pytest.raises(TemplateError, match=r"^t:3: \"NOPE\" is not there$"):
        _rendered("a\r\nb\r\n{{ NOPE }}\r\n")


def test_files_of_all_kinds(site: Site) -> None:
    """A rendered file, an included one, an imported one and a parent keep theirs; rendered again, nothing changes."""
    site.mapping('template = "conf"\nto = "etc"')
    site.write("conf/base.ini.j2", "[a]\r\n{% block b %}\r\n{% endblock %}\r\nend\n")
    site.write("conf/part.j2", "part={{ A }}\r\n")
    site.write("conf/macros.j2", "{% macro line(x) %}\r\nx={{ x }}\r\n{% endmacro %}\r\n")
    child = "{% extends 'base.ini.j2' %}\n{% import 'macros.j2' as m %}\n{% block b %}\n"
    site.write("conf/child.ini.j2", child + "{{ m.line(A) }}\n{% include 'part.j2' %}\nc\n{% endblock %}\n")
    site.render(A="v\r\n")
    assert "[a]\r\nx=v\r\n\r\n\npart=v\r\n\r\nc\nend\n" == site.read("etc/child.ini")
    assert [] == site.render(A="v\r\n")


def test_a_diff_of_line_ends(site: Site) -> None:
    """A file that gets other line ends shows them as changed."""
    site.mapping('template = "a.j2"\nto = "a"')
    site.write("a", "one\ntwo\n").chmod(0o600)
    site.write("a.j2", "one\r\ntwo\n")
    assert ["-one", "+one?", " two"] == site.diff()


def test_standard_input_and_output(site: Site) -> None:
    """Bytes go through."""
    site.write("vault.toml", "demo = true\n")
    command = [sys.executable, "-m", "mysafe_env", "render", "-", "--vault", "file:vault.toml"]
    assert b"a\r\nb\rc\n" == run(*command, folder=site.folder, stdin=b"a\r\nb\rc\n").stdout
