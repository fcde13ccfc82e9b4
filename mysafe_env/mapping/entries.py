"""One line of `[env]`: a literal, a reference, a template, or a table that spells one of them out."""

from mysafe_env.items import ALL_KINDS, Kind
from mysafe_env.mapping.grammar import (
    GrammarError,
    check_field,
    check_selector,
    find_kind,
    is_almost_reference,
    is_control,
    is_reference,
    parse_reference,
)
from mysafe_env.mapping.model import Entry, Literal, TargetFile, Template, Wanted
from mysafe_env.mapping.names import DANGER, NO_NAME, is_dangerous, is_valid_name
from mysafe_env.mapping.places import Place, Problems
from mysafe_env.mapping.tables import MappingTable
from mysafe_env.references import Lookup, Reference, Selectors
from mysafe_env.secret import Secret

SELECTORS = (
    *("identifier_code", "tag", "name", "username", "url", "identifier"),
    *("collection", "folder", "id", "externalId", "email"),
)
_FORMS = ("value", "template", "kind")
_ALMOST = (
    "begins like a reference and is none; write mysafe://KIND/KEY#FIELD,"
    ' or, in a mapping, { value = "..." } for a literal'
)
_FILE_KEYS = ("path", "mode", "owner", "on_disk")


def read_entry(name: str, raw: object, place: Place, problems: Problems) -> Entry | None:
    """The entry, or None when a problem was noted."""
    named = _check_name(name, raw, place, problems)
    entry: Entry | None = None
    if isinstance(raw, str):
        entry = read_text_entry(name, raw, place, problems)
    elif isinstance(raw, dict):
        entry = _from_table(name, MappingTable(raw, place, problems))
    else:
        problems.add(place, f'is not a string; quote it: {name} = "..."')
    return entry if named else None


def read_text_entry(name: str, text: str, place: Place, problems: Problems) -> Entry | None:
    """The entry for a string, or None when a problem was noted."""
    if is_almost_reference(text):
        problems.add(place, _ALMOST)
        return None
    try:
        return Entry(name, _literal_or_reference(text), place)
    except GrammarError as error:
        problems.add(place, str(error))
        return None


def _literal_or_reference(text: str) -> Literal | Wanted:
    return Wanted(parse_reference(text)) if is_reference(text) else Literal(Secret(text))


def _check_name(name: str, raw: object, place: Place, problems: Problems) -> bool:
    if not is_valid_name(name):
        problems.add(place, NO_NAME)
        return False
    if is_dangerous(name) and not (isinstance(raw, dict) and raw.get("allow_dangerous") is True):
        problems.add(
            place,
            f"{name} {DANGER}; if that is meant, write {name} = {{ value = ..., allow_dangerous = true }}",
        )
        return False
    return True


def _from_table(name: str, table: MappingTable) -> Entry | None:
    forms = [form for form in _FORMS if form in table]
    if len(forms) != 1:
        table.fault("needs exactly one of value, template or kind; " + _advice(table, forms))
        return None
    read = {"value": _value_form, "template": _template_form, "kind": _kind_form}[forms[0]]
    value = read(table)
    as_file = _read_as(table)
    target = _read_target(table, as_file=as_file)
    allows_dangerous = table.flag("allow_dangerous")
    if not table.close() or value is None:
        return None
    return Entry(name, value, table.place, as_file, target, allows_dangerous=allows_dangerous)


def _advice(table: MappingTable, forms: list[str]) -> str:
    if forms:
        return f"take out all but one of {', '.join(forms)}"
    selector = next((selector for selector in SELECTORS if selector in table), None)
    if selector is None:
        return "add one of them"
    first = next(kind.name for kind in ALL_KINDS.values() if selector in kind.selectors)
    return f'say which kind the {selector} belongs to: kind = "{first}"'


def _read_as(table: MappingTable) -> bool:
    text = table.text("as")
    if text not in {None, "file"}:
        table.fault('can only be "file"; take the key out to get the value itself', "as")
    return text == "file"


def _read_target(table: MappingTable, *, as_file: bool) -> TargetFile | None:
    if not as_file and not any(key in table for key in _FILE_KEYS):
        return None
    from mysafe_env.mapping.target_file import read_target_file  # noqa: PLC0415  # few mappings need it

    return read_target_file(table)


def _value_form(table: MappingTable) -> Literal | Wanted | None:
    text = table.string("value")
    if text is None:
        return None
    try:
        value = _literal_or_reference(text)
    except GrammarError as error:
        table.fault(str(error), "value")
        return None
    return _with_absence(table, value.reference) if isinstance(value, Wanted) else value


def _template_form(table: MappingTable) -> Template | None:
    text = table.text("template")
    return None if text is None else Template(text)


def _kind_form(table: MappingTable) -> Wanted | None:
    kind = read_kind(table, table.text("kind"))
    pairs = {name: _selector(table, name) for name in SELECTORS}
    selectors = tuple(sorted((name, value) for name, value in pairs.items() if value is not None))
    field = table.text("field")
    if kind is None:
        table.flag("optional")
        table.string("default")
        return None
    if not any(name in table for name in SELECTORS):
        table.fault(f"says no item; add a selector: {', '.join(kind.selectors)}")
    _check_kind_fits(table, kind, selectors, field)
    lookup = Lookup(kind.system, kind.name, selectors)
    return _with_absence(table, Reference(lookup, field or kind.secret_field))


def read_kind(table: MappingTable, name: str | None) -> Kind | None:
    """The kind of that name, or None when a problem was noted."""
    if name is None:
        return None
    try:
        return find_kind(name)
    except GrammarError as error:
        table.fault(str(error), "kind")
        return None


def _selector(table: MappingTable, name: str) -> str | None:
    value = table.number_or_text(name) if name == "identifier" else table.text(name)
    if value and any(is_control(char) for char in value):
        table.fault("holds a control character; take it out", name)
    return value


def _check_kind_fits(table: MappingTable, kind: Kind, selectors: Selectors, field: str | None) -> None:
    for name, _ in selectors:
        try:
            check_selector(name, kind)
        except GrammarError as error:
            table.fault(str(error), name)
    if field is not None:
        try:
            check_field(field, kind)
        except GrammarError as error:
            table.fault(str(error), "field")


def _with_absence(table: MappingTable, reference: Reference) -> Wanted:
    optional, default = table.flag("optional"), table.string("default")
    if optional and default is not None:
        table.fault("has both optional and default; leave the default alone, or leave the variable unset", "optional")
    return Wanted(reference, optional, None if default is None else _default(table, default))


def _default(table: MappingTable, text: str) -> Literal | Wanted | None:
    try:
        return _literal_or_reference(text)
    except GrammarError as error:
        table.fault(str(error), "default")
        return None
