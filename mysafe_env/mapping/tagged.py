"""`[[tagged]]`: variables for every item that carries a tag."""

from collections.abc import Mapping
from string import Formatter

from mysafe_env.errors import RefusedError
from mysafe_env.items import KINDS, Item, Kind
from mysafe_env.mapping.entries import read_kind
from mysafe_env.mapping.grammar import GrammarError, check_field
from mysafe_env.mapping.model import Tagged
from mysafe_env.mapping.names import to_name
from mysafe_env.mapping.tables import Table
from mysafe_env.suggest import did_you_mean


def read_tagged(table: Table) -> Tagged | None:
    """One `[[tagged]]` table, or None when a problem was noted."""
    tag, name = table.text("tag"), table.text("name")
    kind_names, fields, optional = table.text_or_texts("kind"), table.texts("fields"), table.flag("optional")
    table.require("tag")
    table.require("kind")
    kinds = [kind for kind in (read_kind(table, kind_name) for kind_name in kind_names) if kind]
    if len(set(kind_names)) < len(kind_names):
        table.fault("names a kind twice; leave one", "kind")
    _check_fields(table, kinds, fields)
    pattern = name or ("{name}_{field}" if len(fields) > 1 else "{name}")
    _check_pattern(table, kinds, fields, pattern)
    if not table.close() or tag is None:
        return None
    return Tagged(tag, tuple(kind.name for kind in kinds), fields, pattern, optional, table.place)


def variable_name(pattern: str, tag: str, item: Item, field: str) -> str:
    """The variable's name for one field of one item; raises `RefusedError` when the item lacks what it is made of."""
    known = {**item.plain, "identifier": item.identifier, "kind": item.kind, "tag": tag, "field": field}
    pieces = []
    for text, placeholder, _, _ in Formatter().parse(pattern):
        pieces.append(text)
        if placeholder is not None:
            pieces.append(_known(known, placeholder, item))
    return to_name("".join(pieces))


def _known(known: Mapping[str, str], placeholder: str, item: Item) -> str:
    if not known.get(placeholder):
        raise RefusedError(
            f"{item.kind} {item.identifier} has no {placeholder}, which its variable is named after",
            "name the variables after another field, such as {name} or {identifier}",
        )
    return known[placeholder]


def _check_fields(table: Table, kinds: list[Kind], fields: tuple[str, ...]) -> None:
    for kind in kinds:
        for field in fields:
            try:
                check_field(field, kind)
            except GrammarError as error:
                table.fault(str(error), "fields")
    if len(set(fields)) < len(fields):
        table.fault("names a field twice; leave one", "fields")


def _check_pattern(table: Table, kinds: list[Kind], fields: tuple[str, ...], pattern: str) -> None:
    allowed = _placeholders(kinds or list(KINDS.values()))
    try:
        parsed = [(name, spec, conversion) for _, name, spec, conversion in Formatter().parse(pattern)]
    except ValueError:
        table.fault("has a brace that is not closed or not opened; write {name} or {identifier_code}_{field}", "name")
        return
    placeholders = [name for name, _, _ in parsed if name is not None]
    for name in placeholders:
        if name not in allowed:
            table.fault(f"can't be made of {{{name}}}; {did_you_mean(name, allowed)}", "name")
    if any(spec or conversion for _, spec, conversion in parsed):
        table.fault("has a : or ! inside braces; write the field's name alone", "name")
    if len(fields) > 1 and "field" not in placeholders:
        table.fault("gives all fields of an item one name; add {field}", "name")


def _placeholders(kinds: list[Kind]) -> set[str]:
    """What a name may be made of: what every wanted kind has and anybody may see."""
    shared = set.intersection(*({*kind.fields} - {*kind.secret_fields} for kind in kinds))
    return (shared - {"notes"}) | {"kind", "tag", "field"}
