"""Templates that include, import and extend others: where these are found, what they need, and how they fail."""

from pathlib import Path

import pytest

from mysafe_env.errors import TemplateError
from mysafe_env.items import Item
from mysafe_env.references import Lookup
from mysafe_env.scope import Scope
from mysafe_env.secret import Secret
from mysafe_env.templating import Template, read_template
from tests.render.site import Site
from tests.support.process import run_python
from tests.support.sources import item, lookup

ITEM = item("password", "1", name="db", username="app", password="it's $ecret")


def _scope(asked: list[Lookup]) -> Scope:
    def one(wanted: Lookup) -> Item:
        asked.append(wanted)
        return ITEM

    return Scope(
        {"DB_PASSWORD": Secret("a$b"), "DB_USER": Secret("app")}, {"HOME": "/root"}, one, lambda wanted: (one(wanted),)
    )


def _rendered(site: Site, text: str, *search: str) -> str:
    site.write("t.j2", text)
    return read_template(str(site.folder / "t.j2"), search).render(_scope([]))


def _refusal(site: Site, text: str, *search: str) -> TemplateError:
    with pytest.raises(TemplateError) as caught:
        _rendered(site, text, *search)
    return caught.value


@pytest.fixture
def parts(site: Site) -> Site:
    """Templates of every kind."""
    site.write("part.j2", "part {{ DB_PASSWORD }}")
    site.write("base.j2", "<{% block body %}{% endblock %}>{{ secret('mysafe://password/base') }}")
    site.write("macros.j2", "{% macro user() %}{{ item('password', name='db').username }}{% endmacro %}")
    site.write("sub/nested.j2", "{% include 'part.j2' %}!")
    site.write("more/elsewhere.j2", "elsewhere {{ env.DB_PASSWORD }}")
    return site


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{% include 'part.j2' %}", "part a$b"),
        ("{% include 'sub/nested.j2' %}", "part a$b!"),
        ("{% extends 'base.j2' %}{% block body %}x{% endblock %}", "<x>it's $ecret"),
        ("{% import 'macros.j2' as m %}{{ m.user() }}", "app"),
        ("{% from 'macros.j2' import user %}{{ user() }}", "app"),
        ("{% include ['none.j2', 'part.j2'] %}", "part a$b"),
        ("{% include 'none.j2' ignore missing %}", ""),
        ("{% include 'pa' ~ 'rt.j2' %}", "part a$b"),
        ("{% set name = 'part.j2' %}{% include name %}", "part a$b"),
    ],
)
def test_other_templates(parts: Site, text: str, expected: str) -> None:
    """They are found in the template's folder; imported macros may use the scope too."""
    assert expected == _rendered(parts, text)


def test_the_template_path(parts: Site) -> None:
    """Other folders are looked in after the template's own."""
    more = str(parts.folder / "more")
    parts.write("more/part.j2", "the other one")
    assert "elsewhere a$b part a$b" == _rendered(parts, "{% include 'elsewhere.j2' %} {% include 'part.j2' %}", more)


@pytest.mark.parametrize("name", ["../mysafe.toml", "/etc/passwd", "sub/../../x", "more/elsewhere.j2/../../part.j2"])
def test_nothing_is_loaded_from_elsewhere(parts: Site, name: str) -> None:
    """Neither an absolute path nor one that leads up."""
    assert "which is not in its folder" in _refusal(parts, f"\n{{% include '{name}' %}}").message


def test_a_name_that_is_almost_right(parts: Site) -> None:
    """The hint names the file that was probably meant."""
    error = _refusal(parts, "\n{% include 'prat.j2' %}")
    assert f'{parts.folder}/t.j2:2: includes "prat.j2", which is not in its folder' == error.message
    assert error.hint.startswith('did you mean "part.j2"?; other folders are named with --template-path')


@pytest.mark.parametrize(
    ("part", "message", "hint"),
    [
        ("\n{{ DB_PASWORD }}", 'part.j2:2: "DB_PASWORD" is not there', 'did you mean "DB_PASSWORD"?'),
        ("\n\n{{ DB_PASSWORD", "part.j2:3: unexpected end of template", ""),
        ("\n{{ DB_PASSWORD|nginxx }}", "part.j2:2: no filter named 'nginxx'", 'did you mean "nginx"?'),
        ("\n{{ DB_PASSWORD is sting }}", "part.j2:2: no test named 'sting'", 'did you mean "string"?'),
        ("\n{{ DB_PASSWORD|nginx }}", "part.j2:2: nginx can't take DB_PASSWORD: it holds a $", None),
        ("{{ item('password', name='db').usrname }}", 'part.j2:1: "usrname" is not there', 'did you mean "username"?'),
        ("{{ env.DB_PASWORD }}", 'part.j2:1: "DB_PASWORD" is not there', 'did you mean "DB_PASSWORD"?'),
        ("{{ environ.HOMEE }}", 'part.j2:1: "HOMEE" is not there', 'did you mean "HOME"?'),
        ("{{ {'a$b': 1}.x }}", 'part.j2:1: "x" is not there', ""),
        ("{{ [NOPE]|tojson }}", 'part.j2:1: "NOPE" is not there', None),
        ("{{ NOPE|toyaml }}", 'part.j2:1: "NOPE" is not there', None),
        ("{{ NOPE|totoml }}", 'part.j2:1: "NOPE" is not there', None),
        ("{{ NOPE|nginx }}", 'part.j2:1: "NOPE" is not there', None),
        ("{{ 1 / 0 }}", "part.j2:1: fails with ZeroDivisionError", None),
    ],
)
@pytest.mark.parametrize("including", ["{% include 'part.j2' %}", "{% set n = 'part.j2' %}\n{% include n %}"])
def test_mistakes_in_an_included_template(
    parts: Site, including: str, part: str, message: str, hint: str | None
) -> None:
    """Its own file and line are told, with the names that exist."""
    parts.write("part.j2", part)
    error = _refusal(parts, including)
    assert error.message.startswith(f"{parts.folder}/{message}") or "named" in message
    assert hint in {error.hint, None} or "named" in message


@pytest.mark.parametrize(
    ("expression", "told"),
    [
        ("DB_PASSWORD", "DB_PASSWORD"),
        ("env.DB_PASSWORD", "env.DB_PASSWORD"),
        ("DB_PASSWORD|trim", "DB_PASSWORD"),
        ("secret('mysafe://password/db')", 'secret("mysafe://password/db")'),
        ("item('password', name='db').password", 'item("password").password'),
        ("(DB_PASSWORD ~ 'x')", "the value"),
    ],
)
def test_what_a_filter_refused_is_named(site: Site, expression: str, told: str) -> None:
    """By the words of the template, never by its value."""
    error = _refusal(site, f"x\n{{{{ {expression}|nginx }}}}")
    assert f"{site.folder}/t.j2:2: nginx can't take {told}: it holds a $" in error.message
    assert ("a$b" in error.message, "change the value, or put it where its reader has no such rule") == (
        False,
        error.hint,
    )


def test_two_candidates_on_a_line(site: Site) -> None:
    """The variable with the value is named, or all if none has it."""
    for text, told in (
        ("{% set X = '' %}{{ X|nginx }}{{ DB_PASSWORD|nginx }}", "DB_PASSWORD"),
        ("{% set X = '$' %}{{ DB_USER|nginx }}{{ X|nginx }}", "DB_USER or X"),
    ):
        assert f"can't take {told}: it holds" in _refusal(site, text).message


def test_constant_lookups_of_all_templates_are_known_before(parts: Site) -> None:
    """Also those of templates that are included by included ones, under constant names."""
    parts.write("sub/nested.j2", "{{ secret('mysafe://note/deep') }}{% include 'sub/nested.j2' %}")
    parts.write("part.j2", "{% include 'sub/nested.j2' %}{% include X %}")
    parts.write("t.j2", "{% extends 'base.j2' %}{% import 'macros.j2' as m %}{% include ['none.j2', 'part.j2', X] %}")
    lookups = [wanted for wanted, _ in read_template(str(parts.folder / "t.j2")).needs().lookups]
    expected = {lookup("password", name="base"), lookup("password", name="db"), lookup("note", name="deep")}
    assert (expected, 3) == ({*lookups}, len(lookups))


def test_a_template_in_another_encoding(parts: Site) -> None:
    """The included file is named."""
    (parts.folder / "part.j2").write_bytes(b"\xff")
    for text in ("{% include 'part.j2' %}", "{% set n = 'part.j2' %}{% include n %}"):
        assert f"the template {parts.folder}/part.j2 is not UTF-8 text" in _refusal(parts, text).message


@pytest.mark.parametrize(
    ("name", "reason"), [("none.j2", "No such file"), (".", "Is a directory"), ("nul\0.j2", "is not a file name")]
)
def test_a_template_that_can_not_be_read(tmp_path: Path, name: str, reason: str) -> None:
    """The reason is told."""
    with pytest.raises(TemplateError, match=reason):
        read_template(str(tmp_path / name))


@pytest.mark.parametrize(
    "text", ["{% include 't.j2' %}", "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "{% extends 't.j2' %}"]
)
def test_a_template_that_uses_itself(site: Site, text: str) -> None:
    """It is told, with the line."""
    error = _refusal(site, f"x\n{text}")
    assert f"{site.folder}/t.j2:2: uses itself without an end" == error.message


@pytest.mark.parametrize(
    "expression",
    [
        "item('password', name='db')",
        "tagged('x', 'password')",
        "env",
        "environ",
        "env ~ 'x'",
        "item('password', name='db')|nginx",
    ],
)
def test_a_whole_item_is_not_printed(site: Site, expression: str) -> None:
    """Python's form of a mapping is that of no config file; the languages that have one take it."""
    error = _refusal(site, f"x\n{{{{ {expression} }}}}")
    assert f"{site.folder}/t.j2:2: prints a whole item or environment, not one value of it" == error.message
    assert '"HOME": "/root"' in _rendered(site, "{{ environ|tojson }}")


@pytest.mark.parametrize(
    ("expression", "form"),
    [
        ("item('password', 'db')", 'item("password", name="...")'),
        ("secret()", 'secret("mysafe://...")'),
        ("tagged('x', 'y', 'z')", 'tagged("...", kind="password")'),
        ("'a'|htpasswd", "htpasswd(user, rounds=10)"),
        ("'a'|nginx(DB_PASSWORD)", "nginx"),
        ("'a'|indent(**{DB_PASSWORD: 1})", "indent(width=4, first=False, blank=False)"),
    ],
)
def test_a_wrong_call(site: Site, expression: str, form: str) -> None:
    """It is told how the function is called; Python's words may hold a value."""
    error = _refusal(site, f"x\n{{{{ {expression} }}}}")
    name = form.partition("(")[0]
    assert (
        f"{site.folder}/t.j2:2: {name} is called with arguments that it does not take, or lacks some" == error.message
    )
    assert f"write {form}" == error.hint


def test_a_wrong_type_inside_of_a_call(site: Site) -> None:
    """The call is right, and what it is about is not."""
    assert f"{site.folder}/t.j2:1: fails with TypeError" == _refusal(site, "{{ 'a'|indent(7.5) }}").message


def test_each_rendering_has_its_own_values(parts: Site) -> None:
    """An imported template remembers nothing."""
    parts.write("m.j2", "{% set x = DB_PASSWORD %}{% macro y() %}{{ x }}{% endmacro %}")
    template = Template("{% import 'm.j2' as m %}{{ m.y() }}", "t.j2", str(parts.folder))
    scopes = (Scope({"DB_PASSWORD": Secret(text)}, {}, _scope([]).one, _scope([]).many) for text in "ab")
    assert ["a", "b"] == [template.render(scope) for scope in scopes]


def test_bcrypt_needs_its_package() -> None:
    """The error says what to install."""
    code = """
import sys
sys.modules["bcrypt"] = None
from mysafe_env.errors import TemplateError
from mysafe_env.scope import Scope
from mysafe_env.templating import Template
try:
    Template("{{ 'x'|bcrypt }}", "t.j2").render(Scope({}, {}, print, print))
except TemplateError as error:
    print(error.message, error.hint, sep="; ")
"""
    expected = (
        "t.j2:1: bcrypt can't take the value: the package bcrypt is not installed; pip install 'mysafe-env[bcrypt]'"
    )
    assert expected == run_python(code).output
