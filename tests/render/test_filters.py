"""Filters: what the real reader of a place gets is the value, or the filter refuses it."""

import hashlib
import subprocess
import tomllib
from base64 import b64decode as decode
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import ruamel.yaml
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2.filters import do_indent

from mysafe_env.filters.base import UnfitError
from mysafe_env.filters.registry import filters_for
from tests.render import readers

FILTERS = filters_for("")

HOSTILE = [
    "plain",
    "two words",
    " in front",
    "at the end ",
    "it's",
    '"quoted"',
    "back\\slash",
    "ends in \\",
    "\\",
    "$HOME ${HOME} $(id) `id`",
    "100% %s %(x)s %%",
    "# hash",
    "; semicolon",
    "a#b;c",
    "a:b=c",
    "*",
    "{{ braces }} {% x %}",
    "<a href='x'>&amp;</a>",
    "grüße 漢字 \U0001f511",
    "null",
    "yes",
    "0123",
    "1e3",
    "~",
    "-",
    "- x",
    "!tag",
    "[x]",
    "@x",
    "a\tb",
    "",
    "x" * 1000,
]
LINES = ["two\nlines", "\nin front", "at the end\n", "a\r\nb", "a\rb", "a\n\n# b\n c"]
STRANGE = ["\x01", "\x7f", "\x85", "\x9f", "\u2028", "\ufeff", "\ufffe", "\xa0", "a\x00b"]

READERS: list[tuple[str, Callable[[Sequence[str]], list[str]]]] = [
    ("urlencode", readers.libpq_url),
    ("tojson", readers.json_reader),
    ("tojson", readers.node),
    ("tojson", readers.python),
    ("tojson", readers.pyyaml),
    ("tojson", readers.ruamel_yaml),
    ("toyaml", readers.pyyaml),
    ("toyaml", readers.ruamel_yaml),
    ("shquote", readers.shell("sh")),
    ("shquote", readers.shell("bash")),
    ("pgpass", readers.libpq_passfile),
    ("ini", readers.config_parser),
    ("xml", readers.xml_text),
    ("xml", readers.xml_attribute('"')),
    ("xml", readers.xml_attribute("'")),
    ("properties", readers.java),
    ("nginx", readers.nginx),
    ("haproxy", readers.haproxy),
    ("netrc", readers.python_netrc),
    ("netrc", readers.curl),
]
# What a place can't carry, besides what is listed for all of them.
REFUSED = {
    "shquote": ["a\x00b"],
    "haproxy": [*LINES, "a\x00b"],
    "pgpass": [*LINES, "a\x00b"],
    "ini": [*LINES, " in front", "at the end ", "a\x00b", "\x85", "\u2028", "\xa0"],
    "xml": ["\x01", "\ufffe", "a\x00b"],
    "nginx": ["$HOME ${HOME} $(id) `id`", "a\x00b"],
    "netrc": ["a\tb", *LINES, "\x01", "\x7f", "a\x00b"],
    "systemd": ["a\r\nb", "a\rb", "\x01", "\x7f", "\ufffe", "a\x00b"],
}


def _split(name: str, values: Sequence[str]) -> tuple[list[str], list[str]]:
    """Those values that a filter takes, and how it writes them."""
    taken, written = [], []
    for value in values:
        try:
            written.append(FILTERS[name](value))
            taken.append(value)
        except UnfitError:
            assert value in REFUSED.get(name, []), f"{name} refuses {value!r}"
    return taken, written


@pytest.mark.parametrize(("name", "read"), READERS)
def test_the_reader_gets_the_value(name: str, read: Callable[[Sequence[str]], list[str]]) -> None:
    """Quotes, backslashes, dollars, percent signs, comments, line breaks and Unicode arrive as they are."""
    values = [*HOSTILE, *LINES, *STRANGE]
    if name == "urlencode":
        # libpq refuses it in a URL itself.
        values.remove("a\x00b")
    if name in {"pgpass", "haproxy"}:
        # libpq takes it for no password at all, and HAProxy returns no empty body.
        values.remove("")
    taken, written = _split(name, values)
    assert len(values) - len(REFUSED.get(name, [])) == len(taken)
    assert taken == read(written)


def test_systemd_reads_what_it_is_given() -> None:
    """A variable of `Environment=` is the value."""
    values = [*HOSTILE, *LINES, *STRANGE]
    taken, _ = _split("systemd", values)
    assert len(values) - len(REFUSED["systemd"]) == len(taken)
    assert taken == readers.systemd([FILTERS["systemd"](f"A={value}") for value in taken])


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in REFUSED.items() for value in values])
def test_what_a_place_can_not_carry_is_refused(name: str, value: str) -> None:
    """The reason is told, and the value is not."""
    with pytest.raises(UnfitError) as caught:
        FILTERS[name](value)
    assert caught.value.reason.startswith("it ")
    assert value.strip() not in caught.value.reason or len(value.strip()) < 2


_TEXT = st.text(
    st.sampled_from("'\"`\\${}%#=!:;&|<>*- \t\n\r\u0085\u2028x0") | st.characters(exclude_categories=["Cs"])
)
_QUICK = [
    each for each in READERS if each[1] in {readers.json_reader, readers.python, readers.pyyaml, readers.ruamel_yaml}
    or each[0] in {"ini", "xml", "urlencode"} or each[1] is readers.python_netrc
]  # fmt: skip


@pytest.mark.parametrize(("name", "read"), _QUICK)
@settings(max_examples=40)
@given(value=_TEXT)
def test_any_text_is_carried_or_refused(name: str, read: Callable[[Sequence[str]], list[str]], value: str) -> None:
    """Whatever a value holds, the reader gets it, or the filter refuses it."""
    try:
        written = FILTERS[name](value)
    except UnfitError:
        return
    if "\0" not in value or name != "urlencode":
        assert [value] == read([written])


@settings(max_examples=10)
@given(values=st.lists(_TEXT, min_size=10, max_size=30))
@pytest.mark.parametrize(
    ("name", "read"), [("shquote", readers.shell("sh")), ("pgpass", readers.libpq_passfile), ("netrc", readers.curl)]
)
def test_any_texts_are_carried_or_refused(
    name: str, read: Callable[[Sequence[str]], list[str]], values: list[str]
) -> None:
    """The same, many at once, for readers that are slow to start."""
    taken, written = [], []
    for value in values:
        try:
            written.append(FILTERS[name](value))
            taken.append(value)
        except UnfitError:
            continue
    kept = [value or None for value in taken] if name != "pgpass" else [value for value in taken if value]
    assert [value or "" for value in kept] == read([text for text in written if text])


VALUES = [
    {"text": 'it\'s "x"\n', "yes": "no", "number": 7, "flag": True, "list": ["a", "b"], "inner": {"a b": "c"}},
    ["x", 1.5, 1e16, -3],
]


@pytest.mark.parametrize("value", VALUES)
def test_lists_and_mappings(value: object) -> None:
    """JSON, YAML and TOML take more than text."""
    assert value == yaml.safe_load(FILTERS["tojson"](value).replace("1e+16", "1.0e+16"))
    assert value == yaml.safe_load(FILTERS["toyaml"](value))
    assert value == tomllib.loads(f"key = {FILTERS['totoml'](value)}")["key"]


def test_numbers_that_only_yaml_and_toml_have() -> None:
    """Not a number, and infinity."""
    assert [".nan", ".inf", "-.inf"] == [FILTERS["toyaml"](float(text)) for text in ("nan", "inf", "-inf")]
    assert ["nan", "inf", "-inf"] == [FILTERS["totoml"](float(text)) for text in ("nan", "inf", "-inf")]
    with pytest.raises(UnfitError, match="JSON has no form"):
        FILTERS["tojson"](float("nan"))


def test_nothing_is_json_and_yaml_and_not_toml() -> None:
    """TOML has no null, and numbers of 64 bits only."""
    assert ("null", "null") == (FILTERS["tojson"](None), FILTERS["toyaml"](None))
    for value in (None, 2**63):
        with pytest.raises(UnfitError, match="TOML has no form"):
            FILTERS["totoml"](value)


@pytest.mark.parametrize("name", ["tojson", "toyaml", "totoml"])
def test_what_has_no_form_is_refused(name: str) -> None:
    """A set is none of the things that the language has."""
    with pytest.raises(UnfitError, match=r"it holds something that .* has no form for"):
        FILTERS[name]({"x"})


def test_json_is_indented_on_request() -> None:
    """As Jinja2's own filter does it; and nothing is escaped for HTML."""
    assert '{\n  "a": "<&>\'"\n}' == FILTERS["tojson"]({"a": "<&>'"}, indent=2)


def test_a_key_that_yaml_can_not_have() -> None:
    """YAML looks for the colon in the first 1024 characters only."""
    with pytest.raises(UnfitError, match="a key of more than 1024 characters"):
        FILTERS["toyaml"]({"x" * 1023: "y"})


@pytest.mark.parametrize("value", [*HOSTILE, *LINES, *STRANGE])
def test_toml_strings(value: str) -> None:
    """Every text is a TOML string."""
    assert value == tomllib.loads(f"key = {FILTERS['totoml'](value)}")["key"]


@pytest.mark.parametrize("name", sorted(FILTERS.keys() - {"tojson", "toyaml", "totoml", "htpasswd"}))
@pytest.mark.parametrize(("value", "described"), [(None, "nothing"), ([], "a list"), (True, "a bool")])
def test_filters_for_text_take_text(name: str, value: object, described: str) -> None:
    """A list, a flag and nothing have no one way to be written; a number has."""
    with pytest.raises(UnfitError, match=f"it is not text but {described}"):
        FILTERS[name](value)


@pytest.mark.parametrize(
    "name", sorted(FILTERS.keys() - {"htpasswd", "b64decode", "shquote", "haproxy", "indent", "pgpass", "ini", "netrc"})
)
def test_half_a_surrogate_pair_is_refused(name: str) -> None:
    """UTF-8 has no bytes for it."""
    with pytest.raises(UnfitError):
        FILTERS[name]("\ud800")


def test_a_parameter_that_nginx_can_not_read() -> None:
    """nginx refuses a parameter of more than its buffer holds, and takes one that just fits."""
    longest = "x" * 4091
    assert [longest] == readers.nginx([FILTERS["nginx"](longest)])
    with pytest.raises(UnfitError, match="4096 bytes"):
        FILTERS["nginx"](longest + "x")


@settings(max_examples=40)
@given(value=_TEXT)
@pytest.mark.parametrize("load", [yaml.safe_load, ruamel.yaml.YAML(typ="safe", pure=True).load])
def test_an_indented_text_does_not_leave_its_block(load: Callable[[str], dict[str, str]], value: str) -> None:
    """Whatever it holds, YAML finds it below its key, and the next key after it."""
    try:
        written = FILTERS["indent"](value, 2)
    except UnfitError:
        return
    if value.replace("\n", "").isprintable() or not set(value) - set("\r\n\t "):
        data = load(f"key: |2+\n  {written}\nother: x\n")
        assert {"key": value.replace("\r\n", "\n") + "\n", "other": "x"} == data


@pytest.mark.parametrize("value", ["", "\n", "a\n\nb\n", "\n a\n", " \nb"])
@pytest.mark.parametrize("arguments", [(), (2,), ("> ", True), (3, False, True), ("", True, True)])
def test_indent_is_that_of_jinja2(value: str, arguments: tuple[Any, ...]) -> None:
    """For a text with line feeds only."""
    assert do_indent(value, *arguments) == FILTERS["indent"](value, *arguments)


def test_indent_keeps_line_ends() -> None:
    """A carriage return before a line feed stays, also in a line that is blank."""
    assert "a\r\n  b\r\n\r\n  c\n" == FILTERS["indent"]("a\r\nb\r\n\r\nc\n", 2)


@pytest.mark.parametrize("value", ["a\rb", "a\r", "\r\r\n", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029"])
def test_what_only_some_take_for_a_line_end_is_not_indented(value: str) -> None:
    """Such a reader would find the rest outside of the block."""
    with pytest.raises(UnfitError, match="a line break that not every reader takes for one"):
        FILTERS["indent"](value)


@pytest.mark.parametrize("value", [*HOSTILE, *LINES, *STRANGE])
def test_base64(value: str) -> None:
    """Encoded, it is what every decoder reads; decoded, it is the text again, also from several lines."""
    encoded = FILTERS["b64encode"](value)
    assert value.encode() == decode(encoded)
    assert value == FILTERS["b64decode"](f"{encoded[:8]}\n {encoded[8:]}\n")


@pytest.mark.parametrize(
    ("value", "reason"), [("a$", "it is not base64"), ("/w==", "not UTF-8"), ("abc", "not base64")]
)
def test_what_is_not_base64_of_text(value: str, reason: str) -> None:
    """Neither garbage nor bytes that are no text are passed on."""
    with pytest.raises(UnfitError, match=reason):
        FILTERS["b64decode"](value)


def test_sha256() -> None:
    """The digest of the UTF-8, in hexadecimal digits."""
    assert hashlib.sha256("grüße".encode()).hexdigest() == FILTERS["sha256"]("grüße")


def _verified(path: Path, user: str, password: str) -> bool:
    readers.require("htpasswd")
    return 0 == subprocess.run(["htpasswd", "-vb", path, user, password], capture_output=True, check=False).returncode


def test_apache_verifies_htpasswd(tmp_path: Path) -> None:
    """The program that checks such files takes the password and no other one."""
    password = 'it\'s "$x" % # \\ grüße'
    path = tmp_path / "htpasswd"
    path.write_text(f"{FILTERS['htpasswd'](password, 'ana', rounds=4)}\nbob:{FILTERS['bcrypt']('other', rounds=4)}\n")
    assert (True, False) == (_verified(path, "ana", password), _verified(path, "ana", "other"))
    assert _verified(path, "bob", "other")


def test_a_hash_that_still_fits_is_kept() -> None:
    """A file that is rendered anew does not change as long as the passwords don't."""
    old = f"{FILTERS['htpasswd']('one', 'ana', 4)}\n{FILTERS['htpasswd']('two', 'bob', 4)}\n"
    again = filters_for(old)
    assert old == f"{again['htpasswd']('one', 'ana', 4)}\n{again['htpasswd']('two', 'bob', 4)}\n"
    changed = filters_for(old)
    new = [changed["htpasswd"]("new", "ana", 4), changed["htpasswd"]("two", "bob", 4)]
    assert (False, True) == (new[0] in old, new[1] in old)


def test_two_users_with_one_password_have_two_hashes() -> None:
    """The file does not show that the passwords are equal."""
    again = filters_for(FILTERS["htpasswd"]("same", "ana", 4))
    first, second = again["htpasswd"]("same", "ana", 4), again["htpasswd"]("same", "bob", 4)
    assert first.removeprefix("ana:") != second.removeprefix("bob:")


def test_a_hash_with_other_rounds_is_not_kept() -> None:
    """More rounds are what was asked for."""
    old = FILTERS["bcrypt"]("same", 4)
    assert filters_for(old)["bcrypt"]("same", 5).startswith("$2b$05$")


@pytest.mark.parametrize(
    ("name", "arguments", "reason"),
    [
        ("bcrypt", ("x" * 73,), "longer than the 72 bytes"),
        ("bcrypt", ("ü" * 37,), "longer than the 72 bytes"),
        ("bcrypt", ("a\0b",), "NUL"),
        ("bcrypt", ("a", 3), "rounds is not a number from 4 to 31"),
        ("htpasswd", ("a", ""), "its user"),
        ("htpasswd", ("a", "a:b"), "its user"),
        ("htpasswd", ("a", "#a"), "its user"),
        ("htpasswd", ("a", "a\nb"), "its user"),
    ],
)
def test_what_can_not_be_hashed(name: str, arguments: tuple[object, ...], reason: str) -> None:
    """bcrypt would cut a long password, and a colon in a user would end it."""
    with pytest.raises(UnfitError, match=reason):
        FILTERS[name](*arguments)
