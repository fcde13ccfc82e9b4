"""Templates that stumble over a secret: Jinja2's own messages would quote it."""

import pytest

from tests.canary.cage import MARK, Cage

STUMBLES = (
    "{{ {}[S] }}",
    "{{ environ[S] }}",
    "{{ env[S] }}",
    "{{ [1, 2][S] }}",
    "{{ S.nowhere }}",
    "{{ S.nowhere() }}",
    "{{ S() }}",
    "{{ S + 1 }}",
    "{{ 1 + S }}",
    "{{ '%d' % S }}",
    "{{ S % 1 }}",
    "{{ S|int / 0 }}",
    "{{ S|round }}",
    "{{ S|b64decode }}",
    "{{ S|nginx }}{{ (S ~ '$')|nginx }}",
    "{{ S|indent(S) }}",
    "{{ S|truncate(S) }}",
    "{{ S|dictsort }}",
    "{{ S|map(attribute=S)|list }}",
    "{{ S|map(S)|list }}",
    "{{ S|select(S)|list }}",
    "{{ S|tojson(S) }}",
    "{{ S|format(1, 2) }}",
    "{{ S|attr(S) }}",
    "{{ S|filesizeformat }}",
    "{{ S|groupby(S) }}",
    "{{ S|batch(S)|list }}",
    "{{ S|replace(1, 2, S) }}",
    "{{ [S]|sum }}",
    "{{ range(S) }}",
    "{{ range(S|length * 1000000) }}",
    "{{ dict(S) }}",
    "{{ namespace(S) }}",
    "{{ cycler(S)[S] }}",
    "{{ lipsum(S) }}",
    "{{ joiner(S)(S) }}",
    "{{ secret(S) }}",
    "{{ secret('mysafe://note/' ~ S) }}",
    "{{ item(S, name=S) }}",
    "{{ item('note', **{S: S}) }}",
    "{{ item('note', name=S) }}",
    "{{ item('note', name='key')[S] }}",
    "{{ item('note', name='key').nowhere }}",
    "{{ tagged(S) }}",
    "{{ tagged('all', kind=S) }}",
    "{% include S %}",
    "{% extends S %}",
    "{% import S as x %}",
    "{% from S import x %}",
    "{% for a, b in S %}{% endfor %}",
    "{% for a in 5 %}{{ S }}{% endfor %}",
    "{% if S is divisibleby(S) %}{% endif %}",
    "{% if S is in(5) %}{% endif %}",
    "{% if S < 5 %}{% endif %}",
    "{% call S() %}{% endcall %}",
    "{% filter indent(S) %}x{% endfilter %}",
    "{{ S.format(x=S) }}{{ '{0.nowhere}'.format(S) }}",
    "{{ '{x.__class__}'.format(x=S) }}",
    "{{ S.__class__.__mro__ }}",
    "{{ S.encode('nowhere') }}",
    "{{ S.encode('ascii').decode(S) }}",
    "{{ S.index('nowhere') }}",
    "{{ S.join([1]) }}",
    "{{ (S ~ '\ud800'|string) }}{{ S|b64decode }}",
    "{{ caller(S) }}",
    "{{ self[S] }}",
    "{% set ns = namespace() %}{{ ns[S] }}",
    "{% macro m(a) %}{{ a.x.y }}{% endmacro %}{{ m(S) }}",
    "{{ S|urlencode|int|nginx|nowhere }}",
)


@pytest.mark.parametrize("text", STUMBLES)
def test_a_template_that_stumbles_shows_no_value(cage: Cage, text: str) -> None:
    """The message says which template and what kind of mistake; the value is only in what was rendered."""
    template = text.encode(errors="surrogatepass")
    cage.write({"one.toml": '[env]\nS = { kind = "password", tag = "db" }\n'}).write({"bad.j2": template})
    cage.run("mysafe-env", "render", "-v", "-m", "one.toml", "bad.j2", sink=True)
    cage.write({"two.toml": '[[render]]\ntemplate = "bad.j2"\nto = "made"\n'})
    cage.run("mysafe-env", "check", "-v", "-m", "one.toml", "-m", "two.toml")


@pytest.mark.parametrize("text", [text for text in STUMBLES if '"' not in text and "\ud800" not in text])
def test_a_template_in_a_mapping_shows_no_value(cage: Cage, text: str) -> None:
    """The same for a variable that is made of others, in every command that makes it."""
    entry = f'S = {{ kind = "password", tag = "db" }}\nT = {{ template = "{text}" }}\n'
    cage.write({"one.toml": f"[env]\n{entry}"})
    cage.run("mysafe-run", "-v", "-m", "one.toml", "true")
    cage.run("mysafe-env", "check", "-v", "-m", "one.toml")


def test_a_rendered_value_is_not_rendered_again(cage: Cage) -> None:
    """A value that looks like a template is text."""
    cage.write({"vault.toml": f'[[note]]\nname = "n"\nnote = "{{{{ {MARK} }}}}"\n', "t.j2": "{{ N }}"})
    cage.write({"one.toml": '[env]\nN = "mysafe://note/n"\n'})
    done = cage.run("mysafe-env", "render", "-m", "one.toml", "t.j2", sink=True)
    assert f"{{{{ {MARK} }}}}".encode() == done.stdout
