"""From one row of a file to a draft. No problem shows a value."""

from collections.abc import Mapping

from mysafe_env.changes import Change
from mysafe_env.errors import UsageError
from mysafe_env.importing.drafts import Defaults, Draft, Entry, Kept
from mysafe_env.items import KINDS, Grant, Grants, Kind
from mysafe_env.mapping.grammar import is_reference
from mysafe_env.mapping.names import NO_NAME, is_valid_name, to_name
from mysafe_env.mapping.places import Place, Problems
from mysafe_env.secret import Secret
from mysafe_env.sources.outgoing import sent_fields
from mysafe_env.suggest import did_you_mean
from mysafe_env.vault.records import REQUIRED_FIELDS, WRITABLE_FIELDS

Cells = dict[str, object]
_SHARING = {"users_allowed": "username", "groups_allowed": "name"}


class _RowError(Exception):
    """What is wrong with a row, and what to do."""


def from_pair(  # noqa: PLR0913  # a pair, where it stands, and what holds for all
    number: int, variable: str, value: str, defaults: Defaults, *, place: Place, problems: Problems
) -> Entry | None:
    """An item that holds the value of an environment variable, named like it.

    An empty value and a reference need no item: they stay in the mapping.
    """
    if not is_valid_name(variable):
        # The word is not repeated: it may be a piece of a value.
        nameless = Place(place.document, (), place.line)
        problems.add(nameless, NO_NAME)
        return None
    if not value or is_reference(value):
        return Kept(variable, value)
    kind = KINDS[defaults.kind]
    cells: Cells = {"name": variable, "variable": variable, kind.secret_field: value}
    named_after = {"password": "username", "secretapi": "identifier_code"}.get(kind.name)
    if named_after and named_after not in (defaults.plain or {}):
        cells[named_after] = variable
    return from_row(number, cells, defaults, place, problems)


def from_row(number: int, cells: Cells, defaults: Defaults, place: Place, problems: Problems) -> Draft | None:
    """The item whose fields stand in a row's cells; None when there is a problem."""
    try:
        return _draft(number, cells, defaults)
    except _RowError as error:
        problems.add(place, str(error))
    except UsageError as error:
        problems.add(place, f"{error.message}; {error.hint}")
    return None


def _draft(number: int, cells: Cells, defaults: Defaults) -> Draft:
    given = {name: cell for name, cell in cells.items() if cell is not None and cell != ""}
    kind = _kind(given.pop("kind", defaults.kind))
    variable = given.pop("variable", None)
    users = _grants(given.pop("users_allowed", ""), "users_allowed") or defaults.users_allowed
    groups = _grants(given.pop("groups_allowed", ""), "groups_allowed") or defaults.groups_allowed
    fields = _fields(kind, given, defaults.plain or {})
    secrets = {name: Secret(text) for name, text in fields.items() if name in kind.secret_fields}
    plain = {name: text for name, text in fields.items() if name not in kind.secret_fields}
    change = Change(_prefixed(plain, defaults.prefix), secrets, users or None, groups or None)
    sent_fields(change)
    wanted = _variable(variable or to_name(plain.get("identifier_code") or plain["name"]))
    return Draft(number, kind.name, wanted if kind.secret_field in secrets else "", change)


def _kind(name: object) -> Kind:
    if not isinstance(name, str) or name not in KINDS:
        raise _RowError(f"has a kind that is none; write one of: {', '.join(KINDS)}")
    return KINDS[name]


def _fields(kind: Kind, given: Cells, plain: Mapping[str, str]) -> dict[str, str]:
    """The fields of the row, over those that hold for all rows."""
    writable = WRITABLE_FIELDS[kind.name]
    fields = {name: text for name, text in plain.items() if name in writable}
    for name, cell in given.items():
        if name not in writable:
            # A name that is none may be a piece of a value.
            known = {*writable, "kind", "variable", *_SHARING}
            what = f'the column "{name}"' if name.isidentifier() else "a column"
            raise _RowError(f"has {what}, which a {kind.name} has not; {did_you_mean(name, known)}")
        if not isinstance(cell, str):
            raise _RowError(f"has a {name} that is not text; quote it")
        fields[name] = cell
    missing = [name for name in REQUIRED_FIELDS[kind.name] if not fields.get(name)]
    if missing:
        raise _RowError(f"lacks {', '.join(missing)}, which a {kind.name} needs; fill it in, or give it as an option")
    return fields


def _prefixed(plain: dict[str, str], prefix: str) -> dict[str, str]:
    return {name: prefix + text if name in {"name", "identifier_code"} else text for name, text in plain.items()}


def _variable(name: object) -> str:
    if not isinstance(name, str) or not is_valid_name(name):
        raise _RowError('gives no environment name; add a column "variable" with letters, digits and _')
    return name


def _grants(cell: object, column: str) -> Grants:
    """Whom a cell names: `ana:edit, bob`, or in JSON the list of objects that the API takes."""
    if isinstance(cell, str):
        return tuple(_text_grant(text.strip(), column) for text in cell.split(",") if text.strip())
    if not isinstance(cell, list):
        raise _RowError(f'has {column} that name nobody; write "ana:edit, bob"')
    return tuple(_object_grant(entry, column) for entry in cell)


def _text_grant(text: str, column: str) -> Grant:
    name, colon, right = text.partition(":")
    if not name or (colon and right not in {"edit", "view"}):
        raise _RowError(f'has {column} that can\'t be read; write "ana:edit, bob"')
    return Grant(name, can_edit=right == "edit")


def _object_grant(entry: object, column: str) -> Grant:
    fields = entry if isinstance(entry, dict) else {}
    # As in answers, where a user is `name` in some and `username` in others.
    name, can_edit = fields.get(_SHARING[column]) or fields.get("name"), fields.get("can_edit", False)
    if not isinstance(name, str) or not isinstance(can_edit, bool):
        raise _RowError(f'has {column} that name nobody; write {{"{_SHARING[column]}": "ana", "can_edit": true}}')
    return Grant(name, can_edit=can_edit)
