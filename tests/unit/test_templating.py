"""Templates: strict, sandboxed, and silent about values."""

import base64
import contextlib
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mysafe_env.deadline import Deadline
from mysafe_env.errors import NoAccessError, SourceError, TemplateError, UnreachableError
from mysafe_env.fetching.asking import fetch
from mysafe_env.fetching.calls import Answer
from mysafe_env.fetching.choice import choose_all, choose_one
from mysafe_env.fetching.watch import NoWatch
from mysafe_env.items import KINDS, Item
from mysafe_env.references import Lookup
from mysafe_env.scope import Scope
from mysafe_env.secret import Secret
from mysafe_env.settings import CONCURRENCY
from mysafe_env.templating import Template
from tests.support.sources import MemorySource, item, lookup

CANARY = "canaryzqx"
FORMS = (CANARY, CANARY.upper(), CANARY[::-1], CANARY[:6], base64.b64encode(CANARY.encode()).decode())
ITEMS = [
    item("password", "1", name="db", username="app", tags="orders", password=CANARY),
    item("note", "2", name="key", tags="orders", note="n2"),
    item("note", "3", name="hollow"),
    item("secretapi", "4", name="stripe", identifier_code="live", client_secret="s4"),
    item("note", "5", name="sealed", tags="sealed", note="n5"),
]
REFUSED = {"5": NoAccessError("1006 for note 5")}


def _scope(values: Mapping[str, str] | None = None) -> Scope:
    source, answers = MemorySource(ITEMS, refuse=REFUSED), dict[Lookup, Answer]()

    def answered(wanted: Lookup, *, many: bool) -> dict[Lookup, Answer]:
        fetch(source, {wanted: many}, answers, Deadline(20), NoWatch(), concurrency=CONCURRENCY)
        return answers

    def one(wanted: Lookup) -> Item:
        return choose_one(wanted, answered(wanted, many=False))

    def many(wanted: Lookup) -> tuple[Item | SourceError, ...]:
        return choose_all(wanted, answered(wanted, many=True))

    secrets = {name: Secret(value) for name, value in (values or {}).items()}
    return Scope(secrets, {"HOME": "/root"}, one, many)


def _render(text: str, **values: str) -> str:
    return Template(text, "t.j2").render(_scope(values))


def _refusal(text: str, **values: str) -> TemplateError:
    with pytest.raises(TemplateError) as caught:
        _render(text, **values)
    return caught.value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{ A }}", "a/b c"),
        ("{{ env.A }}{{ env['A'] }}", "a/b ca/b c"),
        ("{{ A|urlencode }}", "a%2Fb%20c"),
        ("{{ environ.HOME }}", "/root"),
        ("<{{ A }}&>", "<a/b c&>"),
        ("{% if true %}\nx\n{% endif %}\n", "x\n"),
        ("  {% if true %}\n  x\n  {% endif %}\n", "  x\n"),
        ("x\n\n", "x\n\n"),
        ("{{ secret('mysafe://note/key') }}", "n2"),
        ("{{ secret('mysafe://secretapi/live#name') }}", "stripe"),
        ("{{ secret('mysafe://note/' ~ 'k' ~ 'ey') }}", "n2"),
        ("{{ item('password', name='db').username }}", "app"),
        ("{{ item('note', identifier=2).note }}", "n2"),
        ("{{ item('note', name='hollow').note|default('none') }}", "none"),
        ("{% for each in tagged('orders') %}{{ each.name }} {% endfor %}", "db key "),
        ("{{ tagged('orders', kind='note')[0].note }}", "n2"),
        ("{{ tagged('orders', 'note')|length }}", "1"),
        ("{{ tagged('orders', kind=['note', 'password'])|map(attribute='name')|join(',') }}", "key,db"),
        ("{{ NOPE is defined }}{{ NOPE|default('x') }}", "Falsex"),
        ("{{ env.NOPE|default('x') }}", "x"),
    ],
)
def test_rendered(text: str, expected: str) -> None:
    """The scope's values, items and functions are there, and text stays as it is."""
    assert expected == _render(text, A="a/b c")


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("\n\n{{ NOPE }}", 't.j2:3: "NOPE" is not there', "known are: DB, env, environ, item, secret, tagged"),
        ("{{ env.NOPE }}", 't.j2:1: "NOPE" is not there', None),
        ("{{ DBB }}", 't.j2:1: "DBB" is not there', 'did you mean "DB"?'),
        ("{{ [NOPE] }}", 't.j2:1: "NOPE" is not there', None),
        ("{{ item('note', name='hollow').note }}", 't.j2:1: "note" is not there', None),
        ("{{ secret('mysafe://note/hollow') }}", 't.j2:1: note name "hollow" has no note', None),
        ("{{ secret('mysafe://note/nope') }}", 't.j2:1: no item matches note name "nope"', None),
        ("{{ secret('mysafe://nots/a') }}", 't.j2:1: there is no kind "nots"; did you mean "note"?', None),
        ("{{ secret('hello') }}", "t.j2:1: this is no reference; write mysafe://", None),
        ("{{ item('note', name='nope') }}", 't.j2:1: no item matches note name "nope"', None),
        ("{{ item('nots', name='a') }}", 't.j2:1: there is no kind "nots"; did you mean "note"?', None),
        ("{{ item('note') }}", 't.j2:1: item("note") says no item; add a selector: tag, name, identifier', None),
        ("{{ item('note', nme='a') }}", 't.j2:1: a note has no selector "nme"; did you mean "name"?', None),
        (
            "{{ tagged('nope') }}",
            't.j2:1: no item matches password, note or secretapi tag "nope"',
            f"see what this access key can read with: {'; '.join(f'mysafe-env list {kind}' for kind in KINDS)}",
        ),
        ("{{ tagged('nope', kind='note') }}", 't.j2:1: no item matches note tag "nope"', None),
        ("{{ tagged('sealed', kind='note')|length }}", "t.j2:1: 1006 for note 5", None),
        ("{{ DB.__class__ }}", 't.j2:1: uses "__class__", which the sandbox forbids', None),
        ("{{ env.update({}) }}", 't.j2:1: uses "update", which the sandbox forbids', None),
        ("{{ secret.__wrapped__ }}", 't.j2:1: uses "__wrapped__", which the sandbox forbids', None),
        ("{{ DB|attr('__cl' ~ 'ass__') }}", "t.j2:1: leaves the sandbox", None),
        ("{% include 'nope.j2' %}", "t.j2:1: ", None),
        ("{{ 1 / 0 }}", "t.j2:1: fails with ZeroDivisionError", "its text is not shown, it may quote a value"),
    ],
)
def test_refused_while_rendering(text: str, message: str, hint: str | None) -> None:
    """What is not there, or not allowed, is told with its line."""
    error = _refusal(text, DB="x")
    assert error.message.startswith(message)
    assert hint in {error.hint, None}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x\n{{ A", "t.j2:2: unexpected end of template, expected 'end of print statement'"),
        ("{% if A %}", "t.j2:1: unexpected end of template"),
        ("{{ A|nosuch }}", "t.j2:1: no filter named 'nosuch'"),
        ("{{ A is nosuch }}", "t.j2:1: no test named 'nosuch'"),
        ("{% nosuch %}", "t.j2:1: encountered unknown tag 'nosuch'"),
        ("{{ " + "(" * 3000 + "1" + ")" * 3000 + " }}", "t.j2: is nested too deeply"),
        ("{{ A" + ".a" * 3000 + " }}", "t.j2: is nested too deeply"),
        ("{{ " + "9" * 5000 + " }}", "t.j2: is more than Python can compile (ValueError)"),
        ("{% for i in A %}" * 25 + "{% endfor %}" * 25, "t.j2: is more than Python can compile (SyntaxError)"),
    ],
)
def test_refused_while_reading(text: str, message: str) -> None:
    """What is no template is told with its line, as a sentence of ours."""
    with pytest.raises(TemplateError) as caught:
        Template(text, "t.j2")
    assert caught.value.message.startswith(message)
    assert not caught.value.message.endswith(".")


LEAKS = [
    *("{{ env[A] }}", "{{ {}[A] }}", "{{ A[A] }}", "{{ A.nope[A] }}", "{{ A|attr(A) }}", "{{ A() }}", "{{ A + 1 }}"),
    *("{{ A|int + A }}", "{{ '%d' % A }}", "{{ A|xmlattr }}", "{{ '{0.nope}'.format(A) }}", "{{ A|round }}"),
    *(
        "{{ '{0.__class__}'.format(A) }}",
        "{{ [1]|map(A)|list }}",
        "{{ [1]|map(attribute=A)|list }}",
        "{{ [1]|select(A)|list }}",
    ),
    *("{{ 1 is divisibleby(A) }}", "{% for a, b in [A[:1]] %}{% endfor %}", "{% include A %}", "{% import A as x %}"),
    *(
        "{% extends A %}",
        "{% from A import x %}",
        "{{ secret(A) }}",
        "{{ secret('mysafe://' ~ A) }}",
        "{{ secret('mysafe://note/' ~ A) }}",
    ),
    *(
        "{{ secret('mysafe://note?' ~ A ~ '=x') }}",
        "{{ secret('mysafe://note/key#' ~ A) }}",
        "{{ secret('mysafe://note/key%' ~ A) }}",
    ),
    *(
        "{{ secret('mysafe://note/' ~ A|upper) }}",
        "{{ secret('mysafe://note/' ~ A|reverse) }}",
        "{{ item(A, name='x') }}",
    ),
    *(
        "{{ item('note', name=A) }}",
        "{{ item('password', name='db', username=A|upper) }}",
        "{{ item('note', **{A: 'x'}) }}",
    ),
    *("{{ item('password', name='db', username=A[:6]) }}", "{{ item('password', name='\"', username='\"' ~ A) }}"),
    *(
        "{{ item('note', name=item('password', name='db').password) }}",
        "{{ item('note', name=[A]) }}",
        "{{ item('note', tag=A, name='x') }}",
    ),
    *(
        "{{ tagged(A) }}",
        "{{ tagged('x', kind=A) }}",
        "{{ tagged('x', kind=[A]) }}",
        "{{ tagged('orders', A) }}",
        "{{ tagged(secret('mysafe://password/db')) }}",
    ),
    *("{{ item('password', name='db')[A] }}", "{{ item('password', name='db').password.nope }}", "{{ environ[A] }}"),
    *(
        "{% set ns = namespace(x=A) %}{{ ns[A] }}",
        "{{ dict([A]) }}",
        "{{ range(A) }}",
        "{{ A|tojson|nope }}",
        "{{ A|center(A) }}",
    ),
    *("{% macro m(x) %}{{ x.nope }}{% endmacro %}{{ m(A) }}", "{% macro m(x) %}{{ m(x) }}{% endmacro %}{{ m(A) }}"),
    *(
        "{% filter nope(A) %}x{% endfilter %}",
        "{{ A.format_map({}) }}{{ NOPE }}",
        "{{ A|groupby(A) }}",
        "{{ A|float(A) - 1 }}",
    ),
]


@pytest.mark.parametrize("text", LEAKS)
def test_no_error_repeats_a_value(text: str) -> None:
    """However a template fails, what was computed from a value stays out of its words and of its traceback."""
    error = _refusal(text, A=CANARY)
    assert [] == [form for form in FORMS if form in error.message + error.hint]
    assert error.__suppress_context__
    assert error.message.startswith("t.j2:")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{{ "a" * 10**9 }}', "* makes more than any config file holds"),
        ("{{ A * 10**9 }}", "* makes more than any config file holds"),
        ("{{ (10**9 * [A])|length }}", "* makes more than any config file holds"),
        ("{{ 9 ** (9 ** 9) }}", "** makes more than any config file holds"),
        ("{% for i in range(10**9) %}{% endfor %}", "fails with OverflowError"),
    ],
)
def test_what_no_config_file_holds(text: str, message: str) -> None:
    """An operation, a range or a loop that makes far too much is refused before the memory is full."""
    assert f"t.j2:1: {message}" == _refusal(text, A="a").message


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("{{ self }}", "self"),
        ("{% for each in [1] %}{{ loop }}{% endfor %}", "loop"),
        ("{% macro m() %}{{ caller }}{% endmacro %}{% call m() %}x{% endcall %}", "caller"),
        ("{% macro item() %}x{% endmacro %}{{ item }}", "item"),
        ("{{ secret }}", "secret"),
    ],
)
def test_a_name_of_the_language_has_no_text(text: str, name: str) -> None:
    """Where it hides a variable, printing it is an error that says how to reach the variable."""
    error = _refusal(text, **{name: CANARY})

    assert (
        f"t.j2:1: prints {name}, which is a name of the template language there, and no text",
        f'for a variable of that name, write env["{name}"]',
    ) == (error.message, error.hint)
    assert CANARY == _render(f'{{{{ env["{name}"] }}}}', **{name: CANARY})


def test_the_parent_of_a_block_has_no_text(tmp_path: Path) -> None:
    """The same goes for `super`, which is there in a block that replaces another."""
    (tmp_path / "base.j2").write_text("{% block b %}{% endblock %}")
    template = Template('{% extends "base.j2" %}{% block b %}{{ super }}{% endblock %}', "t.j2", str(tmp_path))
    with pytest.raises(TemplateError, match="prints super, which is a name of the template language there"):
        template.render(_scope({"super": CANARY}))


def test_a_name_of_the_language_where_it_means_nothing() -> None:
    """Outside of its place it is a variable as any other, and inside it does what it is for."""
    text = '{{ loop }}{% for each in "ab" %}{{ loop.index }}{% endfor %}{% block b %}{% endblock %}{{ self.b() }}'

    assert f"{CANARY}12" == _render(text, loop=CANARY)


def test_a_loop_without_end() -> None:
    """Output is counted while it is made, tiny pieces too."""
    endless = "{% for i in range(99999) %}{% for j in range(99999) %}a few bytes {{ A }}{% endfor %}{% endfor %}"
    error = _refusal(endless, A="and some more")
    assert "t.j2: it makes more than any config file holds" == error.message


def test_what_is_repeated_and_multiplied() -> None:
    """Ordinary sums and repetitions are as they were."""
    assert "aaa aaa 6 8 7.5 [1, 1]" == _render(
        "{{ A * 3 }} {{ 3 * A }} {{ 2 * 3 }} {{ 2 ** 3 }} {{ 2.5 * 3 }} {{ [1] * 2 }}", A="a"
    )
    assert "t.j2:1: fails with TypeError" == _refusal("{{ A * A }}", A="a").message


def test_an_argument_that_the_text_holds_is_repeated() -> None:
    """What the author wrote is told, also when it came through a variable of the template."""
    error = _refusal("{% for name in ['nope'] %}\n{{ secret('mysafe://note/' ~ name) }}{% endfor %}")
    assert 't.j2:2: no item matches note name "nope"' == error.message


def test_hints_of_lookups_are_kept() -> None:
    """A lookup's hint is the template error's hint."""
    assert (
        "see what this access key can read with: mysafe-env list note"
        == _refusal("{{ secret('mysafe://note/x') }}").hint
    )


def test_an_outage_in_a_lookup() -> None:
    """What happens while a template looks something up is told as the template's error."""

    def fail(_: Lookup) -> Item:
        raise UnreachableError("no route to the server", "look at the cable")

    with pytest.raises(TemplateError) as caught:
        Template("{{ item('note', name='x') }}", "t.j2").render(Scope({}, {}, fail, lambda _: ()))
    assert ("t.j2:1: no route to the server", "look at the cable") == (caught.value.message, caught.value.hint)


def test_includes(tmp_path: Path) -> None:
    """Other files of the template's folder can be included; none outside of it."""
    (tmp_path / "part.j2").write_text("{{ A }}!")
    (tmp_path / "broken.j2").write_text("\n{{ A")
    (tmp_path / "inner").mkdir()
    assert "x!" == Template("{% include 'part.j2' %}", "t.j2", str(tmp_path)).render(_scope({"A": "x"}))
    with pytest.raises(TemplateError, match=r'^t\.j2:1: includes "\.\./part\.j2", which is not in its folder$'):
        Template("{% include '../part.j2' %}", "t.j2", str(tmp_path / "inner")).render(_scope({"A": "x"}))
    with pytest.raises(TemplateError, match=r"/broken\.j2:2: unexpected end of template"):
        Template("{% include 'broken.j2' %}", "t.j2", str(tmp_path)).render(_scope({"A": "x"}))


@pytest.mark.parametrize(
    ("text", "lookups"),
    [
        ("{{ secret('mysafe://note/a#name') }}", [(lookup("note", name="a"), False)]),
        ("{{ item('note', identifier=7) }}", [(lookup("note", identifier="7"), False)]),
        ("{{ item('note', name='a' ~ 'b') }}", [(lookup("note", name="ab"), False)]),
        ("{{ tagged('a', kind='note') }}", [(lookup("note", tag="a"), True)]),
        ("{{ tagged('a', 'note') }}", [(lookup("note", tag="a"), True)]),
        ("{{ tagged('a') }}", [(lookup(kind, tag="a"), True) for kind in ("password", "note", "secretapi")]),
        ("{% if X %}{{ secret('mysafe://note/a') }}{% endif %}", [(lookup("note", name="a"), False)]),
        ("{{ secret(uri='mysafe://note/a') }}", []),
        ("{{ secret('mysafe://note/' ~ X) }}", []),
        ("{{ secret(X) }}{{ item(X, name='a') }}{{ item('note', name=X) }}{{ tagged(X) }}", []),
        ("{{ secret('nonsense') }}{{ secret() }}{{ item() }}{{ tagged() }}{{ item(7, name='a') }}", []),
        ("{{ item('nots', name='a') }}{{ item('note') }}{{ tagged('a', kind=7) }}", []),
        ("{{ X.secret('mysafe://note/a') }}{{ other('x') }}", []),
    ],
)
def test_lookups_that_the_text_tells(text: str, lookups: list[tuple[Lookup, bool]]) -> None:
    """Constant arguments are found before rendering, all others when it is their turn."""
    assert lookups == [*Template(text, "t.j2").needs().lookups]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("{{ A }}{{ B.c }}{{ env.D }}{{ environ.E }}", {"A", "B"}),
        ("{% for a in A %}{{ a }}{{ loop.index }}{% endfor %}{% set x = B %}{{ x }}", {"A", "B"}),
        ("{{ secret('x') }}{{ item('x') }}{{ tagged('x') }}{{ range(2) }}", set()),
        ("{{ A|default(B) }}", {"A", "B"}),
    ],
)
def test_names_that_the_text_uses(text: str, names: set[str]) -> None:
    """Names are those that only the scope can give."""
    assert names == Template(text, "t.j2").needs().names


_pieces = st.sampled_from(
    [
        "{{",
        "}}",
        "{%",
        "%}",
        "{#",
        "#}",
        "A",
        "|",
        "'",
        '"',
        "(",
        ")",
        "[",
        "]",
        ".",
        "~",
        " ",
        "\n",
        "if ",
        "endif",
        "for ",
        "in ",
        "set ",
        "=",
        "0",
        "\\",
        "item",
        "secret",
        "%s",
        "x",
    ]
)


@settings(max_examples=150)
@given(st.lists(_pieces, max_size=14).map("".join) | st.text(max_size=30))
def test_text_or_a_template_error(text: str) -> None:
    """Whatever a template holds, it is rendered or fails with a `TemplateError` that shows no value."""
    with contextlib.suppress(TemplateError):
        try:
            _render(text, A=CANARY)
        except TemplateError as error:
            assert CANARY not in error.message + error.hint  # noqa: PT017  # a success is fine too
            raise
