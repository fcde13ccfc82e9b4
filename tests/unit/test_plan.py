"""Planning: who wins, what is to be fetched, and in which order templates are made."""

from collections.abc import Mapping

import pytest

from mysafe_env.errors import MappingError
from mysafe_env.mapping.model import Entry, Layer, Literal, Template
from mysafe_env.mapping.places import Document, Place, Problems
from mysafe_env.plan import Plan, make_plan, merge_lookups
from mysafe_env.secret import Secret
from tests.support.mappings import plan_text
from tests.support.sources import lookup

PLACE = Place(Document("m.toml"), ())


def _layer(**texts: str) -> Layer:
    return Layer(tuple(Entry(name, Literal(Secret(text)), PLACE) for name, text in texts.items()))


def _plan(*layers: Layer, kept: Mapping[str, str] | None = None) -> Plan:
    problems = Problems()
    plan = make_plan(layers, problems, kept)
    problems.raise_any()
    return plan


def _literals(plan: Plan) -> dict[str, str]:
    return {entry.name: entry.value.value.reveal() for entry in plan.entries if isinstance(entry.value, Literal)}


def test_the_later_layer_wins() -> None:
    """A name of a later layer replaces that of an earlier one, in the earlier one's place."""
    plan = _plan(_layer(A="1", B="1"), _layer(C="2", A="2"), Layer())
    assert {"A": "2", "B": "1", "C": "2"} == _literals(plan)
    assert ["A", "B", "C"] == [entry.name for entry in plan.entries]


def test_what_is_kept_is_not_asked_for() -> None:
    """A kept name has its inherited value, which templates may use; a kept name that nobody asks for is left alone."""
    wanted = plan_text('[env]\nA = { kind = "note", name = "a", as = "file" }\nB = { template = "{{ A }}" }').entries
    plan = _plan(Layer(wanted), kept={"A": "inherited", "C": "x"})
    assert {"A": "inherited"} == _literals(plan)
    assert ["A", "B"] == [entry.name for entry in plan.entries]
    assert not plan.entries[0].as_file
    assert {} == plan.wanted
    assert ["B"] == list(plan.templates)


def _optional(note: str) -> Layer:
    return Layer(plan_text(f'[env]\nA = {{ kind = "note", name = "{note}", optional = true }}').entries)


def _yielding(layer: Layer) -> Layer:
    return Layer(tuple(entry._replace(yields=True) for entry in layer.entries))


def test_what_an_optional_entry_leaves_alone() -> None:
    """What stands in the environment or an env file is remembered, and fetched too; what stands in a mapping is not."""
    inherited = _yielding(Layer(plan_text('[env]\nA = "mysafe://note/inherited"').entries))
    from_file = _yielding(_layer(A="from a file"))
    mapped = _layer(A="mapped")

    plan = _plan(inherited, _optional("first"), _optional("last"))
    assert {lookup("note", name="inherited"): False, lookup("note", name="last"): False} == plan.wanted
    [entry] = _plan(inherited, from_file, mapped, _optional("last")).entries
    assert entry.below is None
    [entry] = _plan(inherited, from_file, _optional("last")).entries
    assert from_file.entries[0] == entry.below


@pytest.mark.parametrize(
    ("text", "is_empty"),
    [
        ("", True),
        ("[env]", True),
        ("[env]\nA = ''", False),
        ("[[tagged]]\ntag = 'a'\nkind = 'note'", False),
        ("[[render]]\ntemplate = 'a'\nto = 'b'", False),
        ("[profile.a.env]\nA = ''", True),
    ],
)
def test_emptiness(text: str, is_empty: bool) -> None:  # noqa: FBT001  # a table
    """A plan is empty when nothing is asked for, as by profiles that were not chosen."""
    assert is_empty == plan_text(text).is_empty


def test_each_distinct_lookup_once() -> None:
    """Two hundred variables of one item are one lookup."""
    text = "[env]\n" + "".join(f'A{number} = "mysafe://password/db#username"\n' for number in range(200))
    assert {lookup("password", name="db"): False} == plan_text(text).wanted


def test_everything_that_is_to_be_fetched() -> None:
    """Entries want one item; tags want many, of each kind; templates want what their text names."""
    plan = plan_text("""
[env]
A = "mysafe://password/db"
B = { kind = "note", identifier = 7, tag = "t" }
C = { template = "{{ secret('mysafe://note/c') }}{{ item('note', name='d').note }}{{ tagged('e', kind='note') }}" }
D = "literal"
[[tagged]]
tag = "f"
kind = ["password", "secretapi"]
""")
    assert {
        lookup("password", name="db"): False,
        lookup("note", identifier="7", tag="t"): False,
        lookup("note", name="c"): False,
        lookup("note", name="d"): False,
        lookup("note", tag="e"): True,
        lookup("password", tag="f"): True,
        lookup("secretapi", tag="f"): True,
    } == plan.wanted


def test_a_lookup_is_for_many_when_anybody_wants_many() -> None:
    """The same lookup for one and for many fetches what both need, in whichever order they stand."""
    one, other = lookup("note", tag="a"), lookup("note", tag="b")
    assert {one: True, other: False} == merge_lookups([(one, False), (one, True), (other, False)])
    assert {one: True, other: False} == merge_lookups([(one, True), (other, False), (one, False)])
    plan = plan_text('[env]\nA = { kind = "note", tag = "a" }\n[[tagged]]\ntag = "a"\nkind = "note"')
    assert {one: True} == plan.wanted


def test_templates_come_after_what_they_use() -> None:
    """The order of templates lets each find what it needs, wherever they stand."""
    plan = plan_text("""
[env]
A = { template = "{{ B }}{{ env.LATER }}" }
B = { template = "{{ C }}{{ D }}" }
C = { template = "{{ D }}" }
D = "1"
E = { template = "no names" }
""")
    order = list(plan.templates)
    assert {"A", "B", "C", "E"} == {*order}
    assert order.index("C") < order.index("B") < order.index("A")


def test_a_circle_is_told_without_those_who_only_use_it() -> None:
    """The report names the templates of the circle, and not those that depend on it."""
    with pytest.raises(MappingError) as caught:
        plan_text(
            '[env]\nA = {template="{{B}}"}\nB = {template="{{C}}"}\nC = {template="{{B}}"}\nD = {template="{{A}}"}'
        )
    [report] = caught.value.reports
    assert report.message.endswith("mapping.toml:3: env.B: templates use each other in a circle (B, C); break it")


def test_every_problem_of_templates_is_told() -> None:
    """Syntax, unknown names and circles are reported together."""
    with pytest.raises(MappingError) as caught:
        plan_text('[env]\nA = {template="{{"}\nB = {template="{{NOPE}}{{ALSO}}"}\nC = {template="{{C}}"}')
    told = [report.message.partition("mapping.toml:")[2] for report in caught.value.reports]
    assert ["2: env.A", "3: env.B", "3: env.B", "4: env.C"] == [":".join(each.split(":")[:2]) for each in told]


def test_names_that_only_a_fetch_can_tell() -> None:
    """With a tag in the mapping, an unknown name may be one that the tag gives."""
    plan = plan_text('[env]\nA = {template="{{ ORDERS }}"}\n[[tagged]]\ntag = "a"\nkind = "note"')
    assert ["A"] == list(plan.templates)


def test_the_winner_decides_about_problems() -> None:
    """A template that a later layer replaces is not looked at."""
    faulty = Layer((Entry("A", Template("{{ NOPE }}"), PLACE),))
    assert {"A": "1"} == _literals(_plan(faulty, _layer(A="1")))


def test_builtins_of_templates_are_no_variables() -> None:
    """Jinja2's own functions, and ours, are not looked for in the mapping."""
    text = (
        "{% set ns = namespace(x=1) %}{% for i in range(2) %}{{ dict(a=i) }}{{ loop.index }}{{ environ }}{% endfor %}"
    )
    assert ["A"] == list(plan_text(f'[env]\nA = {{ template = "{text}" }}').templates)
