"""Resolving: a value for every variable, or every reason why not."""

import pytest

from mysafe_env.deadline import Deadline
from mysafe_env.errors import InactiveError, ItemError, NoAccessError, ResolveError, SourceError
from mysafe_env.fetching.asking import fetch
from mysafe_env.fetching.calls import Answer
from mysafe_env.fetching.choice import choose_all, choose_one
from mysafe_env.fetching.watch import NoWatch
from mysafe_env.items import Item
from mysafe_env.references import Lookup
from mysafe_env.resolution import Resolution, resolve_plan
from mysafe_env.scope import Scope
from mysafe_env.settings import CONCURRENCY
from tests.support.mappings import plan_text
from tests.support.sources import MemorySource, item

ITEMS = [
    item("password", "1", name="db", username="app", tags="orders,db", password="p/1"),
    item("password", "2", name="mail", tags="orders", password="p2"),
    item("note", "3", name="key", tags="orders,keys", note="n3"),
    item("note", "4", name="hollow", tags="keys"),
    item("secretapi", "5", name="stripe", identifier_code="live", tags="pay", client_id="c5", client_secret="s5"),
    item("secretapi", "6", name="stripe", identifier_code="test", tags="pay", client_secret="s6"),
    item("note", "7", name="ld preload", tags="bad", note="x"),
    item("note", "8", name="sealed", tags="sealed", note="x"),
    item("note", "9", name="asleep", tags="asleep,mixed", note="x"),
    item("note", "10", name="sealed too", tags="mixed", note="x"),
    item("note", "11", name="hollow too", tags="mixed"),
]
REFUSED = {
    "8": NoAccessError("1006 for note 8", "ask"),
    "9": InactiveError("1009 for note 9", "wake it"),
    "10": NoAccessError("1006 for note 10", "ask"),
}


def _resolution(text: str, profile: str | None = None) -> Resolution:
    plan = plan_text(text, profile)
    source = MemorySource(ITEMS, refuse=REFUSED)
    answers: dict[Lookup, Answer] = {}

    def answered(lookup: Lookup, *, many: bool) -> dict[Lookup, Answer]:
        fetch(source, {lookup: many}, answers, Deadline(20), NoWatch(), concurrency=CONCURRENCY)
        return answers

    def one(lookup: Lookup) -> Item:
        return choose_one(lookup, answered(lookup, many=False))

    def many(lookup: Lookup) -> tuple[Item | SourceError, ...]:
        return choose_all(lookup, answered(lookup, many=True))

    return resolve_plan(plan, Scope({}, {"HOME": "/root"}, one, many))


def _values(text: str, profile: str | None = None) -> dict[str, str]:
    return {name: value.reveal() for name, value in _resolution(text, profile).values().items()}


def _reports(text: str) -> list[str]:
    """What can't be had, each without the folder of the file."""
    with pytest.raises(ResolveError) as caught:
        _resolution(text).values()
    return [report.message.partition("mapping.toml:")[2] for report in caught.value.reports]


def test_values_in_mapping_order() -> None:
    """Literals, references and templates come in the order of the mapping."""
    values = _values("""
[env]
URL = { template = "postgres://{{ USER }}:{{ PASSWORD|urlencode }}@{{ environ.HOME }}" }
LEVEL = "info"
PASSWORD = { kind = "password", tag = "db" }
USER = "mysafe://password/db#username"
CODE = "mysafe://secretapi/live"
""")
    expected = {"URL": "postgres://app:p%2F1@/root", "LEVEL": "info", "PASSWORD": "p/1", "USER": "app", "CODE": "s5"}
    assert list(expected.items()) == list(values.items())


@pytest.mark.parametrize(
    "asked",
    [
        'kind = "note", name = "nope"',
        'kind = "note", identifier = 99',
        'kind = "note", name = "hollow"',
        'kind = "password", name = "mail", field = "username"',
        'value = "mysafe://note/nope"',
    ],
)
def test_absence(asked: str) -> None:
    """An empty list, 1005 and a null field leave an optional variable out, give a default, and else are an error."""
    assert {"B": "1"} == _values(f'[env]\nA = {{ {asked}, optional = true }}\nB = "1"')
    assert {"A": "none"} == _values(f'[env]\nA = {{ {asked}, default = "none" }}')
    assert {"A": ""} == _values(f'[env]\nA = {{ {asked}, default = "" }}')
    [report] = _reports(f"[env]\nA = {{ {asked} }}")
    assert report.startswith("2: env.A: ")


def test_literals_that_begin_like_a_reference() -> None:
    """The table form takes the text as it stands, in the place of a default, too."""
    assert {"A": "mysafe:latest", "B": "secretsafe:1"} == _values(
        '[env]\nA = { value = "mysafe:latest" }\nB = { kind = "note", name = "nope", default = "secretsafe:1" }'
    )


def test_a_default_that_is_a_reference() -> None:
    """A default may be fetched, too; when that is absent as well, there is no default left."""
    absent = 'kind = "note", name = "nope"'
    assert {"A": "n3"} == _values(f'[env]\nA = {{ {absent}, default = "mysafe://note/key" }}')
    assert {"A": "p/1"} == _values('[env]\nA = { value = "mysafe://password/db", default = "mysafe://note/asleep" }')
    [report] = _reports(f'[env]\nA = {{ {absent}, default = "mysafe://note/gone" }}')
    assert '2: env.A: no item matches note name "gone"' == report


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ('kind = "note", name = "sealed"', "1006 for note 8"),
        ('kind = "note", name = "asleep"', "1009 for note 9"),
        ('kind = "password", tag = "orders"', '2 items match password tag "orders": 1 (db), 2 (mail)'),
    ],
)
@pytest.mark.parametrize("absence", ["optional = true", 'default = "x"'])
def test_other_errors_are_no_absence(asked: str, message: str, absence: str) -> None:
    """No access, an inactive item and ambiguity stay errors, whatever is said about absence."""
    assert [f"2: env.A: {message}"] == _reports(f"[env]\nA = {{ {asked}, {absence} }}")


def test_all_reasons_together() -> None:
    """Everything that can't be had is reported, one report for each reason with all variables that it concerns."""
    reports = _reports("""[env]
A = "mysafe://note/nope"
B = { value = "mysafe://note/nope", optional = true }
C = "mysafe://note/nope#name"
D = "mysafe://note/sealed"
E = "1"
""")
    assert [
        '2: env.A: no item matches note name "nope" (wanted by C too)',
        "5: env.D: 1006 for note 8",
    ] == reports


def test_hints_are_kept() -> None:
    """A report's hint is that of its error."""
    with pytest.raises(ResolveError) as caught:
        _resolution('[env]\nA = "mysafe://note/asleep"').values()
    assert ["wake it"] == [report.hint for report in caught.value.reports]


def test_a_template_that_only_follows_is_not_reported() -> None:
    """A template of what can't be had is not one more reason."""
    reports = _reports('[env]\nA = "mysafe://note/nope"\nB = { template = "{{ A }}" }\nC = { template = "{{ B }}" }')
    assert 1 == len(reports)
    outcomes = {
        outcome.name: outcome
        for outcome in _resolution('[env]\nA = "mysafe://note/nope"\nB = {template="{{A}}"}').outcomes
    }
    assert "needs A" == str(outcomes["B"].error)


def test_a_template_of_a_tag_that_failed_is_not_reported() -> None:
    """Names that a failed tag would have given are not told as missing besides."""
    reports = _reports('[env]\nA = { template = "{{ GONE }}" }\n[[tagged]]\ntag = "nope"\nkind = "note"')
    assert ['3: tagged[1]: no item matches note tag "nope"'] == reports


def test_an_absent_optional_in_a_template() -> None:
    """A template may ask whether an optional variable is there; using it is an error."""
    text = '[env]\nA = { kind = "note", name = "nope", optional = true }\nB = { template = "{{ TEMPLATE }}" }'
    assert {"B": "x"} == _values(text.replace("{{ TEMPLATE }}", "{{ A|default('x') }}"))
    with pytest.raises(ResolveError) as caught:
        _resolution(text.replace("{{ TEMPLATE }}", "{{ A }}")).values()
    [report] = caught.value.reports
    assert report.message.endswith(':3: env.B: template:1: "A" is not there')
    assert "it is optional, and no item matches; say what stands in its place: A|default('')" == report.hint


def test_templates_use_tagged_names() -> None:
    """What a tag gives can be used by its variable's name."""
    text = '[env]\nA = { template = "{{ KEY }}!" }\n[[tagged]]\ntag = "orders"\nkind = "note"'
    assert {"A": "n3!", "KEY": "n3"} == _values(text)


def test_files_are_named() -> None:
    """The variables that hold a path are told apart."""
    text = '[env]\nA = { value = "x", as = "file" }\nB = { template = "x", as = "file" }\nC = "x"'
    assert frozenset({"A", "B"}) == _resolution(text).file_names()


def test_fetched_values_are_told_apart() -> None:
    """What came from an item is known, for those who look at it more closely."""
    assert ["A"] == list(_resolution('[env]\nA = "mysafe://note/key"\nB = "x"\nC = { template = "{{ A }}" }').fetched())


TAGGED = [
    ('tag = "orders"\nkind = "password"', {"DB": "p/1", "MAIL": "p2"}),
    ('tag = "orders"\nkind = ["password", "note"]', {"DB": "p/1", "MAIL": "p2", "KEY": "n3"}),
    ('tag = "db"\nkind = "password"\nfields = ["username", "password"]', {"DB_USERNAME": "app", "DB_PASSWORD": "p/1"}),
    ('tag = "pay"\nkind = "secretapi"\nname = "PAY_{identifier_code}"', {"PAY_LIVE": "s5", "PAY_TEST": "s6"}),
    ('tag = "keys"\nkind = "note"\noptional = true', {"KEY": "n3"}),
    (
        'tag = "keys"\nkind = "note"\nfields = ["name"]\nname = "{kind}-{tag}-{identifier}-{field}"',
        {"NOTE_KEYS_3_NAME": "key", "NOTE_KEYS_4_NAME": "hollow"},
    ),
    ('tag = "db"\nkind = "password"\nname = "2nd_{{x}}_{name}"', {"_2ND__X__DB": "p/1"}),
    ('tag = "nope"\nkind = "note"\noptional = true', {}),
    ('tag = "db"\nkind = ["note", "password"]', {"DB": "p/1"}),
]


@pytest.mark.parametrize(("table", "values"), TAGGED)
def test_tagged(table: str, values: dict[str, str]) -> None:
    """Every item with the tag gives its variables, sorted by name."""
    assert sorted(values.items()) == list(_values(f"[[tagged]]\n{table}").items())


TAGGED_ERRORS = [
    ('tag = "nope"\nkind = "note"', ['1: tagged[1]: no item matches note tag "nope"']),
    ('tag = "nope"\nkind = ["note", "password"]', ['1: tagged[1]: no item matches note or password tag "nope"']),
    ('tag = "sealed"\nkind = "note"\noptional = true', ["1: tagged[1]: 1006 for note 8"]),
    (
        'tag = "mixed"\nkind = "note"',
        [
            "1: tagged[1]: 1009 for note 9",
            "1: tagged[1]: 1006 for note 10",
            "1: tagged[1]: note 11 has no note, it is empty in MySafe",
        ],
    ),
    ('tag = "keys"\nkind = "note"', ["1: tagged[1]: note 4 has no note, it is empty in MySafe"]),
    (
        'tag = "orders"\nkind = "password"\nname = "{username}"',
        ["1: tagged[1]: password 2 has no username, which its variable is named after"],
    ),
    ('tag = "bad"\nkind = "note"', ["1: tagged[1]: note 7 would set LD_PRELOAD, which changes how programs load code"]),
    (
        'tag = "pay"\nkind = "secretapi"',
        ["1: tagged[1]: secretapi 6 gives the variable STRIPE, which secretapi 5 gives too"],
    ),
]


@pytest.mark.parametrize(("table", "reports"), TAGGED_ERRORS)
def test_tagged_errors(table: str, reports: list[str]) -> None:
    """What a tag can't give is told with the tag's line."""
    assert reports == _reports(f"[[tagged]]\n{table}")


@pytest.mark.parametrize("entry", ['"x"', '{ template = "x" }', '"mysafe://note/key"'])
def test_a_tagged_name_clashes_with_env(entry: str) -> None:
    """A tag that gives a variable of `[env]` is an error, whatever stands there."""
    [report] = _reports(f'[env]\nDB = {entry}\n[[tagged]]\ntag = "db"\nkind = "password"')
    assert report.startswith("3: tagged[1]: password 1 gives the variable DB, which ")
    assert report.endswith("mapping.toml:2: env.DB gives too")


def test_an_absent_field_clashes_with_nothing() -> None:
    """An optional variable that is not set takes nobody's name."""
    text = '[[tagged]]\ntag = "keys"\nkind = "note"\nname = "K"\noptional = true'
    assert {"K": "n3"} == _values(text)


def test_two_tags_giving_one_name() -> None:
    """Two items that two tables give one variable clash, and so do two fields of one item."""
    first = '[[tagged]]\ntag = "db"\nkind = "password"\nname = "X"\n'
    [report] = _reports(first + '[[tagged]]\ntag = "keys"\nkind = "note"\nname = "X"\noptional = true')
    assert "5: tagged[2]: note 3 gives the variable X, which password 1 gives too" == report
    [report] = _reports(first + '[[tagged]]\ntag = "db"\nkind = "password"\nname = "X"\nfields = ["username"]')
    assert "5: tagged[2]: password 1 gives the variable X, which password 1 gives too" == report


def test_an_item_with_two_tags() -> None:
    """An item that carries the tags of two tables gives its variable once."""
    text = '[[tagged]]\ntag = "db"\nkind = "password"\n[[tagged]]\ntag = "orders"\nkind = "password"'
    assert {"DB": "p/1", "MAIL": "p2"} == _values(text)


def test_profiles_are_merged_by_name() -> None:
    """The profile's entries replace those of `[env]`, and the others stay."""
    text = '[env]\nA = "1"\nB = "1"\n[profile.staging.env]\nB = "2"\nC = "2"'
    assert {"A": "1", "B": "1"} == _values(text)
    assert {"A": "1", "B": "2", "C": "2"} == _values(text, "staging")


def test_no_value_is_shown() -> None:
    """A resolution can be printed."""
    assert "p/1" not in repr(_resolution('[env]\nA = "mysafe://password/db"\nB = { template = "{{ A }}" }'))


def test_refused_items_are_item_errors() -> None:
    """What the tests above call refused is about one item."""
    assert all(isinstance(error, ItemError) for error in REFUSED.values())
