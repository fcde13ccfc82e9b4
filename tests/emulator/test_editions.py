"""The two generations of MySafe's documentation, by rule and by body."""

from typing import Any

import pytest

from mysafe_env.vault.editions import EDITIONS, V3_32, V3_33
from tests.emulator.caller import calling
from tests.support.emulator import running_emulator, vault_of

VAULT = """
[[password]]
name = "db"
username = "me"
password = "p"
token = "081234"
tags = "t"
[[password]]
name = "closed"
can_view = false
[[note]]
name = "n"
note = "text"
[[note]]
name = "closed"
can_view = false
[[secretapi]]
name = "a"
identifier_code = "taken"
[[secretapi]]
name = "b"
"""
NEW: dict[str, Any] = {"name": "n", "url": "u", "client_id": "c"}
V2, V3 = V3_32.name, V3_33.name


def answer(edition: str, method: str, path: str, body: object = None) -> dict[str, Any]:
    """The body that an edition answers with."""
    with running_emulator(vault_of(VAULT, EDITIONS[edition])) as emulator, calling(emulator) as caller:
        document: dict[str, Any] = caller.call(method, f"/api/mysafe/{path}", body).json
        return document


def message(edition: str, method: str, path: str, body: object = None) -> str:
    """The words that an edition answers with."""
    return str(answer(edition, method, path, body)["response"]["message"])


@pytest.mark.parametrize(
    ("edition", "path", "key", "count"),
    [
        (V3, "password?name=db", "password_on_list", 1),
        (V2, "password?name=db", "password_on_list", 2),
        (V2, "password?tag=t", "password_on_list", 1),
        (V3, "note?name=n", "note_on_list", 1),
        (V2, "note?name=n", "note_on_list", 2),
        (V2, "secretapi?identifier_code=taken", "api_secret_on_list", 1),
    ],
)
def test_filters(edition: str, path: str, key: str, count: int) -> None:
    """Lists of the older pages are filtered by tag, and API secrets by identifier_code; other filters are ignored."""
    assert count == len(answer(edition, "GET", path)[key])


@pytest.mark.parametrize(
    ("edition", "text"), [(V2, "Note successfully registered"), (V3, "1001: Parameter note limited to 900 characters")]
)
def test_the_length_of_a_note(edition: str, text: str) -> None:
    """Only the newer pages limit it."""
    assert text == message(edition, "POST", "note", {"name": "n", "note": "x" * 901})


@pytest.mark.parametrize(("edition", "text"), [(V2, "1005: Note not found"), (V3, "1010: Unexpected identifier type")])
def test_an_identifier_that_is_no_number(edition: str, text: str) -> None:
    """The older pages do not know 1010."""
    assert text == message(edition, "GET", "note/abc")


@pytest.mark.parametrize(
    ("edition", "text"),
    [(V2, "1001: Parameter 'client_secret' was not informed!"), (V3, "Api secret successfully registered")],
)
def test_an_api_secret_without_a_secret(edition: str, text: str) -> None:
    """The older pages require it."""
    assert text == message(edition, "POST", "secretapi", NEW)


@pytest.mark.parametrize(("edition", "quote"), [(V2, "'"), (V3, "")])
def test_a_code_that_is_taken(edition: str, quote: str) -> None:
    """The words of both."""
    body = {**NEW, "client_secret": "s", "identifier_code": "taken"}
    text = f"1001: {quote}Identifier{quote} already found in another API key of this user"
    assert text == message(edition, "POST", "secretapi", body)


def test_changes_of_state_in_the_older_pages() -> None:
    """There is no `code` and no `detail`, and two spaces stand in one of the texts."""
    body = answer(V2, "POST", "secretapi/inactive/1")
    assert {"response"} == set(body)
    assert "detail" not in body["response"]
    assert "Api secret  successfully deactivated" == body["response"]["message"]
    assert "Api secret has already been activated" == message(V2, "POST", "secretapi/active/1")
    assert "code" in answer(V2, "POST", "secretapi/active/404")


def test_errors_of_passwords_in_the_older_pages() -> None:
    """They say `error: true` with an `error_code` of 0."""
    envelope = answer(V2, "GET", "password/2")["response"]
    assert (True, 0, 0) == (envelope["error"], envelope["error_code"], envelope["cod_erro"])
    assert 1 == answer(V2, "GET", "note/2")["response"]["error_code"]


def test_one_time_codes() -> None:
    """The older pages print a bare number, which has lost its leading zero."""
    assert 81234 == answer(V2, "GET", "password/1")["password_entity"]["token"]
    assert "081234" == answer(V3, "GET", "password/1")["password_entity"]["token"]


@pytest.mark.parametrize("path", ["password", "password/1"])
def test_the_third_name_of_a_message(path: str) -> None:
    """Passwords that are read with the newer pages have `Message` in place of `mensagem`; others do not."""
    envelope = answer(V3, "GET", path)["response"]
    assert envelope["message"] == envelope["Message"]
    assert "mensagem" not in envelope
    assert "mensagem" in answer(V2, "GET", path)["response"]
    assert "mensagem" in answer(V3, "GET", path.replace("password", "note"))["response"]


@pytest.mark.parametrize(
    ("edition", "text"), [(V2, "1006: User does not have access"), (V3, "1006 User does not have access")]
)
def test_the_colon_of_1006(edition: str, text: str) -> None:
    """Note pages of the newer generation leave it out; the code stands beside it."""
    body = answer(edition, "GET", "note/2")
    assert (text, text, 1006) == (body["response"]["message"], body["exception"]["message"], body["exception"]["code"])
