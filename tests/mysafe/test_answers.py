"""Refusals and answers that can't be used: which error they are, and what it says."""

import json

import pytest

from mysafe_env.errors import (
    BadAnswerError,
    CredentialsError,
    InactiveError,
    NoAccessError,
    NotFoundError,
    OutageError,
    RefusedError,
    SourceError,
    UnreachableError,
)
from mysafe_env.items import Item
from mysafe_env.sources.mysafe.source import MySafeSource
from tests.mysafe.bodies import NO_ROUTE, NOTE, PASSWORD, ROW, WEB_PAGE, envelope, mysafe, refusal, settings, success
from tests.support.deadlines import Skipping
from tests.support.scripted_server import Reply, Script, json_reply

PASSWORDS = "/api/mysafe/password"


# Some of these answers are worth another attempt, as long as there is time.
SECONDS = 60.0


def get(reply: Script, kind: str = "password", identifier: str = "11") -> Item:
    """The item that a source reads out of an answer."""
    with mysafe({f"/api/mysafe/{kind}/{identifier}": reply}) as server:
        source = MySafeSource(settings(server.url))
        try:
            return source.get_item(kind, identifier, Skipping(SECONDS))
        finally:
            source.close()


def list_passwords(reply: Script) -> object:
    """The rows that a source reads out of an answer."""
    with mysafe({PASSWORDS: reply}) as server:
        source = MySafeSource(settings(server.url))
        try:
            return source.list_rows("password", (), Skipping(SECONDS))
        finally:
            source.close()


@pytest.mark.parametrize(
    ("code", "text", "error"),
    [
        (1005, "Password not found", NotFoundError),
        (1006, "User does not have access", NoAccessError),
        (1009, "Inactive password", InactiveError),
        (1010, "Unexpected identifier type", RefusedError),
        (1001, "Parameter 'name' was not informed!", RefusedError),
        (1999, "Something new", RefusedError),
    ],
)
def test_a_domain_code_is_an_error_of_the_item(code: int, text: str, error: type[SourceError]) -> None:
    """MySafe's own words keep their place in the message."""
    with pytest.raises(error) as caught:
        get(refusal(code, text))
    assert error is type(caught.value)
    assert f"MySafe: {code}: {text}" in caught.value.message
    assert "11" in caught.value.message


def test_a_refusal_without_a_code_is_an_error_of_the_item() -> None:
    """MySafe named the item's request as wrong, for whatever reason."""
    with pytest.raises(RefusedError, match="MySafe: Something else"):
        get(json_reply(envelope("Something else", status=400, error=True), 400))


@pytest.mark.parametrize(("code", "error"), [(1005, NotFoundError), (1006, RefusedError), (1010, RefusedError)])
def test_a_refused_list_is_told_as_a_list(code: int, error: type[SourceError]) -> None:
    """1005 means that nothing is there."""
    with pytest.raises(error, match="refused the list of password items") as caught:
        list_passwords(refusal(code, "some words"))
    assert error is type(caught.value)


def test_a_server_error_of_mysafe_is_an_outage() -> None:
    """The words are its own."""
    with pytest.raises(OutageError, match=r"failed at password 11 \(status 500: Unexpected error\.\)") as caught:
        get(json_reply(envelope("Unexpected error.", status=500, error=True), 500))
    assert OutageError is type(caught.value)


def test_a_note_that_is_too_long_to_be_encrypted_is_an_error_of_the_note() -> None:
    """Documented for access keys that encrypt: status 500, and an inner code of 400 that is no client error."""
    exception = {"code": 400, "message": "Ocorreu um erro ao criptografar o texto"}
    document = {**envelope("Unexpected error", status=500, error=True), "exception": exception}
    with pytest.raises(RefusedError, match="could not encrypt note 21") as caught:
        get(json_reply(document, 500), "note", "21")
    assert "encryption of sensitive data" in caught.value.hint


@pytest.mark.parametrize(
    ("reply", "error", "message"),
    [
        (NO_ROUTE, CredentialsError, "no Route matched"),
        (json_reply({"message": "No route matched with those values."}), CredentialsError, "No route matched"),
        (
            json_reply({"message": "You are not authorized to access this resource."}, 400),
            CredentialsError,
            "authorized",
        ),
        (json_reply({}, 401), CredentialsError, "status 401"),
        (json_reply(envelope("Denied", status=403, error=True), 403), CredentialsError, "status 403"),
        (Reply(403, b"<html>"), CredentialsError, "status 403"),
        (
            json_reply({"message": "An invalid response was received from the upstream server"}, 502),
            UnreachableError,
            "upstream",
        ),
        (json_reply({"message": "the upstream server is timing out"}), UnreachableError, "timing out"),
        (Reply(503, b"<html>", (("Content-Type", "text/html"),)), UnreachableError, "status 503"),
        (Reply(504), UnreachableError, "status 504"),
        (json_reply({"message": "API rate limit exceeded"}, 429), OutageError, "fewer requests"),
        (json_reply({"message": "An unexpected error occurred"}, 500), OutageError, "status 500: An unexpected"),
        (json_reply({"response": {"status": 500}}, 500), OutageError, "status 500: no reason given"),
        (Reply(404, b"not found"), BadAnswerError, "unexpected answer for password 11 .status 404"),
        (json_reply({"response": {}}, 404), BadAnswerError, "unexpected answer for password 11 .status 404"),
        (json_reply({"message": "Blocked by rule 7"}, 400), BadAnswerError, "status 400: Blocked by rule 7"),
        (WEB_PAGE, BadAnswerError, "web page instead of password 11"),
        (Reply(404, b"\xef\xbb\xbf \r\n<!doctype html>"), BadAnswerError, "web page instead of password 11"),
    ],
)
def test_what_is_not_the_applications_answer_is_an_outage(
    reply: Script, error: type[OutageError], message: str
) -> None:
    """A gateway's texts count whatever their status; then the status counts, then the type."""
    with pytest.raises(error, match=message) as caught:
        get(reply)
    assert error is type(caught.value)
    assert caught.value.hint


@pytest.mark.parametrize(("named", "when"), [("90", "in 90 s"), ("", "in a minute"), ("9" * 400, "in a minute")])
def test_a_rate_limit_says_when_to_come_again(named: str, when: str) -> None:
    """As the server said, where that is a time that somebody may wait."""
    limited = Reply(429, b"", (("Retry-After", named),))
    with pytest.raises(OutageError, match="asks for fewer requests") as caught:
        get(limited)
    assert f"try again {when}, or give it that time with --timeout or MYSAFE_TIMEOUT" == caught.value.hint


def test_a_refused_call_names_all_causes() -> None:
    """MySafe says the same to a wrong URL, a wrong secret, a revoked key and a forbidden address."""
    with pytest.raises(CredentialsError) as caught:
        get(NO_ROUTE)
    for cause in ("client id or secret", "expired or was revoked", "IP", "referer", "certificate", "MYSAFE_URL"):
        assert cause in caught.value.hint


def test_a_value_that_sounds_like_a_gateway_is_a_value() -> None:
    """Only the gateway's own shape is a refusal."""
    item = get(success(note_entity={**NOTE, "note": "No route matched with those values"}), "note", "21")
    assert "No route matched with those values" == item.secrets["note"].reveal()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b'"text"',
        b"{",
        b'{"password_entity": NaN}',
        b'{"password_entity": {"name": "a", "name": "b"}}',
        b'{"password_entity": {"name": "\xff"}}',
        b"[" * 100_000,
        b'{"a":' * 100_000,
    ],
    ids=["empty", "null", "list", "text", "cut", "nan", "twice", "latin-1", "deep-list", "deep-object"],
)
def test_what_is_not_one_clear_json_object_is_a_bad_answer(body: bytes) -> None:
    """A name that stands twice, NaN, other encodings and bottomless nesting included."""
    with pytest.raises(BadAnswerError, match="not a JSON object"):
        get(Reply(200, body))


def test_a_byte_order_mark_is_accepted() -> None:
    """Some servers write one."""
    body = b"\xef\xbb\xbf" + json.dumps({**envelope(), "password_entity": PASSWORD}).encode()
    assert "billing db" == get(Reply(200, body)).plain["name"]


@pytest.mark.parametrize(
    ("entity", "message"),
    [
        ([], "password 11 is not a JSON object"),
        ("text", "password 11 is not a JSON object"),
        ({}, "holds none of its fields"),
        ({"other": "x"}, "holds none of its fields"),
        ({**PASSWORD, "name": True}, 'the field "name" of password 11 is not text'),
        ({**PASSWORD, "notes": ["x"]}, 'the field "notes" of password 11 is not text'),
        ({**PASSWORD, "password": {"x": "canary"}}, 'the field "password" of password 11 is not text'),
        ({**PASSWORD, "password": "canary\ud800"}, 'the field "password" of password 11 holds half a character'),
    ],
)
def test_an_entity_of_a_wrong_shape_is_a_bad_answer(entity: object, message: str) -> None:
    """The field is named, its value is not."""
    with pytest.raises(BadAnswerError, match=message) as caught:
        get(success(password_entity=entity))
    assert "canary" not in caught.value.message


@pytest.mark.parametrize("number", ["12345678901234567890123", "1.10", "1e3", "-0"])
def test_a_number_keeps_its_spelling(number: str) -> None:
    """A password that was sent as a number is the text that was sent."""
    body = json.dumps({**envelope(), "password_entity": {**PASSWORD, "password": "@"}}).replace('"@"', number)
    assert number == get(Reply(200, body.encode())).secrets["password"].reveal()


@pytest.mark.parametrize("payload", [[{"name": "x"}], [{"identifier": "1"}], [{"identifier": "", "name": "x"}], {}])
def test_a_row_without_identifier_or_name_is_a_bad_answer(payload: object) -> None:
    """Nobody could tell what it is."""
    with pytest.raises(BadAnswerError, match="no identifier or no name"):
        list_passwords(success(password_on_list=payload))


@pytest.mark.parametrize("payload", ["text", ["text"], [[]], [None], 5])
def test_a_row_that_is_no_object_is_a_bad_answer(payload: object) -> None:
    """The list is named."""
    with pytest.raises(BadAnswerError, match="a row of the list of password items is not a JSON object"):
        list_passwords(success(password_on_list=payload))


def test_an_answer_without_envelope_is_read_all_the_same() -> None:
    """The payload is what counts."""
    assert "billing db" == get(json_reply({"password_entity": PASSWORD})).plain["name"]


def test_a_long_list_is_read_whole() -> None:
    """Lists have no pages."""
    many = [{**ROW, "identifier": str(number)} for number in range(5000)]
    assert 5000 == len(list_passwords(success(password_on_list=many)))  # type: ignore[arg-type]  # a tuple of rows
