"""The text form of a reference: a table of what it means, a table of what is refused, and two properties."""

import contextlib
import string

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mysafe_env.items import KINDS
from mysafe_env.mapping.grammar import (
    GrammarError,
    is_almost_reference,
    is_control,
    is_reference,
    parse_reference,
)
from mysafe_env.references import Lookup, Reference
from tests.support.references import format_reference

FORM = "write mysafe://KIND/KEY#FIELD or mysafe://KIND?SELECTOR=VALUE#FIELD"

ACCEPTED = [
    ("mysafe://note/a", "note", {"name": "a"}, "note"),
    ("mysafe://password/a", "password", {"name": "a"}, "password"),
    ("mysafe://secretapi/a", "secretapi", {"identifier_code": "a"}, "client_secret"),
    ("mysafe://secretapi/a#client_id", "secretapi", {"identifier_code": "a"}, "client_id"),
    ("MYSAFE://note/a#identifier", "note", {"name": "a"}, "identifier"),
    ("mysafe://note/a+b", "note", {"name": "a+b"}, "note"),
    ("mysafe://note/a%20b", "note", {"name": "a b"}, "note"),
    ("mysafe://note/a b", "note", {"name": "a b"}, "note"),
    ("mysafe://note/a%2Fb", "note", {"name": "a/b"}, "note"),
    ("mysafe://note/a%23b", "note", {"name": "a#b"}, "note"),
    ("mysafe://note/a%3Fb", "note", {"name": "a?b"}, "note"),
    ("mysafe://note/%c3%a9", "note", {"name": "é"}, "note"),
    ("mysafe://note/é", "note", {"name": "é"}, "note"),
    ("mysafe://note/a=b&c", "note", {"name": "a=b&c"}, "note"),
    ("mysafe://note?name=a/b?c", "note", {"name": "a/b?c"}, "note"),
    ("mysafe://note?name=a=b", "note", {"name": "a=b"}, "note"),
    ("mysafe://note?name=a%26b", "note", {"name": "a&b"}, "note"),
    ("mysafe://password?username=u&tag=t", "password", {"tag": "t", "username": "u"}, "password"),
    ("mysafe://password?identifier=7#%75rl", "password", {"identifier": "7"}, "url"),
]

REFUSED = [
    ("", f"this is no reference; {FORM}"),
    ("hello", f"this is no reference; {FORM}"),
    ("https://note/a", f"this is no reference; {FORM}"),
    ("secretsafe://items/a", 'there is no kind "items"; did you mean "item"?'),
    ("secretsafe://item/a#fields.", 'an item has no such field; did you mean "fields.NAME"?'),
    ("mysafe://", f"the reference names no kind; {FORM}"),
    ("mysafe:///a", f"the reference names no kind; {FORM}"),
    ("mysafe://note", f"the reference names no item; {FORM}"),
    ("mysafe://note/#note", f"the reference names no item; {FORM}"),
    ("mysafe://notes/a", 'there is no kind "notes"; did you mean "note"?'),
    ("mysafe://user:hunter2@host/a", "there is no such kind; known are: note, password, secretapi"),
    ("mysafe://note/a?tag=b", f"a reference has a key or selectors, not both; {FORM}"),
    ("mysafe://note/a/b", "the key holds a /; write it as %2F"),
    ("mysafe://note?", "a selector lacks its name or its value; write SELECTOR=VALUE, and join several by &"),
    ("mysafe://note?=a", "a selector lacks its name or its value; write SELECTOR=VALUE, and join several by &"),
    ("mysafe://note?tag=a&tag=b", "the selector tag stands twice; leave one"),
    ("mysafe://note?tga=a", 'a note has no selector "tga"; did you mean "tag"?'),
    ("mysafe://note?Tag=a", 'a note has no such selector; did you mean "tag"?'),
    ("mysafe://note/a#", "nothing follows the #; name a field, or leave the # out for the kind's secret field"),
    ("mysafe://note/a#text", 'a note has no field "text"; known are: identifier, name, note, tags'),
    ("mysafe://note/a#b#c", "a note has no such field; known are: identifier, name, note, tags"),
    ("mysafe://note/%", "a % is not followed by two hexadecimal digits; write % itself as %25"),
    ("mysafe://note/%2", "a % is not followed by two hexadecimal digits; write % itself as %25"),
    ("mysafe://note/%+1", "a % is not followed by two hexadecimal digits; write % itself as %25"),
    ("mysafe://note/%ff", "the percent-encoded bytes are not UTF-8; encode the text as UTF-8"),
    ("mysafe://note/\udcff", "the percent-encoded bytes are not UTF-8; encode the text as UTF-8"),
    ("mysafe://note/%0a", "a control character stands in the reference; take it out"),
    ("mysafe://note/\x85", "a control character stands in the reference; take it out"),
]


@st.composite
def references(draw: st.DrawFn) -> Reference:
    """Every reference that a mapping can hold."""
    kind = draw(st.sampled_from([*KINDS.values()]))
    names = draw(st.lists(st.sampled_from(kind.selectors), min_size=1, unique=True))
    characters = st.characters(exclude_categories=("Cc", "Cs"))
    selectors = [(name, draw(st.text(characters, min_size=1))) for name in sorted(names)]
    return Reference(Lookup("mysafe", kind.name, tuple(selectors)), draw(st.sampled_from(kind.fields)))


@pytest.mark.parametrize(("text", "kind", "selectors", "field"), ACCEPTED)
def test_meaning(text: str, kind: str, selectors: dict[str, str], field: str) -> None:
    """The text means these items and this field."""
    assert Reference(Lookup("mysafe", kind, tuple(selectors.items())), field) == parse_reference(text)


@pytest.mark.parametrize(("text", "message"), REFUSED)
def test_refusal(text: str, message: str) -> None:
    """The text is refused with a reason and an advice."""
    with pytest.raises(GrammarError) as caught:
        parse_reference(text)
    assert message == str(caught.value)


@pytest.mark.parametrize(
    ("text", "is_one", "is_almost"),
    [
        ("mysafe://", True, False),
        ("MySafe://x", True, False),
        ("secretsafe://x", True, False),
        ("mysafe:/x", False, True),
        ("SECRETSAFE:x", False, True),
        ("mysafe", False, False),
        (" mysafe://x", False, False),
        ("https://mysafe://", False, False),
        ("mysafes://x", False, False),
    ],
)
def test_what_is_meant_as_a_reference(text: str, is_one: bool, is_almost: bool) -> None:  # noqa: FBT001  # a table
    """A scheme of ours makes a reference, in capitals too; a scheme without // is a mistake."""
    assert (is_one, is_almost) == (is_reference(text), is_almost_reference(text))


@given(references())
def test_round_trip(reference: Reference) -> None:
    """What is written is read back as the same reference."""
    assert reference == parse_reference(format_reference(reference))


@given(st.text() | st.text("mysafe:/?#&=%+note0aF", max_size=40).map("mysafe://note".__add__))
@example("mysafe://note/%")
@example("mysafe://note?tag=\ud800")
def test_only_grammar_errors(text: str) -> None:
    """Whatever is given, the answer is a reference or a `GrammarError`."""
    with contextlib.suppress(GrammarError):
        parse_reference(text)


def test_control_characters() -> None:
    """C0, DEL and C1 are control characters; everything printable is not."""
    assert all(is_control(chr(code)) for code in (*range(32), *range(127, 160)))
    assert not any(is_control(char) for char in string.printable.rstrip() + "é\xa0")


def test_a_reference_says_what_it_asks_for() -> None:
    """In words, a reference is its kind, its selectors and its field."""
    reference = parse_reference("mysafe://password?username=u&tag=t#url")
    assert 'password tag "t" username "u", field url' == str(reference)
    assert "t" == reference.lookup.selector("tag")
    assert reference.lookup.selector("name") is None
