"""The text form of a reference.

    mysafe://KIND/KEY[#FIELD]                    KEY is the identifier_code of a secretapi, the name of the others
    mysafe://KIND?SELECTOR=VALUE[&...][#FIELD]
    secretsafe://KIND...                         likewise; KEY is the externalId of collections, the email of members

KEY, VALUE and FIELD are percent-encoded UTF-8; `+` stands for itself.
"""

from typing import Final

from mysafe_env.items import ALL_KINDS, SYSTEM_NAMES, SYSTEMS, Kind
from mysafe_env.references import Lookup, Reference, Selectors
from mysafe_env.suggest import did_you_mean

_FORM: Final = "write mysafe://KIND/KEY#FIELD or mysafe://KIND?SELECTOR=VALUE#FIELD"
_KEYS: Final = {"secretapi": "identifier_code", "collections": "externalId", "members": "email"}
GROUPINGS: Final = ("tag", "collection", "folder")
"""The selectors that several items are meant to share."""
# What stands for a selector of the one system in the other; of these, a kind has some or none.
_INSTEAD: Final = {
    "tag": ("collection", "folder"),
    "collection": ("tag",),
    "folder": ("tag",),
    "identifier": ("id",),
    "id": ("identifier",),
}
_HEX: Final = frozenset("0123456789abcdefABCDEF")


class GrammarError(ValueError):
    """The text is no reference; its message says what is wrong and what to do."""


def is_reference(text: str) -> bool:
    """Whether *text* is meant as a reference."""
    return text[:13].lower().startswith(tuple(f"{system}://" for system in SYSTEMS))


def is_almost_reference(text: str) -> bool:
    """Whether *text* begins like a reference and is none."""
    return not is_reference(text) and text[:11].lower().startswith(tuple(f"{system}:" for system in SYSTEMS))


def parse_reference(text: str) -> Reference:
    """The reference that *text* writes; raises `GrammarError`."""
    if not is_reference(text):
        raise GrammarError(f"this is no reference; {_FORM}")
    scheme, _, rest = text.partition("://")
    system = scheme.lower()
    address, hash_sign, fragment = rest.partition("#")
    path, question_mark, query = address.partition("?")
    kind_name, slash, key = path.partition("/")
    if not kind_name:
        raise GrammarError(f"the reference names no kind; {_FORM}")
    kind = find_kind(kind_name, system)
    if slash and question_mark:
        raise GrammarError(f"a reference has a key or selectors, not both; {_FORM}")
    selectors = _selectors(query, kind) if question_mark else _key(key, kind)
    return Reference(
        Lookup(system, kind.name, selectors),
        _field(fragment, kind) if hash_sign else kind.secret_field,
    )


def _key_selector(kind: Kind) -> str:
    """What KEY means for a kind."""
    return _KEYS.get(kind.name, "name")


def find_kind(name: str, system: str = "") -> Kind:
    """The kind of that name, in one system or in any; raises `GrammarError`."""
    kinds = SYSTEMS[system] if system else ALL_KINDS
    if name in kinds:
        return kinds[name]
    if name in ALL_KINDS:
        other = ALL_KINDS[name].system
        raise GrammarError(f'there is no kind "{name}"; it is one of {SYSTEM_NAMES[other]}, write {other}://{name}')
    raise GrammarError(f"there is no {_shown('kind', name)}; {did_you_mean(name, kinds)}")


def check_selector(name: str, kind: Kind) -> None:
    """Raise `GrammarError` unless items of *kind* can be selected by *name*."""
    if name not in kind.selectors:
        raise GrammarError(f"{with_article(kind)} has no {_shown('selector', name)}; {_other_selector(name, kind)}")


def check_field(name: str, kind: Kind) -> None:
    """Raise `GrammarError` unless items of *kind* have the field."""
    if not kind.has_field(name):
        known = (*kind.fields, f"{kind.named_fields}NAME") if kind.named_fields else kind.fields
        raise GrammarError(f"{with_article(kind)} has no {_shown('field', name)}; {did_you_mean(name, known)}")


def is_control(char: str) -> bool:
    """Whether the character is one that no item is named with: C0, DEL or C1."""
    return char < " " or "\x7f" <= char <= "\x9f"


def with_article(kind: Kind) -> str:
    """The kind as messages name one of it; three are named in the plural."""
    return "an item" if kind.name == "item" else f"a {kind.name.removesuffix('s')}"


def _other_selector(name: str, kind: Kind) -> str:
    instead = [other for other in _INSTEAD.get(name, ()) if other in kind.selectors]
    if not instead:
        return did_you_mean(name, kind.selectors)
    why = f"{SYSTEM_NAMES[kind.system]} has no {name}s, " if name in GROUPINGS else ""
    return f"{why}write {' or '.join(instead)} instead"


def _shown(what: str, name: str) -> str:
    # Anything but a plain word is not repeated: a URL with a password in it may begin like a reference.
    is_word = name.isascii() and name.islower() and name.replace("_", "").isalpha()
    return f'{what} "{name}"' if is_word else f"such {what}"


def _key(key: str, kind: Kind) -> Selectors:
    if not key:
        raise GrammarError(f"the reference names no item; {_FORM}")
    if "/" in key:
        raise GrammarError("the key holds a /; write it as %2F")
    return ((_key_selector(kind), _decode(key)),)


def _selectors(query: str, kind: Kind) -> Selectors:
    chosen: dict[str, str] = {}
    for pair in query.split("&"):
        name, equals, value = pair.partition("=")
        if not (name and equals and value):
            raise GrammarError("a selector lacks its name or its value; write SELECTOR=VALUE, and join several by &")
        check_selector(name, kind)
        if name in chosen:
            raise GrammarError(f"the selector {name} stands twice; leave one")
        chosen[name] = _decode(value)
    return tuple(sorted(chosen.items()))


def _field(fragment: str, kind: Kind) -> str:
    field = _decode(fragment)
    if not field:
        raise GrammarError("nothing follows the #; name a field, or leave the # out for the kind's secret field")
    check_field(field, kind)
    return field


def _decode(text: str) -> str:
    plain = text.isascii() and "%" not in text
    return _checked(text if plain else _unquoted(text))


def _unquoted(text: str) -> str:
    from urllib.parse import unquote_to_bytes  # noqa: PLC0415  # slow to import, and few references need it

    if any(len(piece) < 2 or not _HEX.issuperset(piece[:2]) for piece in text.split("%")[1:]):  # noqa: PLR2004  # two hex digits
        raise GrammarError("a % is not followed by two hexadecimal digits; write % itself as %25")
    try:
        return unquote_to_bytes(text).decode()
    except UnicodeError:
        raise GrammarError("the percent-encoded bytes are not UTF-8; encode the text as UTF-8") from None


def _checked(decoded: str) -> str:
    if any(is_control(char) for char in decoded):
        raise GrammarError("a control character stands in the reference; take it out")
    return decoded
