"""Env files: every file of two folders is read into the entries, or refused with the words, that a table names."""

import re
from pathlib import Path

import pytest

from mysafe_env.errors import MappingError
from mysafe_env.mapping.env_files import read_settings_file
from mysafe_env.mapping.model import Literal, Wanted
from mysafe_env.mapping.places import Problems
from tests.support.mappings import env_layer

CANARY = "canary-zQ7"
FOLDER = Path(__file__).parent / "env_files"
# A reference is told in words, a literal as it is.
ACCEPTED: dict[str, dict[str, str]] = {
    "empty": {},
    "comments": {},
    "plain": {"A": "1", "B": "two"},
    "export": {"A": "1"},
    "empty_value": {"A": "", "B": ""},
    "comment_after_value": {"A": "1", "B": "1#one"},
    "single_quotes": {"A": 'a "b" # c'},
    "double_quotes_with_escapes": {"A": 'a\nb\t"c"'},
    "several_lines": {"A": "first\nsecond", "B": "1"},
    "byte_order_mark_and_crlf": {"A": "1", "B": "2"},
    "later_wins": {"A": "2"},
    "expands_from_above": {"A": "1", "B": "12"},
    "expands_from_the_environment": {"B": "from outside"},
    "expands_a_default": {"B": "x"},
    "dollar_without_braces": {"A": "$HOME"},
    "reference": {"A": 'note name "a", field note'},
    "reference_quoted": {"A": 'secretapi identifier_code "a", field client_id'},
    "reference_expanded": {"CODE": "live", "A": 'secretapi identifier_code "stripe-live", field client_secret'},
    "reference_with_its_field_added": {
        "KEY": 'secretapi identifier_code "a", field client_secret',
        "ID": 'secretapi identifier_code "a", field client_id',
    },
    "url_that_is_no_reference": {"A": "postgres://u:p@h/mysafe://"},
    "equals_in_value": {"A": "b=c=="},
}
# What follows the file's name and a colon.
REFUSED: dict[str, str] = {
    "no_assignment": "1: is no NAME=VALUE",
    "a_mapping": "1: is a table of TOML; name a mapping with --mapping",
    "open_quote": "2: is no NAME=VALUE",
    "quote_goes_on": "1: is no NAME=VALUE",
    "name_alone": "2: has no value; write NAME=",
    "private_key_without_quotes": "2: has no value; write NAME=",
    "name_with_dash": "1: is no environment name",
    "name_with_digit_first": "1: is no environment name",
    "name_not_set": "1: A: uses a ${NAME} that is not set; set it",
    "reference_to_unknown_kind": '1: A: there is no kind "nots"; did you mean "note"?',
    "reference_with_password": "1: A: there is no such kind",
    "reference_in_other_text": "2: URL: puts a reference into other text by ${NAME}; make it by a template",
    "almost_a_reference": "1: A: begins like a reference and is none",
    "latin_1": "1: is not UTF-8 text; save the file as UTF-8",
    "utf_16": "1: is not UTF-8 text; save the file as UTF-8",
    "utf_16_without_its_mark": "1: has a NUL character, as UTF-16 text has everywhere; save the file as UTF-8",
    "blanks_without_end": "2: has 500 blanks in a row; take them out",
    "braces_without_end": "1: A: has too many ${ for its length; take them out",
    "growing_without_end": "19: A: makes the values more than 4 MiB; expand fewer ${NAME}",
}


def _told(value: object) -> str:
    if isinstance(value, Literal):
        return value.value.reveal()
    assert isinstance(value, Wanted)
    return str(value.reference)


def test_every_file_is_in_a_table() -> None:
    """No file of the two folders is forgotten."""
    assert sorted(ACCEPTED) == sorted(path.stem for path in (FOLDER / "accepted").iterdir())
    assert sorted(REFUSED) == sorted(path.stem for path in (FOLDER / "refused").iterdir())


@pytest.mark.parametrize("name", ACCEPTED)
def test_accepted(name: str) -> None:
    """The file gives these entries, references told in words."""
    layer = env_layer(FOLDER / "accepted" / f"{name}.env", {"INHERITED": "from outside"})
    assert ACCEPTED[name] == {entry.name: _told(entry.value) for entry in layer.entries}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str) -> None:
    """The report names the file and the line and repeats nothing of the line but a valid name."""
    path = FOLDER / "refused" / f"{name}.env"
    with pytest.raises(MappingError) as caught:
        env_layer(path)
    messages = [report.message for report in caught.value.reports]
    assert any(re.match(rf"{re.escape(str(path))}:? ?{re.escape(REFUSED[name])}", message) for message in messages)
    assert CANARY not in "".join(messages)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_blank_lines_count(tmp_path: Path, end: str) -> None:
    """An assignment stands in the line of its name, however many blank ones come before it."""
    path = tmp_path / "a.env"
    path.write_bytes(end.join(["", " ", "A=mysafe://nope/x", "", "# about B", "", "", "B C=1", "\t", "D"]).encode())
    with pytest.raises(MappingError) as caught:
        env_layer(path)
    assert [3, 8, 10] == [int(report.message.split(":")[1]) for report in caught.value.reports]


def test_missing(tmp_path: Path) -> None:
    """A file that is not there is named."""
    with pytest.raises(MappingError, match=r"no\.env: there is no such file; check the path"):
        env_layer(tmp_path / "no.env")


def test_a_folder_is_no_env_file(tmp_path: Path) -> None:
    """What can't be opened is told with the system's reason."""
    with pytest.raises(MappingError, match=r"can't be read \(Is a directory\); check its path"):
        env_layer(tmp_path)


def test_settings_file_keeps_text_as_it_is(tmp_path: Path) -> None:
    """A settings file is read by the same rules, and a reference in it is only text."""
    path = tmp_path / "settings.env"
    path.write_text("MYSAFE_URL='https://vault.example.com'\nMYSAFE_CLIENT_ID=${USER_ID}-ci\nX=mysafe://note/a\n")
    problems = Problems()
    expected = {"MYSAFE_URL": "https://vault.example.com", "MYSAFE_CLIENT_ID": "7-ci", "X": "mysafe://note/a"}
    assert expected == read_settings_file(str(path), {"USER_ID": "7"}, problems)
    problems.raise_any()
