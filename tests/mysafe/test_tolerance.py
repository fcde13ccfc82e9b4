"""Where pages of MySafe's documentation contradict each other, either of them is right.

The numbers are those of the rows in the project's table of inconsistencies.
Rows 15 to 18, 20, 21, 25 and 30 are about calls that write, which this client has none of;
row 23 is tested with the tokens, in `test_oauth2`, and so is the lifetime of row 24.
"""

from collections.abc import Mapping

import pytest

from mysafe_env.errors import BadAnswerError, InactiveError, NoAccessError, NotFoundError, OutageError, RefusedError
from mysafe_env.items import Grant, Row
from mysafe_env.sources.mysafe.client import MySafe
from mysafe_env.sources.mysafe.records import ApiSecret, Note, Password
from tests.mysafe.bodies import API_SECRET, NOTE, PASSWORD, ROW, envelope, mysafe, settings, success
from tests.support.scripted_server import Reply, Script, json_reply

PASSWORDS, NOTES, API_SECRETS = "/api/mysafe/password", "/api/mysafe/note", "/api/mysafe/secretapi"
FLAGS = ("can_view", "can_write", "need_justify", "need_approval")


def rows(path: str, reply: Script) -> tuple[Row, ...]:
    """The list that a client reads out of an answer."""
    with mysafe({path: reply}) as server, MySafe(settings(server.url)) as client:
        match path:
            case "/api/mysafe/password":
                return client.list_passwords()
            case "/api/mysafe/note":
                return client.list_notes()
            case _:
                return client.list_api_secrets()


def password(reply: Script) -> Password:
    """The password that a client reads out of an answer."""
    with mysafe({f"{PASSWORDS}/11": reply}) as server, MySafe(settings(server.url)) as client:
        return client.get_password("11")


def note(reply: Script) -> Note:
    """The note that a client reads out of an answer."""
    with mysafe({f"{NOTES}/21": reply}) as server, MySafe(settings(server.url)) as client:
        return client.get_note("21")


def api_secret(reply: Script) -> ApiSecret:
    """The API secret that a client reads out of an answer."""
    with mysafe({f"{API_SECRETS}/31": reply}) as server, MySafe(settings(server.url)) as client:
        return client.get_api_secret("31")


@pytest.mark.parametrize(
    ("path", "key"),
    [
        (PASSWORDS, "password_on_list"),
        (PASSWORDS, "passwords_on_list"),
        (NOTES, "note_on_list"),
        (NOTES, "notes_on_list"),
        (API_SECRETS, "api_secret_on_list"),
        (API_SECRETS, "api_secrets_on_list"),
    ],
)
def test_row_1_a_list_stands_under_either_key(path: str, key: str) -> None:
    """Singular in the bodies, plural in the field tables."""
    assert ["11"] == [row.identifier for row in rows(path, success(**{key: [ROW]}))]


@pytest.mark.parametrize("path", [PASSWORDS, NOTES, API_SECRETS])
@pytest.mark.parametrize("payload", [{}, {"on_list": []}])
def test_row_1_a_list_that_is_not_there_is_no_empty_list(path: str, payload: Mapping[str, object]) -> None:
    """An optional entry must not vanish because an answer was not understood."""
    with pytest.raises(BadAnswerError, match=r"holds no \w+_on_list"):
        rows(path, success(**payload))


def test_row_1_a_list_that_is_null_is_no_empty_list() -> None:
    """Only a list says that there is nothing in it."""
    with pytest.raises(BadAnswerError):
        rows(PASSWORDS, success(password_on_list=None))
    assert () == rows(PASSWORDS, success(password_on_list=[]))


@pytest.mark.parametrize("key", ["password_entity", "passwords_entity"])
def test_row_2_a_password_stands_under_either_key(key: str) -> None:
    """Singular in the bodies, plural in the field tables."""
    assert "billing db" == password(success(**{key: PASSWORD})).name


@pytest.mark.parametrize("key", ["note_entity", "notes_entity"])
def test_row_2_a_note_stands_under_either_key(key: str) -> None:
    """Singular in the bodies, plural in the field tables."""
    assert "runbook" == note(success(**{key: NOTE})).name


@pytest.mark.parametrize("key", ["api_secret_entity", "api_entity", "api_secrets_entity"])
def test_row_3_an_api_secret_stands_under_any_key(key: str) -> None:
    """Get says `api_secret_entity`, create and update say `api_entity`."""
    assert "payments" == api_secret(success(**{key: API_SECRET})).name


@pytest.mark.parametrize("key", ["name", "username"])
def test_row_4_a_user_is_named_by_either_key(key: str) -> None:
    """Get says `name`, create and update say `username`."""
    reply = success(note_entity={**NOTE, "users_allowed": [{key: "ana.dev", "can_edit": True}]})
    assert (Grant("ana.dev", can_edit=True),) == note(reply).users_allowed


@pytest.mark.parametrize("key", ["can_edit", "can_write"])
def test_row_5_a_permission_stands_under_either_key(key: str) -> None:
    """One page about passwords says `can_write`."""
    reply = success(password_entity={**PASSWORD, "groups_allowed": [{"name": "Platform team", key: True}]})
    assert (Grant("Platform team", can_edit=True),) == password(reply).groups_allowed


@pytest.mark.parametrize("key", ["notes", "note"])
def test_row_6_a_free_text_stands_under_either_key(key: str) -> None:
    """Get says `notes`, create and update say `note`."""
    entity = {name: value for name, value in PASSWORD.items() if name != "notes"}
    assert "rotates" == password(success(password_entity={**entity, key: "rotates"})).notes


@pytest.mark.parametrize("key", ["message", "mensagem", "Message"])
def test_row_7_words_stand_under_any_key(key: str) -> None:
    """The Portuguese name, or a capital letter, in some bodies."""
    with pytest.raises(NotFoundError, match="MySafe: 1005: Password not found"):
        password(json_reply({"response": {"status": 400, "error": True, key: "1005: Password not found"}}, 400))


@pytest.mark.parametrize(
    ("document", "status", "error"),
    [
        ({"response": {"error": True, "message": "1005: x"}}, 400, NotFoundError),
        ({"response": {"error": True, "status": 500, "message": "x"}}, 200, OutageError),
        ({"response": {"error": True, "message": "x"}, "code": 500}, 200, OutageError),
        ({"response": {"error": True, "status": 400, "message": "x"}, "code": 400}, 500, OutageError),
        ({"response": {"error": False, "status": 500}, "code": 500, "password_entity": PASSWORD}, 200, None),
    ],
)
def test_row_8_the_status_of_http_comes_before_those_in_the_body(
    document: object, status: int, error: type[Exception] | None
) -> None:
    """`code` is missing in some bodies; without an error nobody asks for it."""
    if error is None:
        assert "billing db" == password(json_reply(document, status)).name
        return
    with pytest.raises(error) as caught:
        password(json_reply(document, status))
    assert error is type(caught.value)


@pytest.mark.parametrize(
    "document",
    [
        {"response": {"error": True, "error_code": 0, "message": "1009: Inactive password"}},
        {"response": {"erro": True, "cod_erro": 0, "mensagem": "1009: Inactive password"}},
        {"response": {"error": "1", "message": "1009: Inactive password"}},
        {"response": {"error": False}, "exception": {"code": 1009, "message": "Inactive password"}},
        {"response": {"error": True, "error_code": 1}, "exception": {"code": "1009", "message": ""}},
        {"response": {"error": True, "message": "1009: Inactive password"}, "exception": {"code": 400}},
        {"exception": {"code": 1009, "message": "1009: Inactive password", "detail": None}},
    ],
)
@pytest.mark.parametrize("status", [200, 400])
def test_row_9_an_error_is_known_by_its_flag_or_its_exception(document: object, status: int) -> None:
    """`error_code` is neither the domain code nor always right."""
    with pytest.raises(InactiveError):
        password(json_reply(document, status))


@pytest.mark.parametrize("words", ["1006: User does not have access", "1006 User does not have access", " 1006:x"])
def test_row_10_the_colon_after_a_code_is_optional(words: str) -> None:
    """Pages about notes leave it out."""
    with pytest.raises(NoAccessError):
        note(json_reply(envelope(words, status=400, error=True), 400))


def test_row_10_a_longer_number_is_no_code() -> None:
    """The words may begin with any number."""
    with pytest.raises(RefusedError, match="10061 things"):
        note(json_reply(envelope("10061 things", status=400, error=True), 400))


def test_row_11_a_single_object_is_a_list_of_one() -> None:
    """The printed lists lack their brackets."""
    assert ["11"] == [row.identifier for row in rows(PASSWORDS, success(password_on_list=ROW))]
    reply = success(note_entity={**NOTE, "users_allowed": {"name": "ana.dev"}})
    assert (Grant("ana.dev", can_edit=False),) == note(reply).users_allowed


def test_row_11_what_is_not_json_is_refused() -> None:
    """The printed bodies with their typing errors are not accepted."""
    with pytest.raises(BadAnswerError, match="not a JSON object"):
        rows(PASSWORDS, Reply(200, b'{"password_on_list": {"identifier": "11", "name": x}]}'))


@pytest.mark.parametrize("identifier", ["11", 11])
def test_row_12_an_identifier_is_a_string_or_a_number(identifier: object) -> None:
    """It is kept as text."""
    (row,) = rows(PASSWORDS, success(password_on_list=[{**ROW, "identifier": identifier}]))
    assert "11" == row.identifier


@pytest.mark.parametrize(
    ("token", "expected"),
    [("081234", "081234"), (81234, "081234"), (7, "000007"), (123456, "123456"), ("81234", "81234")],
)
def test_row_13_a_code_that_is_a_number_gets_its_zeros_back(token: object, expected: str) -> None:
    """Text stays as it is."""
    found = password(success(password_entity={**PASSWORD, "token": token})).token
    assert found is not None
    assert expected == found.reveal()


@pytest.mark.parametrize("sent", [True, 1, "1", "true", "True"])
def test_row_14_a_flag_that_is_set_comes_in_many_forms(sent: object) -> None:
    """As a boolean, a number or text."""
    (row,) = rows(PASSWORDS, success(password_on_list=[{**ROW, **dict.fromkeys(FLAGS, sent)}]))
    assert (True, True, True, True) == (row.can_view, row.can_write, row.need_justify, row.need_approval)


@pytest.mark.parametrize("sent", [False, 0, "0", "false", "False"])
def test_row_14_a_flag_that_is_not_set_comes_in_many_forms(sent: object) -> None:
    """As a boolean, a number or text."""
    (row,) = rows(PASSWORDS, success(password_on_list=[{**ROW, **dict.fromkeys(FLAGS, sent)}]))
    assert (False, False, False, False) == (row.can_view, row.can_write, row.need_justify, row.need_approval)


@pytest.mark.parametrize("flags", [{}, {"can_view": None, "can_write": None, "need_justify": None}])
def test_row_14_a_missing_flag_forbids_nothing_to_the_reader(flags: Mapping[str, object]) -> None:
    """The get call says whether the item may be read."""
    (row,) = rows(NOTES, success(note_on_list=[{"identifier": "1", "name": "x", **flags}]))
    assert (True, False, False, False) == (row.can_view, row.can_write, row.need_justify, row.need_approval)


@pytest.mark.parametrize("flag", ["yes", "", 2, [], {}])
def test_row_14_a_flag_that_is_none_is_a_bad_answer(flag: object) -> None:
    """It is named, with the row's list."""
    with pytest.raises(BadAnswerError, match='"can_view" of a row of the list of password items is neither'):
        rows(PASSWORDS, success(password_on_list=[{**ROW, "can_view": flag}]))


def test_row_19_api_secrets_are_listed_at_their_own_path() -> None:
    """The printed example asks for passwords."""
    with (
        mysafe({API_SECRETS: success(api_secret_on_list=[])}) as server,
        MySafe(settings(server.url)) as client,
    ):
        client.list_api_secrets(identifier_code="payments-prod")
    assert f"{API_SECRETS}?identifier_code=payments-prod" == server.requests[-1].target


def test_row_22_paths_begin_with_api_behind_the_users_prefix() -> None:
    """A server that is mounted elsewhere is a matter of `MYSAFE_URL`."""
    replies = {
        "/safe/api/oauth2/token": json_reply({"access_token": "x"}),
        "/safe/api/mysafe/note": success(note_on_list=[]),
    }
    with mysafe(replies) as server, MySafe(settings(f"{server.url}/safe")) as client:
        assert () == client.list_notes()


def test_row_24_a_lifetime_is_honoured() -> None:
    """One hour, or 24: the answer says."""
    with (
        mysafe({NOTES: success(note_on_list=[])}, json_reply({"access_token": "x", "expires_in": 0.000001})) as server,
        MySafe(settings(server.url)) as client,
    ):
        client.list_notes()
        client.list_notes()
    assert 2 == len(server.asked("/api/oauth2/token"))


@pytest.mark.parametrize("ending", ["", "/", "//"])
def test_row_27_a_final_slash_of_the_url_does_not_matter(ending: str) -> None:
    """Both spellings are printed."""
    with mysafe({NOTES: success(note_on_list=[])}) as server, MySafe(settings(server.url + ending)) as client:
        assert () == client.list_notes()


def test_row_28_another_identifier_in_the_answer_is_ignored() -> None:
    """The item is the one that was asked for."""
    assert "11" == password(success(password_entity={**PASSWORD, "identifier": "312"})).identifier


def test_row_29_the_identifier_code_has_its_first_letter() -> None:
    """A field table lost it."""
    entity = {**API_SECRET, "dentifier_code": "typing-error"}
    assert "payments-prod" == api_secret(success(api_secret_entity=entity)).identifier_code


def test_rows_26_no_access_may_come_as_not_found() -> None:
    """A page prints 1005 for "no access": the words stay beside the code."""
    with pytest.raises(NotFoundError, match="MySafe: 1005: User does not have access"):
        password(json_reply(envelope("1005: User does not have access", status=400, error=True), 400))
