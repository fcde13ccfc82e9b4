"""MySafe and SecretSafe, as far as they have the same things: one mapping, the same outcomes; one failure, one error.

A password of MySafe and a login of SecretSafe have a name, a user and a password; a tag is to the one what a collection
is to the other.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mysafe_env.deadline import Deadline
from mysafe_env.emulator.faults import read_fault
from mysafe_env.emulator.secretsafe.vault_file import VaultCollection, VaultItem
from mysafe_env.errors import (
    BadAnswerError,
    CredentialsError,
    MySafeEnvError,
    OutageError,
    SourceError,
    TimedOutError,
    UnreachableError,
)
from mysafe_env.inputs import Inputs, plan_inputs
from mysafe_env.resolver import Resolver
from mysafe_env.secret import Secret
from mysafe_env.settings import Settings
from mysafe_env.sources.secretsafe.source import SecretSafeSource
from tests.contract.sources import open_system, write_vault
from tests.contract.test_same_outcomes import NAMES, TEXTS, toml_text
from tests.secretsafe.served import personal_environment, serving, settings_of, vault_of
from tests.support.deadlines import Skipping

GROUPS = ("a", "b", "ä")


@dataclass(frozen=True)
class Thing:
    """What both systems can keep."""

    name: str
    username: str | None
    password: str | None
    groups: tuple[str, ...]


@dataclass(frozen=True)
class Wish:
    """What a mapping can ask of both."""

    name: str | None
    group: str | None
    field: str
    extra: str

    def entry(self, kind: str, grouping: str) -> str:
        """The value of a variable, for one system."""
        pairs = {"name": self.name, grouping: self.group, "field": self.field}
        if self.name is None and self.group is None:
            pairs["name"] = "one"
        written = (f"{key} = {toml_text(value)}" for key, value in pairs.items() if value is not None)
        return f'{{ kind = "{kind}", {", ".join(written)}{self.extra} }}'


THINGS = st.builds(Thing, NAMES, TEXTS, TEXTS, st.lists(st.sampled_from(GROUPS), max_size=2, unique=True).map(tuple))
WISHES = st.builds(
    Wish,
    st.one_of(st.none(), NAMES),
    st.one_of(st.none(), st.sampled_from((*GROUPS, "c"))),
    st.sampled_from(["password", "username", "name"]),
    st.sampled_from(["", ", optional = true", ', default = "d"']),
)


def _mapping(wishes: list[Wish], kind: str, grouping: str) -> str:
    lines = ["[env]", *(f"V{number} = {wish.entry(kind, grouping)}" for number, wish in enumerate(wishes))]
    lines += [
        'T = { template = "{{ V0 }}/{{ V0|urlencode }}" }',
        f"I = {{ template = \"{{{{ item('{kind}', name='two').username }}}}\" }}",
        f"L = {{ template = \"{{% for x in tagged({grouping}='b') %}}{{{{ x.name }}}},{{% endfor %}}\" }}",
        "[[tagged]]",
        f'{grouping} = "a"',
        f'kind = "{kind}"',
    ]
    return "\n".join(lines) + "\n"


def _mysafe_vault(things: list[Thing]) -> str:
    tables = []
    for thing in things:
        texts = {"name": thing.name, "username": thing.username, "password": thing.password}
        texts["tags"] = ", ".join(thing.groups)
        lines = (f"{name} = {toml_text(text)}" for name, text in texts.items() if text is not None)
        tables.append("\n".join(["[[password]]", *lines]))
    return "\n".join(tables) + "\n"


def _secretsafe_items(things: list[Thing]) -> Iterator[VaultItem]:
    for thing in things:
        texts = {"username": thing.username, "password": thing.password}
        secrets = {name: Secret(text) for name, text in texts.items() if text is not None}
        yield VaultItem(thing.name, texts=secrets, collections=thing.groups)


@contextmanager
def _secretsafe(things: list[Thing], *, old: bool) -> Iterator[Settings]:
    collections = tuple(VaultCollection(group) for group in GROUPS)
    with serving(vault_of(*_secretsafe_items(things), collections=collections), old=old) as emulator:
        yield settings_of(personal_environment(emulator))


def _outcomes(
    mapping: str, connection: Settings, folder: Path
) -> list[tuple[str, str | None, type[MySafeEnvError] | None]]:
    """What becomes of every variable: the value, or the class of the error."""
    path = folder / "mapping.toml"
    path.write_text(mapping, encoding="utf-8")
    found = Resolver(connection).examine(plan_inputs(Inputs({}, (str(path),))), {}).outcomes
    return [
        (
            each.name.replace("collection a", "tag a"),
            None if each.value is None else each.value.reveal(),
            None if each.error is None else type(each.error),
        )
        for each in found
    ]


@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(
    things=st.lists(THINGS, min_size=1, max_size=6), wishes=st.lists(WISHES, min_size=1, max_size=5), old=st.booleans()
)
def test_both_systems_give_the_same_outcomes(things: list[Thing], wishes: list[Wish], old: bool) -> None:  # noqa: FBT001  # drawn
    """The same values, the same kinds of errors, in the same order, by tables, templates and groups."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with open_system("local", write_vault(folder, _mysafe_vault(things))) as local:
            expected = _outcomes(_mapping(wishes, "password", "tag"), local, folder)
        with _secretsafe(things, old=old) as secretsafe:
            assert expected == _outcomes(_mapping(wishes, "item", "collection"), secretsafe, folder)


FAILURES: dict[str, tuple[str, type[SourceError]]] = {
    "a server that does not answer": ("hang@/api/sync", TimedOutError),
    "a server that is busy": ("503@/api/sync", UnreachableError),
    "a server that breaks off": ("truncate@/api/sync", UnreachableError),
    "a server that hangs up": ("reset@/api/sync", UnreachableError),
    "no JSON": ("not-json@/api/sync", BadAnswerError),
    "a web page": ("html@/api/sync", BadAnswerError),
    "a redirect": ("redirect@/api/sync", BadAnswerError),
    "a failure inside": ("500@/api/sync", OutageError),
    "a refusal": ("401@/api/sync", CredentialsError),
}


@pytest.mark.parametrize(("fault", "error"), FAILURES.values(), ids=FAILURES.keys())
def test_failures_are_told_as_everywhere(fault: str, error: type[SourceError]) -> None:
    """What goes wrong on the way has the same class of error as with MySafe."""
    with serving(faults=[read_fault(fault)]) as emulator:
        source = SecretSafeSource(settings_of(personal_environment(emulator)))
        deadline = Deadline(1) if error is TimedOutError else Skipping(60)
        with pytest.raises(error):
            source.list_rows("item", (), deadline)


def test_a_server_that_is_not_there() -> None:
    """A server that is gone can't be reached, and the message names its setting."""
    with serving() as emulator:
        environment = personal_environment(emulator)
    with pytest.raises(UnreachableError) as caught:
        SecretSafeSource(settings_of(environment)).list_rows("item", (), Skipping(60))
    assert "SECRETSAFE_URL" in caught.value.hint
