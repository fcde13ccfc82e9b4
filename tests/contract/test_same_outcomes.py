"""A mapping means the same whichever source it is resolved from."""

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mysafe_env.inputs import Inputs, plan_inputs
from mysafe_env.plan import Plan
from mysafe_env.resolution import Outcome
from mysafe_env.resolver import Resolver
from mysafe_env.settings import Settings
from tests.contract.sources import open_system, write_vault

TAGS = st.sampled_from(["", "a", "b", "a, b", " a ,b,,", "ä"])
NAMES = st.sampled_from(["one", "two", "Ünï", "a/b", "with space", "LD_PRELOAD"])
TEXTS = st.one_of(st.none(), st.text(st.characters(exclude_categories=["Cs"]), max_size=12))
FLAGS = st.fixed_dictionaries(
    {},
    optional={name: st.booleans() for name in ("active", "can_view", "can_write", "need_justify", "need_approval")},
)
FIELDS = {
    "password": ("password", "username", "url", "notes"),
    "note": ("note",),
    "secretapi": ("client_secret", "client_id", "url"),
}


def toml_text(text: str) -> str:
    """A TOML string, every character escaped."""
    return '"' + "".join(f"\\U{ord(character):08x}" for character in text) + '"'


@st.composite
def tables(draw: st.DrawFn, kind: str, number: int) -> str:
    """One item of a vault."""
    texts = {"name": draw(NAMES), "tags": draw(TAGS), **{name: draw(TEXTS) for name in FIELDS[kind]}}
    if kind == "secretapi":
        texts["identifier_code"] = f"code-{number}"
    lines = [f"{name} = {toml_text(text)}" for name, text in texts.items() if text is not None]
    lines += [f"{name} = {str(flag).lower()}" for name, flag in draw(FLAGS).items()]
    return "\n".join([f"[[{kind}]]", *lines, ""])


@st.composite
def vaults(draw: st.DrawFn) -> str:
    """A vault of a few items."""
    kinds = draw(st.lists(st.sampled_from(list(FIELDS)), min_size=1, max_size=6))
    return "\n".join(draw(tables(kind, number)) for number, kind in enumerate(kinds))


@st.composite
def entries(draw: st.DrawFn) -> str:
    """The value of one variable."""
    kind = draw(st.sampled_from(list(FIELDS)))
    selectors = {
        "name": draw(st.one_of(st.none(), NAMES)),
        "tag": draw(st.one_of(st.none(), st.sampled_from(["a", "b", "ä", "c"]))),
        "identifier": draw(st.one_of(st.none(), st.none(), st.sampled_from(["1", "2", "x", "99"]))),
    }
    if kind == "secretapi":
        selectors["identifier_code"] = draw(st.one_of(st.none(), st.sampled_from(["code-0", "code-1", "code-9"])))
    given_selectors = {name: value for name, value in selectors.items() if value is not None} or {"tag": "a"}
    keys = {"kind": kind, **given_selectors, "field": draw(st.sampled_from([*FIELDS[kind], "name", "tags"]))}
    extra = draw(st.sampled_from(["", ", optional = true", ', default = "d"']))
    return "{ " + ", ".join(f"{name} = {toml_text(value)}" for name, value in keys.items()) + extra + " }"


@st.composite
def mappings(draw: st.DrawFn) -> str:
    """A mapping that is valid, whatever the vault holds."""
    values = draw(st.lists(entries(), min_size=1, max_size=5))
    lines = ["[env]", *(f"V{number} = {value}" for number, value in enumerate(values))]
    if draw(st.booleans()):
        lines += ['T = { template = "{{ V0 }}/{{ V0|urlencode }}" }']
    if draw(st.booleans()):
        kinds = draw(st.lists(st.sampled_from(list(FIELDS)), min_size=1, max_size=3, unique=True))
        lines += ["[[tagged]]", 'tag = "a"', f"kind = {kinds}", 'name = "{name}_{identifier}"']
    return "\n".join(lines) + "\n"


def seen(outcome: Outcome) -> tuple[object, ...]:
    """What a user sees of an outcome."""
    # MySafe's pages for notes print this code without its colon, and so does the emulator.
    error = outcome.error and (type(outcome.error), outcome.error.message.replace("1006:", "1006"), outcome.error.hint)
    value = None if outcome.value is None else outcome.value.reveal()
    return outcome.name, outcome.item, outcome.field, value, error


def outcomes(plan: Plan, connection: Settings) -> list[tuple[object, ...]]:
    """What becomes of every variable."""
    return [seen(outcome) for outcome in Resolver(connection).examine(plan, {}).outcomes]


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(vault=vaults(), mapping=mappings())
def test_every_source_gives_the_same_outcomes(vault: str, mapping: str) -> None:
    """The same values, the same errors in the same words, in the same order."""
    with tempfile.TemporaryDirectory() as folder:
        path = write_vault(Path(folder), vault)
        mapping_file = Path(folder, "mysafe.toml")
        mapping_file.write_text(mapping, encoding="utf-8")
        plan = plan_inputs(Inputs({}, (str(mapping_file),)))
        with open_system("local", path) as local, open_system("post", path) as http:
            assert outcomes(plan, local) == outcomes(plan, http)
