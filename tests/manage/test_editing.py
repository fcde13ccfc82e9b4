"""Edits of a vault file's text: what is not changed stays byte for byte."""

import tomllib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mysafe_env.toml.writing import TomlValue, toml_value
from mysafe_env.vault.editing import EditError, Values, with_table, with_values

TEXT = '''# head
demo = true # for all

[[password]]
name     = "a"   # of "a" # twice
notes    = """
[[password]]
active = false
"""
users_allowed = [
  { username = "ana" }, # she
]

# before the second
  [[ "password" ]]
"name" = 'b'
[[note]]
name = "n"
[[password.groups_allowed]]
name = "g"
'''


@pytest.mark.parametrize(
    ("position", "values", "old", "new"),
    [
        (0, {"name": "z"}, 'name     = "a"   # of "a" # twice', 'name     = "z"  # of "a" # twice'),
        (0, {"active": False}, "]\n\n# before", "]\nactive        = false\n\n# before"),
        (0, {"notes": ""}, 'notes    = """\n[[password]]\nactive = false\n"""', 'notes    = ""'),
        (0, {"users_allowed": []}, '[\n  { username = "ana" }, # she\n]', "[]"),
        (1, {"name": 'q"\\\n', "tags": "t"}, "\"name\" = 'b'", '"name" = "q\\"\\\\\\n"\ntags   = "t"'),
    ],
)
def test_an_edit_touches_its_own_line(position: int, values: Values, old: str, new: str) -> None:
    """Comments, layout and look-alikes in long strings stay; a new key lines up with the last one."""
    assert TEXT.replace(old, new, 1) == with_values(TEXT, "password", position, values)


def test_a_table_without_keys_gets_one() -> None:
    """Right below its header."""
    assert "[[note]]\nactive = true\n" == with_values("[[note]]", "note", 0, {"active": True})


def test_lines_of_windows_stay_so() -> None:
    """A file with CRLF gets CRLF, in an edit and in a new table."""
    text = '[[note]]\r\nname = "n" # c\r\n'
    assert '[[note]]\r\nname = "m"  # c\r\ntags = "t"\r\n' == with_values(text, "note", 0, {"name": "m", "tags": "t"})
    assert text + '\r\n[[note]]\r\nname = "m"\r\n' == with_table(text, "note", {"name": "m"})


@pytest.mark.parametrize(("text", "start"), [("", ""), ("demo = true", "demo = true\n\n"), ("# c\n", "# c\n\n")])
def test_a_table_is_added_at_the_end(text: str, start: str) -> None:
    """After an empty line, also where the last line had no end."""
    values: Values = {"identifier": 7, "name": "n", "users_allowed": [{"username": "a", "can_edit": True}]}
    body = '[[note]]\nidentifier = 7\nname = "n"\nusers_allowed = [{ username = "a", can_edit = true }]\n'
    assert start + body == with_table(text, "note", values)


@pytest.mark.parametrize("text", ['note = [{ name = "n" }]\n', '[[note]]\nname = "n"\n[[note.users_allowed]]\nx = 1\n'])
def test_other_layouts_are_refused(text: str) -> None:
    """Rather than guessed at."""
    with pytest.raises(EditError):
        with_values(text, "note", 0, {"users_allowed": []})


def test_a_list_of_thousands_of_lines_is_refused() -> None:
    """Where every line may be the last, each would cost as much as all above it."""
    text = "[[note]]\nname = 'n'\nusers_allowed = [\n" + "{ username = 'a' },\n" * 20_000 + "]\n"
    with pytest.raises(EditError):
        with_values(text, "note", 0, {"name": "m"})


def test_inline_tables_take_no_other() -> None:
    """TOML can't add to such a list."""
    with pytest.raises(EditError):
        with_table('note = [{ name = "n" }]\n', "note", {"name": "m"})


TEXTS = st.text(st.characters(codec="utf-8"), max_size=20)
VALUES: st.SearchStrategy[TomlValue] = st.one_of(
    TEXTS,
    st.booleans(),
    st.integers(0, 2**62),
    st.lists(st.fixed_dictionaries({"name": TEXTS, "can_edit": st.booleans()})),
)


@given(VALUES)
def test_values_are_read_back(value: TomlValue) -> None:
    """Any text, flag, number and list of grants is TOML that means the same."""
    assert {"x": value} == tomllib.loads(f"x = {toml_value(value)}")
    assert {"x": {}} == tomllib.loads(f"x = {toml_value({})}")


@settings(deadline=None)
@given(st.lists(st.dictionaries(st.sampled_from(["name", "tags", "note"]), VALUES, max_size=3), min_size=1), st.data())
def test_edits_mean_what_they_say(tables: list[dict[str, TomlValue]], data: st.DataObject) -> None:
    """Whatever was in a file, an edit changes its own table and no other."""
    text = ""
    for table in tables:
        text = with_table(text, "note", table)
    position = data.draw(st.integers(0, len(tables) - 1))
    values = data.draw(st.dictionaries(st.sampled_from(["name", "active"]), VALUES, min_size=1))
    expected: list[dict[str, Any]] = [dict(table) for table in tables]
    expected[position] |= values
    assert {"note": expected} == tomllib.loads(with_values(text, "note", position, values))
