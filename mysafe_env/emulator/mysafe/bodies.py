"""The bodies of MySafe's answers, key by key in the order of its documentation.

Envelope, rows, entities and errors are those of the pages "List API secrets" and "POST | Create API secret"
of senhasegura's documentation, and of their sisters for passwords and notes.
"""

from collections.abc import Mapping
from typing import Final

from mysafe_env.emulator.exchange import Response, json_response
from mysafe_env.items import Grants
from mysafe_env.vault.records import ROW_FIELDS, Record
from mysafe_env.vault.store import VaultRefusal

_LIST_KEYS: Final = {"password": "password_on_list", "note": "note_on_list", "secretapi": "api_secret_on_list"}
_GET_KEYS: Final = {"password": "password_entity", "note": "note_entity", "secretapi": "api_secret_entity"}
_WRITE_KEYS: Final = {"password": "password_entity", "note": "note_entity", "secretapi": "api_entity"}

_API_SECRET: Final = ("name", "url", "client_secret", "client_id", "identifier_code", "method", "tags", "notes")
_GET_FIELDS: Final = {
    "password": ("name", "url", "username", "password", "secret_key", "token", "notes", "tags"),
    "note": ("name", "note", "tags"),
    "secretapi": _API_SECRET,
}
# An API secret's answer repeats the client secret; the others keep theirs to themselves.
_WRITE_FIELDS: Final = {
    "password": ("name", "url", "username", "notes", "tags"),
    "note": ("name", "tags"),
    "secretapi": _API_SECRET,
}
_CREATED: Final = {
    "password": "Password successfully registered",
    "note": "Note successfully registered",
    "secretapi": "Api secret successfully registered",
}
_UPDATED: Final = {
    "password": "Password successfully updated",
    "note": "Note successfully update",
    "secretapi": "Api secret updated successfully",
}
# By kind, by the wanted state, and by whether anything changed.
_SWITCHED: Final[Mapping[tuple[str, bool, bool], str]] = {
    ("password", True, True): "Password successfully activated",
    ("password", True, False): "Password has already been activated",
    ("password", False, True): "Password successfully deactivated",
    ("password", False, False): "Password has already been deactivated",
    ("note", True, True): "Note successfully activated",
    ("note", True, False): "Note has already been activated",
    ("note", False, True): "Note successfully deactivated",
    ("note", False, False): "Note has already been deactivated",
    ("secretapi", True, True): "Api secret activated successfully",
    ("secretapi", True, False): "Api secret has already been activated",
    ("secretapi", False, True): "Api secret successfully deactivated",
    ("secretapi", False, False): "Api secret has already been deactivated",
}


def listed(kind: str, records: tuple[Record, ...]) -> Response:
    """200 with the rows of a list."""
    return _success(200, "", {_LIST_KEYS[kind]: [_row(record) for record in records]})


def item(record: Record) -> Response:
    """200 with a whole item."""
    entity = _entity(record, _GET_FIELDS[record.kind], user_key="name")
    return _success(200, "Success", {_GET_KEYS[record.kind]: entity})


def created(record: Record) -> Response:
    """201 with the new item."""
    return _success(201, _CREATED[record.kind], {_WRITE_KEYS[record.kind]: _written(record)})


def updated(record: Record) -> Response:
    """200 with the changed item."""
    return _success(200, _UPDATED[record.kind], {_WRITE_KEYS[record.kind]: _written(record)})


def switched(kind: str, *, active: bool, changed: bool) -> Response:
    """200 after activating or deactivating, with the text that tells whether anything changed."""
    return _success(200, _SWITCHED[kind, active, changed], {})


def refused(refusal: VaultRefusal) -> Response:
    """400 with a domain code."""
    return failed(400, refusal.code, refusal.text)


def malformed(text: str) -> Response:
    """400 for a request that the emulator does not understand; MySafe documents no words for it."""
    return failed(400, 400, text)


def failed(status: int, code: int, text: str, cause: str = "") -> Response:
    """The envelope of an error; its exception has the same text unless a cause is told."""
    exception = {"code": code, "message": cause or text, "detail": None}
    return json_response(status, {**_envelope(status, text, error=True), "exception": exception})


def _success(status: int, message: str, payload: Mapping[str, object]) -> Response:
    return json_response(status, {**_envelope(status, message, error=False), **payload})


def _envelope(status: int, message: str, *, error: bool) -> dict[str, object]:
    return {
        "code": status,
        "response": {
            "status": status,
            "message": message,
            "error": error,
            "error_code": int(error),
            "detail": "",
            "mensagem": message,
            "erro": error,
            "cod_erro": int(error),
        },
    }


def _row(record: Record) -> dict[str, object]:
    return {
        "identifier": record.identifier,
        **{name: record.fields.get(name) for name in ROW_FIELDS[record.kind]},
        "need_justify": str(int(record.need_justify)),
        "need_approval": str(int(record.need_approval)),
        "can_view": record.can_view,
        "can_write": record.can_write,
    }


def _written(record: Record) -> dict[str, object]:
    entity = _entity(record, _WRITE_FIELDS[record.kind], user_key="username")
    if record.kind == "password":
        # The free text of a password is `note` in this answer, and `notes` everywhere else.
        entity = {("note" if key == "notes" else key): value for key, value in entity.items()}
    return {**entity, "shared_error": []}


def _entity(record: Record, fields: tuple[str, ...], user_key: str) -> dict[str, object]:
    return {
        "identifier": record.identifier,
        **{name: record.fields.get(name) for name in fields},
        "users_allowed": _grants(record.users_allowed, user_key),
        "groups_allowed": _grants(record.groups_allowed, "name"),
    }


def _grants(grants: Grants, key: str) -> list[dict[str, object]]:
    return [{key: grant.name, "can_edit": grant.can_edit} for grant in grants]
