"""`[[tagged]]`: variables for every item that carries a tag, or is in a collection or folder of SecretSafe."""

from collections.abc import Mapping
from string import Formatter

from mysafe_env.errors import RefusedError
from mysafe_env.items import KINDS, Item, Kind
from mysafe_env.mapping.entries import read_kind
from mysafe_env.mapping.grammar import GROUPINGS, GrammarError, check_field, check_selector
from mysafe_env.mapping.model import Tagged
from mysafe_env.mapping.names import to_name
from mysafe_env.mapping.tables import MappingTable
from mysafe_env.references import Selectors
from mysafe_env.suggest import did_you_mean


def read_tagged(table: MappingTable) -> Tagged | None:
    """One `[[tagged]]` table, or None when a problem was noted."""
    selectors, name = _read_selectors(table), table.text("name")
    kind_names, fields, optional = table.text_or_texts("kind"), table.texts("fields"), table.flag("optional")
    if not any(grouping in table for grouping in GROUPINGS):
        table.fault("lacks tag; add it, or collection or folder for items of SecretSafe")
    table.require("kind")
    kinds = [kind for kind in (read_kind(table, kind_name) for kind_name in kind_names) if kind]
    if len(set(kind_names)) < len(kind_names):
        table.fault("names a kind twice; leave one", "kind")
    _check_selectors(table, kinds, selectors)
    _check_fields(table, kinds, fields)
    pattern = name or ("{name}_{field}" if len(fields) > 1 else "{name}")
    _check_pattern(table, kinds, fields, pattern)
    if not table.close():
        return None
    return Tagged(selectors, tuple(kind.name for kind in kinds), fields, pattern, optional, table.place)


def variable_name(tagged: Tagged, item: Item, field: str) -> str:
    """The variable's name for one field of one item; raises `RefusedError` when the item lacks what it is made of."""
    chosen = dict(tagged.selectors)
    known = {**item.plain, "identifier": item.identifier, "kind": item.kind, **chosen, "field": field}
    pieces = []
    for text, placeholder, _, _ in Formatter().parse(tagged.name):
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


def _read_selectors(table: MappingTable) -> Selectors:
    pairs = ((name, table.text(name)) for name in sorted(GROUPINGS))
    return tuple((name, value) for name, value in pairs if value is not None)


def _check_selectors(table: MappingTable, kinds: list[Kind], selectors: Selectors) -> None:
    for kind in kinds:
        for name, _ in selectors:
            try:
                check_selector(name, kind)
            except GrammarError as error:
                table.fault(str(error), name)


def _check_fields(table: MappingTable, kinds: list[Kind], fields: tuple[str, ...]) -> None:
    for kind in kinds:
        for field in fields:
            try:
                check_field(field, kind)
            except GrammarError as error:
                table.fault(str(error), "fields")
    if len(set(fields)) < len(fields):
        table.fault("names a field twice; leave one", "fields")


def _check_pattern(table: MappingTable, kinds: list[Kind], fields: tuple[str, ...], pattern: str) -> None:
    allowed = _placeholders(kinds or list(KINDS.values())) | {each for each in GROUPINGS if each in table}
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
    return (shared - {"notes"}) | {"identifier", "kind", "field"}
