"""The bodies that senhasegura's documentation prints, key by key and in order."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from mysafe_env.emulator.mysafe.server import Emulator
from tests.emulator.caller import Caller, calling
from tests.support.emulator import running_emulator

DOCUMENTED = """
[[secretapi]]
identifier = 14
name = "Teste"
[[secretapi]]
identifier = 40
name = "My API secret"
url = "www.url.com"
client_secret = "dq986483917r56e997"
client_id = "jdpidnbpchje6y76egh"
identifier_code = "dfqw45d"
method = "get"
tags = "secret"
notes = "My API secret"
users_allowed = [{ username = "pduarte" }]
groups_allowed = [{ name = "Test group" }]
[[secretapi]]
identifier = 41
name = "not mine"
can_view = false
[[secretapi]]
identifier = 42
name = "asleep"
active = false
tags = "quiet"

[[password]]
identifier = 11
name = "billing db"
url = "db.example.test"
username = "svc_billing"
password = "made-up-value"
secret_key = "MFRGGZDFMZTWQ2LK"
token = "081234"
notes = "rotates monthly"
tags = "prod, db"
can_write = false
need_justify = false

[[note]]
identifier = 21
name = "runbook"
note = "made-up text"
tags = "ops"
need_approval = true
users_allowed = [{ username = "ana.dev", can_edit = true }]
[[note]]
identifier = 22
name = "readable"
note = "made-up text"
users_allowed = [{ username = "ana.dev", can_edit = true }]
"""


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    """One emulator for the bodies that reading gives."""
    with running_emulator(DOCUMENTED) as started:
        yield started


def envelope(status: int, message: str, *, error: bool = False) -> dict[str, Any]:
    """The documented frame of every answer."""
    code = 1 if error else 0
    response = {
        "status": status,
        "message": message,
        "error": error,
        "error_code": code,
        "detail": "",
        "mensagem": message,
        "erro": error,
        "cod_erro": code,
    }
    return {"code": status, "response": response}


def of_passwords(status: int, message: str) -> dict[str, Any]:
    """The frame of passwords that are read, as the newer pages print it."""
    frame = envelope(status, message)
    response = {("Message" if key == "mensagem" else key): text for key, text in frame["response"].items()}
    return {**frame, "response": response}


def printed(body: dict[str, Any]) -> str:
    """A body as text, so that the order of keys counts."""
    return json.dumps(body)


def test_list_of_api_secrets(caller: Caller) -> None:
    """The documented list of API secrets: no more in a row than a number, a name and four flags."""
    flags = {"need_justify": "0", "need_approval": "0", "can_view": True, "can_write": True}
    rows = [
        {"identifier": "14", "name": "Teste", **flags},
        {"identifier": "40", "name": "My API secret", **flags},
        {"identifier": "41", "name": "not mine", **flags, "can_view": False},
        {"identifier": "42", "name": "asleep", **flags},
    ]
    answer = caller.call("GET", "/api/mysafe/secretapi")
    assert (200, "application/json") == (answer.status, answer.headers["Content-Type"])
    assert printed({**envelope(200, ""), "api_secret_on_list": rows}) == printed(answer.json)


def test_one_api_secret(caller: Caller) -> None:
    """The documented API secret; users are told by `name` here."""
    entity = {
        "identifier": "40",
        "name": "My API secret",
        "url": "www.url.com",
        "client_secret": "dq986483917r56e997",
        "client_id": "jdpidnbpchje6y76egh",
        "identifier_code": "dfqw45d",
        "method": "get",
        "tags": "secret",
        "notes": "My API secret",
        "users_allowed": [{"name": "pduarte", "can_edit": False}],
        "groups_allowed": [{"name": "Test group", "can_edit": False}],
    }
    answer = caller.call("GET", "/api/mysafe/secretapi/40")
    assert printed({**envelope(200, "Success"), "api_secret_entity": entity}) == printed(answer.json)


@pytest.mark.parametrize(
    ("identifier", "code", "message"),
    [
        ("41", 1006, "1006: User does not have access"),
        ("404", 1005, "1005: API secret not found"),
        ("42", 1009, "1009: Inactive api secret"),
        ("stripe-live", 1010, "1010: Unexpected identifier type"),
    ],
)
def test_errors(caller: Caller, identifier: str, code: int, message: str) -> None:
    """The documented error bodies: status 400, and the domain code in the exception."""
    answer = caller.call("GET", f"/api/mysafe/secretapi/{identifier}")
    exception = {"code": code, "message": message, "detail": None}
    assert 400 == answer.status
    assert printed({**envelope(400, message, error=True), "exception": exception}) == printed(answer.json)


def test_list_of_passwords(caller: Caller) -> None:
    """Rows of passwords carry url, username and tags, and no secret."""
    row = {
        "identifier": "11",
        "name": "billing db",
        "url": "db.example.test",
        "username": "svc_billing",
        "tags": "prod, db",
        "need_justify": "0",
        "need_approval": "0",
        "can_view": True,
        "can_write": False,
    }
    answer = caller.call("GET", "/api/mysafe/password?tag=db&unknown=1")
    assert printed({**of_passwords(200, ""), "password_on_list": [row]}) == printed(answer.json)


def test_one_password(caller: Caller) -> None:
    """A password comes with its seed and its code."""
    entity = {
        "identifier": "11",
        "name": "billing db",
        "url": "db.example.test",
        "username": "svc_billing",
        "password": "made-up-value",
        "secret_key": "MFRGGZDFMZTWQ2LK",
        "token": "081234",
        "notes": "rotates monthly",
        "tags": "prod, db",
        "users_allowed": [],
        "groups_allowed": [],
    }
    answer = caller.call("GET", "/api/mysafe/password/11")
    assert printed({**of_passwords(200, "Success"), "password_entity": entity}) == printed(answer.json)


def test_notes(caller: Caller) -> None:
    """Rows of notes carry tags; flags that are set are "1"; a field that is not there is null."""
    flags = {"can_view": True, "can_write": True}
    rows = [
        {"identifier": "21", "name": "runbook", "tags": "ops", "need_justify": "0", "need_approval": "1", **flags},
        {"identifier": "22", "name": "readable", "tags": None, "need_justify": "0", "need_approval": "0", **flags},
    ]
    assert rows == caller.call("GET", "/api/mysafe/note").json["note_on_list"]
    entity = {
        "identifier": "22",
        "name": "readable",
        "note": "made-up text",
        "tags": None,
        "users_allowed": [{"name": "ana.dev", "can_edit": True}],
        "groups_allowed": [],
    }
    assert printed(entity) == printed(caller.call("GET", "/api/mysafe/note/22").json["note_entity"])


def test_create_of_an_api_secret() -> None:
    """The documented creation: 201, another payload key, users by `username`, and the client secret again."""
    request = {
        "name": "GCP",
        "url": "https://gcp.com",
        "client_id": "gf455f7g8fb5dfg8fd545bffbv",
        "client_secret": "gf5464******g8fds",
        "identifier_code": "hyga125",
        "tags": "Cloud",
        "notes": "Access details",
        "method": "get",
        "users_allowed": [{"username": "pduarte", "can_edit": True}],
        "groups_allowed": [{"name": "Test group"}],
    }
    entity = {
        "identifier": "43",
        "name": "GCP",
        "url": "https://gcp.com",
        "client_secret": "gf5464******g8fds",
        "client_id": "gf455f7g8fb5dfg8fd545bffbv",
        "identifier_code": "hyga125",
        "method": "get",
        "tags": "Cloud",
        "notes": "Access details",
        "users_allowed": [{"username": "pduarte", "can_edit": True}],
        "groups_allowed": [{"name": "Test group", "can_edit": False}],
        "shared_error": [],
    }
    expected = {**envelope(201, "Api secret successfully registered"), "api_entity": entity}
    with running_emulator(DOCUMENTED) as emulator, calling(emulator) as caller:
        answer = caller.call("POST", "/api/mysafe/secretapi", request)
        assert 201 == answer.status
        assert printed(expected) == printed(answer.json)
        again = caller.call("POST", "/api/mysafe/secretapi", request)
        assert "1001: Identifier already found in another API key of this user" == again.message


@pytest.mark.parametrize(
    ("kind", "fields", "message", "key", "entity"),
    [
        (
            "password",
            {"name": "n", "username": "u", "password": "p", "secret_key": "MFRGGZDF", "notes": "free"},
            "Password successfully registered",
            "password_entity",
            {"identifier": "12", "name": "n", "url": None, "username": "u", "note": "free", "tags": None},
        ),
        (
            "note",
            {"name": "n", "note": "text", "tags": "t"},
            "Note successfully registered",
            "note_entity",
            {"identifier": "23", "name": "n", "tags": "t"},
        ),
    ],
)
def test_create_keeps_the_secret(
    kind: str, fields: dict[str, str], message: str, key: str, entity: dict[str, str | None]
) -> None:
    """A new password or note is answered without its secret; the free text of a password is `note` there."""
    sharing: dict[str, list[object]] = {"users_allowed": [], "groups_allowed": [], "shared_error": []}
    with running_emulator(DOCUMENTED) as emulator, calling(emulator) as caller:
        answer = caller.call("POST", f"/api/mysafe/{kind}", fields)
        assert 201 == answer.status
        assert printed({**envelope(201, message), key: {**entity, **sharing}}) == printed(answer.json)


@pytest.mark.parametrize(
    ("kind", "identifier", "message", "key"),
    [
        ("password", "1", "Password successfully updated", "password_entity"),
        ("note", "1", "Note successfully update", "note_entity"),
        ("secretapi", "1", "Api secret updated successfully", "api_entity"),
    ],
)
def test_update(kind: str, identifier: str, message: str, key: str) -> None:
    """An update changes what it names, and ends sharing where it sends an empty array."""
    text = f'[[{kind}]]\nname = "old"\ntags = "t"\nusers_allowed = [{{ username = "ana.dev" }}]\n'
    with running_emulator(text) as emulator, calling(emulator) as caller:
        path = f"/api/mysafe/{kind}/update/{identifier}"
        answer = caller.call("PUT", path, {"name": "new"})
        assert (200, message) == (answer.status, answer.message)
        entity = answer.json[key]
        assert ("new", "t") == (entity["name"], entity["tags"])
        assert [{"username": "ana.dev", "can_edit": False}] == entity["users_allowed"]
        assert [] == caller.call("PUT", path, {"users_allowed": []}).json[key]["users_allowed"]


@pytest.mark.parametrize(
    ("kind", "messages"),
    [
        (
            "password",
            [
                "Password successfully deactivated",
                "Password has already been deactivated",
                "Password successfully activated",
                "Password has already been activated",
            ],
        ),
        (
            "note",
            [
                "Note successfully deactivated",
                "Note has already been deactivated",
                "Note successfully activated",
                "Note has already been activated",
            ],
        ),
        (
            "secretapi",
            [
                "Api secret successfully deactivated",
                "Api secret has already been deactivated",
                "Api secret activated successfully",
                "Api secret has already been activated",
            ],
        ),
    ],
)
def test_switching(kind: str, messages: list[str]) -> None:
    """Deactivating and activating answer 200 without an entity, and their text tells whether anything changed."""
    with running_emulator(f'[[{kind}]]\nname = "n"\n') as emulator, calling(emulator) as caller:
        answers = [
            caller.call("POST", f"/api/mysafe/{kind}/{state}/1")
            for state in ("inactive", "inactive", "active", "active")
        ]
    assert [envelope(200, message) for message in messages] == [answer.json for answer in answers]


def test_a_refused_write_needs_permission(caller: Caller) -> None:
    """An item that may only be read is not changed."""
    assert "1006: User does not have access" == caller.call("PUT", "/api/mysafe/password/update/11", {}).message
    assert "1006: User does not have access" == caller.call("POST", "/api/mysafe/password/inactive/11").message


def test_a_missing_parameter(caller: Caller) -> None:
    """A create without a required field is refused naming it."""
    answer = caller.call("POST", "/api/mysafe/note", {"name": "n"})
    assert "1001: Parameter 'note' was not informed!" == answer.message
