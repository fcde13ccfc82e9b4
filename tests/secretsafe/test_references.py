"""References to SecretSafe, as text and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mysafe_env.items import SECRETSAFE_KINDS, Kind
from mysafe_env.mapping.grammar import GrammarError, is_control, parse_reference
from mysafe_env.references import Lookup, Reference
from tests.support.references import format_reference

TEXTS = st.text(st.characters(codec="utf-8"), min_size=1).filter(lambda text: not any(map(is_control, text)))


@pytest.mark.parametrize(
    ("text", "kind", "selectors", "field"),
    [
        ("secretsafe://item/db", "item", {"name": "db"}, "password/notes"),
        ("SECRETSAFE://item/db#totp_code", "item", {"name": "db"}, "totp_code"),
        ("secretsafe://item?folder=Work&id=1#fields.a%23b", "item", {"folder": "Work", "id": "1"}, "fields.a#b"),
        ("secretsafe://collections?externalId=orders#id", "collections", {"externalId": "orders"}, "id"),
        ("secretsafe://collections/orders", "collections", {"externalId": "orders"}, "id"),
        ("secretsafe://members/a%40b.test#userId", "members", {"email": "a@b.test"}, "userId"),
        ("secretsafe://groups/Dev", "groups", {"name": "Dev"}, "id"),
    ],
)
def test_what_is_meant(text: str, kind: str, selectors: dict[str, str], field: str) -> None:
    """Kind, selectors and field of each form."""
    assert Reference(Lookup("secretsafe", kind, tuple(selectors.items())), field) == parse_reference(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("secretsafe://password/x", 'there is no kind "password"'),
        ("mysafe://item/x", 'there is no kind "item"'),
        ("secretsafe://item?tag=x", 'an item has no selector "tag"'),
        ("secretsafe://item/x#fields.", "an item has no such field"),
        ("secretsafe://item/x#password%2Fnotes", "an item has no such field"),
        ("secretsafe://groups/x#email", 'a group has no field "email"'),
    ],
)
def test_what_is_refused(text: str, said: str) -> None:
    """The kinds, selectors and fields of one system are not those of the other."""
    with pytest.raises(GrammarError) as caught:
        parse_reference(text)
    assert said in str(caught.value)


@st.composite
def _references(draw: st.DrawFn) -> Reference:
    kind: Kind = draw(st.sampled_from(list(SECRETSAFE_KINDS.values())))
    selectors = draw(st.dictionaries(st.sampled_from(kind.selectors), TEXTS, min_size=1))
    fields = st.sampled_from((*kind.fields, kind.secret_field))
    named = TEXTS.map(lambda name: f"fields.{name}") if kind.named_fields else fields
    return Reference(Lookup("secretsafe", kind.name, tuple(sorted(selectors.items()))), draw(fields | named))


@given(_references())
def test_there_and_back(reference: Reference) -> None:
    """What is written is read back."""
    assert reference == parse_reference(format_reference(reference))
