"""The mapping grammar: every file of two folders is accepted or refused, by the reader and by the JSON Schema.

A refused file says in comments which words its reports must hold (`# expect: ...`), whether a JSON Schema can't see
what is wrong (`# schema: accepts`) or can't be asked (`# schema: skip`), and whether TOML gives no line for it
(`# line: none`).
"""

import json
import re
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # it ships no types

from mysafe_env.items import ALL_KINDS, KINDS, SECRETSAFE_ITEM
from mysafe_env.mapping import names
from mysafe_env.mapping.entries import SELECTORS
from mysafe_env.mapping.names import is_dangerous
from tests.support.mappings import plan_file, reports_of

CANARY = "canary-zQ7"
FOLDER = Path(__file__).parent / "mapping"
ACCEPTED = sorted((FOLDER / "accepted").glob("*.toml"))
REFUSED = sorted((FOLDER / "refused").glob("*.toml"))
SCHEMA: dict[str, Any] = json.loads(files("mysafe_env.mapping").joinpath("mapping.schema.json").read_text())


def _name(path: Path) -> str:
    return path.stem


def _marks(path: Path, mark: str) -> list[str]:
    lines = path.read_text("utf-8", "replace").splitlines()
    return [line.removeprefix(f"# {mark}: ") for line in lines if line.startswith(f"# {mark}: ")]


def _toml(path: Path) -> dict[str, Any] | None:
    """The data of a file that is TOML."""
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None


@pytest.mark.parametrize("path", ACCEPTED, ids=_name)
def test_accepted(path: Path) -> None:
    """The file is read and planned without a word."""
    assert () == reports_of(path)


@pytest.mark.parametrize("path", ACCEPTED, ids=_name)
def test_accepted_by_the_schema(path: Path) -> None:
    """What the reader accepts, the JSON Schema accepts."""
    assert [] == [error.message for error in Draft202012Validator(SCHEMA).iter_errors(_toml(path))]


@pytest.mark.parametrize("path", REFUSED, ids=_name)
def test_refused(path: Path) -> None:
    """The reports say what is wrong, begin with the file and the line, and repeat no value."""
    messages = [report.message for report in reports_of(path)]
    line = r"(:\d+)?" if _marks(path, "line") else r":\d+"
    assert _marks(path, "expect"), "the file does not say what to expect"
    assert [] == [words for words in _marks(path, "expect") if not any(words in message for message in messages)]
    assert [] == [message for message in messages if not re.match(rf"{re.escape(str(path))}{line}: ", message)]
    assert CANARY not in "".join(messages)


@pytest.mark.parametrize("path", REFUSED, ids=_name)
def test_reports_are_sentences(path: Path) -> None:
    """A report is one line that ends without a full stop and says what to do after a semicolon."""
    for report in reports_of(path):
        assert "\n" not in report.message
        assert not report.message.endswith(".")
        assert "; " in report.message


@pytest.mark.parametrize(
    "path", [path for path in REFUSED if _toml(path) and _marks(path, "schema") != ["skip"]], ids=_name
)
def test_refused_by_the_schema(path: Path) -> None:
    """What the reader refuses, the JSON Schema refuses too, unless the file says that no schema can."""
    accepts = Draft202012Validator(SCHEMA).is_valid(_toml(path))
    assert bool(_marks(path, "schema")) == accepts


def test_schema_is_a_schema() -> None:
    """The JSON Schema is valid itself."""
    Draft202012Validator.check_schema(SCHEMA)


def test_schema_knows_the_kinds() -> None:
    """The schema has an entry form for each kind of the code's table, with its fields and selectors."""
    forms = [form for form in SCHEMA["$defs"]["entry"]["oneOf"] if "kind" in form.get("properties", {})]
    told = {form["properties"]["kind"]["const"]: form for form in forms}
    common = {"kind", "field", "optional", "default", "as", "path", "mode", "owner", "on_disk", "allow_dangerous"}
    assert list(ALL_KINDS) == list(told)
    for name, kind in ALL_KINDS.items():
        field = told[name]["properties"]["field"]
        assert list(kind.fields) == (field["anyOf"][0] if kind.named_fields else field)["enum"]
        assert {*kind.selectors} == told[name]["properties"].keys() - common
        assert {*kind.selectors} == {each for choice in told[name]["anyOf"] for each in choice["required"]}


def test_schema_knows_the_tagged_kinds_and_fields() -> None:
    """`[[tagged]]` takes every kind of MySafe and every field that one has, or items of SecretSafe with theirs."""
    single, several = SCHEMA["$defs"]["kinds"]["anyOf"]
    of_mysafe, of_secretsafe = (form["properties"]["fields"]["items"] for form in SCHEMA["$defs"]["tagged"]["oneOf"])
    fields = of_mysafe["enum"]
    assert sorted(SECRETSAFE_ITEM.fields) == of_secretsafe["anyOf"][0]["enum"]
    assert list(KINDS) == single["enum"] == several["items"]["enum"]
    assert sorted({field for kind in KINDS.values() for field in kind.fields}) == fields


def test_selectors_of_entries_are_those_of_the_kinds() -> None:
    """An entry may use each selector that some kind has, and no other."""
    assert {selector for kind in ALL_KINDS.values() for selector in kind.selectors} == {*SELECTORS}


def test_schema_knows_the_dangerous_names() -> None:
    """The names that need `allow_dangerous` in the schema are those of the code."""
    [pattern] = SCHEMA["$defs"]["env"]["patternProperties"]
    told = pattern.removeprefix("^(").removesuffix(")$").split("|")
    families = {f"{prefix}.*" for prefix in names.DANGEROUS_PREFIXES}
    assert sorted({*names.DANGEROUS, *families}) == sorted(told)
    assert all(is_dangerous(name.replace(".*", "X")) for name in told)


@pytest.mark.parametrize("profile", ["staging", "two words"])
def test_a_profile_is_planned_too(profile: str) -> None:
    """Each profile of an accepted file can be chosen."""
    assert 1 == len(plan_file(FOLDER / "accepted" / "profiles.toml", profile).entries)
