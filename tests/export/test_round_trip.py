"""Every export is read back by the programs that it is for: each value arrives as it is, or was refused."""

from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mysafe_env.secret import Secret
from mysafe_env.sinks.export.registry import FORMATS, export_text, make_format, verify_text
from tests.export.consumers import CONSUMERS, Consumer
from tests.export.corpus import CANARY, TEXT, VALUES, named

REAL = pytest.mark.parametrize("consumer", CONSUMERS, ids=[f"{each.format}, {each.name}" for each in CONSUMERS])


def carried(format_name: str, values: dict[str, str]) -> dict[str, str]:
    """The values that a format does not refuse, one by one and then all together."""
    chosen = make_format(format_name)
    single = {name: text for name, text in values.items() if not list(chosen.refusals({name: text}))}
    while list(chosen.refusals(single)):
        single.popitem()
    return single


@cache
def carried_of_corpus(format_name: str) -> dict[str, str]:
    """The values of the corpus that a format does not refuse; read by all consumers of the format, changed by none."""
    return carried(format_name, named(VALUES))


def exported(format_name: str, values: dict[str, str]) -> str:
    """The text of one format."""
    return export_text(make_format(format_name), {name: Secret(text) for name, text in values.items()})


def read_back(consumer: Consumer, values: dict[str, str], folder: Path) -> dict[str, str]:
    """What the program finds in the exported file."""
    folder.mkdir(exist_ok=True)
    file = folder / "exported"
    file.write_bytes(exported(consumer.format, values).encode())
    return consumer.read(file, values)


def test_the_corpus_is_large() -> None:
    """At least 200 hostile values, each once."""
    assert len(VALUES) >= 200
    assert len(set(VALUES)) == len(VALUES)


@REAL
def test_the_reader_gets_every_hostile_value(consumer: Consumer, tmp_path: Path) -> None:
    """All values of the corpus in one file arrive unchanged, and none of them is executed."""
    consumer.require()
    values = carried_of_corpus(consumer.format)
    found = read_back(consumer, values, tmp_path)

    assert [] == [(name, values[name], found.get(name)) for name in values if found.get(name) != values[name]]
    assert [] == list(tmp_path.rglob(f"*{CANARY}*"))


@REAL
@settings(max_examples=4, suppress_health_check=list(HealthCheck))
@given(values=st.lists(TEXT, min_size=30, max_size=60))
def test_the_reader_gets_every_invented_value(consumer: Consumer, values: list[str], tmp_path: Path) -> None:
    """Whatever the texts, they arrive unchanged, or were refused."""
    consumer.require()
    expected = carried(consumer.format, named(values))

    assert expected == read_back(consumer, expected, tmp_path / "invented")


@pytest.mark.parametrize("format_name", FORMATS)
def test_the_model_reads_what_the_reader_reads(format_name: str) -> None:
    """The built-in model of each consumer, too, finds every hostile value as it is."""
    values = carried_of_corpus(format_name)
    chosen = make_format(format_name)

    assert values == chosen.read(chosen.write(values))


@pytest.mark.parametrize("format_name", FORMATS)
@given(values=st.lists(TEXT, max_size=20))
def test_the_model_reads_every_invented_value(format_name: str, values: list[str]) -> None:
    """No text is found that a model would read as something else."""
    expected = carried(format_name, named(values))
    secrets = {name: Secret(text) for name, text in expected.items()}

    verify_text(make_format(format_name), secrets, exported(format_name, expected))
