"""Creating, updating, activating and deactivating, and what the documentation leaves open or contradicts there."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from mysafe_env.changes import Saved
from mysafe_env.deadline import Deadline
from mysafe_env.errors import (
    BadAnswerError,
    CredentialsError,
    MySafeEnvError,
    NoAccessError,
    NotFoundError,
    OutageError,
    RefusedError,
    SourceError,
    TakenError,
    TimedOutError,
    UncertainError,
    UnreachableError,
    UsageError,
)
from mysafe_env.items import Grant
from mysafe_env.secret import Secret
from mysafe_env.sources.mysafe.client import MySafe
from tests.mysafe.bodies import NO_ROUTE, WEB_PAGE, envelope, mysafe, refusal, settings, success, token_reply
from tests.support.scripted_server import Raw, Reply, Request, Script, ScriptedServer, Silence, in_turn, json_reply

VALUE = "canary-of-a-new-value"
GRANTS = {"users_allowed": [Grant("ana", can_edit=True)], "groups_allowed": [Grant("Team")]}
SHARED = {
    "users_allowed": [{"username": "ana", "can_edit": True}],
    "groups_allowed": [{"name": "Team", "can_edit": False}],
}
Call = Callable[[MySafe], object]


def made(key: str, status: int = 201, **entity: object) -> Reply:
    """The answer to a create or an update."""
    return json_reply({**envelope("Done", status=status), key: {"identifier": "43", "name": "n", **entity}}, status)


def switched(message: str) -> Reply:
    """The answer to an activation or deactivation, as v3-32 prints it: without code and entity."""
    return json_reply({"response": {"status": 200, "message": message, "error": False, "error_code": 0}})


def sent_by(call: Call, reply: Reply) -> Request:
    """The request that a call makes; every path is answered alike."""
    with ScriptedServer(lambda request: token_reply() if "token" in request.path else reply) as server:
        with MySafe(settings(server.url)) as client:
            call(client)
        return server.requests[-1]


CREATES: list[tuple[Call, str, dict[str, object], str]] = [
    (
        lambda client: client.create_password(name="n", username="u", password=Secret(VALUE)),
        "/api/mysafe/password",
        {"name": "n", "username": "u", "password": VALUE},
        "password_entity",
    ),
    (
        lambda client: client.create_password(
            name="n",
            username="u",
            password=Secret(VALUE),
            url="l",
            secret_key=Secret("MFRGGZDF"),
            notes="f",
            tags="a, b",
            **GRANTS,  # type: ignore[arg-type]  # both are lists of grants
        ),
        "/api/mysafe/password",
        {
            "name": "n",
            "username": "u",
            "url": "l",
            "notes": "f",
            "tags": "a, b",
            "password": VALUE,
            "secret_key": "MFRGGZDF",
            **SHARED,
        },
        "password_entity",
    ),
    (
        lambda client: client.create_note(name="n", note=Secret(VALUE), tags="t"),
        "/api/mysafe/note",
        {"name": "n", "tags": "t", "note": VALUE},
        "note_entity",
    ),
    (
        # 25: the secret of an API secret is required by one generation of pages only.
        lambda client: client.create_api_secret(name="n", url="l", client_id="c"),
        "/api/mysafe/secretapi",
        {"name": "n", "url": "l", "client_id": "c"},
        "api_entity",
    ),
    (
        lambda client: client.create_api_secret(
            name="n", url="l", client_id="c", client_secret=Secret(VALUE), identifier_code="k", method="get", notes="f"
        ),
        "/api/mysafe/secretapi",
        {
            "name": "n",
            "url": "l",
            "client_id": "c",
            "identifier_code": "k",
            "method": "get",
            "notes": "f",
            "client_secret": VALUE,
        },
        "api_entity",
    ),
]


@pytest.mark.parametrize(("call", "path", "body", "key"), CREATES)
def test_a_create_posts_what_is_given(call: Call, path: str, body: dict[str, object], key: str) -> None:
    """As JSON, to the resource; a user is sent as `username`, and sharing that was not asked for not at all."""
    request = sent_by(call, made(key))
    assert ("POST", path, "application/json") == (request.method, request.target, request.headers["content-type"])
    assert body == json.loads(request.body)


UPDATES: list[tuple[Call, str, dict[str, object], str]] = [
    (
        lambda client: client.update_password("11", password=Secret(VALUE)),
        "/api/mysafe/password/update/11",
        {"password": VALUE},
        "password_entity",
    ),
    (
        lambda client: client.update_note("21", tags="t", users_allowed=[], groups_allowed=[Grant("Team")]),
        "/api/mysafe/note/update/21",
        {"tags": "t", "users_allowed": [], "groups_allowed": SHARED["groups_allowed"]},
        "note_entity",
    ),
    (
        lambda client: client.update_api_secret("31", method="post"),
        "/api/mysafe/secretapi/update/31",
        {"method": "post"},
        "api_entity",
    ),
]


@pytest.mark.parametrize(("call", "path", "body", "key"), UPDATES)
def test_an_update_puts_what_changes(call: Call, path: str, body: dict[str, object], key: str) -> None:
    """15, 16, 17, 30: always PUT, always with the slash, only what is named; an empty list only when asked for."""
    request = sent_by(call, made(key, 200))
    assert ("PUT", path) == (request.method, request.target)
    assert body == json.loads(request.body)


SWITCHES: list[tuple[Call, str]] = [
    (lambda client: client.activate_password("1"), "/api/mysafe/password/active/1"),
    (lambda client: client.deactivate_password("1"), "/api/mysafe/password/inactive/1"),
    (lambda client: client.activate_note("1"), "/api/mysafe/note/active/1"),
    (lambda client: client.deactivate_note("1"), "/api/mysafe/note/inactive/1"),
    (lambda client: client.activate_api_secret("1"), "/api/mysafe/secretapi/active/1"),
    (lambda client: client.deactivate_api_secret("1"), "/api/mysafe/secretapi/inactive/1"),
]


@pytest.mark.parametrize(("call", "path"), SWITCHES)
def test_a_change_of_state_goes_to_the_kind_it_names(call: Call, path: str) -> None:
    """15, 18, 20, 21: the item's own kind and the wanted state, with the slash and without a body."""
    request = sent_by(call, switched("Done"))
    assert ("POST", path, b"", "0") == (request.method, request.target, request.body, request.headers["content-length"])


@pytest.mark.parametrize(
    ("message", "changed"),
    [
        ("Password successfully activated", True),
        ("Api secret  successfully deactivated", True),
        ("Password has already been activated", False),
        ("Note has ALREADY been deactivated.", False),
        ("", True),
    ],
)
def test_the_words_tell_whether_anything_changed(message: str, *, changed: bool) -> None:
    """Doing it twice is fine, and told apart by nothing but the text."""
    with mysafe({"/api/mysafe/note/active/1": switched(message)}) as server, MySafe(settings(server.url)) as client:
        assert changed is client.activate_note("1")


def test_a_create_returns_what_was_made() -> None:
    """Its identifier and plain fields, whatever the fields are called; a secret that is echoed is not even read."""
    entity: dict[str, Any] = {"note": "f", "client_secret": VALUE, "tags": None, **SHARED, "shared_error": []}
    with (
        mysafe({"/api/mysafe/password": made("password_entity", **entity)}) as server,
        MySafe(settings(server.url)) as client,
    ):
        saved = client.create_password(name="n", username="u", password=Secret("other"))
    expected = Saved("password", "43", {"name": "n", "notes": "f"}, (Grant("ana", can_edit=True),), (Grant("Team"),))
    assert expected == saved


@pytest.mark.parametrize("identifier", [43, "43"])
@pytest.mark.parametrize("key", ["api_entity", "api_secret_entity"])
def test_the_new_identifier_may_be_a_number_under_either_key(key: str, identifier: object) -> None:
    """3, 12: both keys, both types."""
    reply = made(key, identifier=identifier)
    with mysafe({"/api/mysafe/secretapi": reply}) as server, MySafe(settings(server.url)) as client:
        assert "43" == client.create_api_secret(name="n", url="u", client_id="c").identifier


@pytest.mark.parametrize(
    "reply", [made("api_entity", 201), made("api_secret_entity", 200), json_reply(envelope("ok")), made("other")]
)
def test_any_success_of_an_update_is_one(reply: Reply) -> None:
    """17, 28: 200 or 201, with the entity or without, and whatever identifier stands in it."""
    with mysafe({"/api/mysafe/secretapi/update/9": reply}) as server, MySafe(settings(server.url)) as client:
        assert "9" == client.update_api_secret("9", tags="t").identifier


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        (["ana: no such user"], ("ana: no such user",)),
        ([{"username": "ana"}, 7], ('{"username": "ana"}', "7")),
        ("all of it", ("all of it",)),
        ([f"{VALUE} for ana"], ("******** for ana",)),
        ([{VALUE: [VALUE]}], ('{"********": ["********"]}',)),
        (None, ()),
    ],
)
def test_failed_sharing_is_told(sent: object, told: tuple[str, ...]) -> None:
    """The item is saved; what the server says of its sharing, in whatever shape, is kept, without a value in it."""
    reply = made("note_entity", shared_error=sent)
    with mysafe({"/api/mysafe/note": reply}) as server, MySafe(settings(server.url)) as client:
        assert told == client.create_note(name="n", note=Secret(VALUE)).shared_error


REFUSALS = [
    (refusal(1001, "Parameter 'url' was not informed!"), RefusedError, 'a secretapi needs the field "url"'),
    (
        refusal(1001, "Identifier already found in another API key of this user"),
        TakenError,
        'the identifier_code "k" is taken',
    ),
    (
        refusal(1001, "'Identifier' already found in another API key of this user"),
        TakenError,
        'the identifier_code "k" is taken',
    ),
    (
        refusal(1001, "Parameter note limited to 900 characters"),
        RefusedError,
        "a field of the secretapi is too long",
    ),
    (refusal(1001, "Something else"), RefusedError, "MySafe refused what was sent for the secretapi"),
    (refusal(1006, "User does not have access"), NoAccessError, "the access key may not change"),
    (json_reply({"response": {"error": True, "message": "No."}}, 400), RefusedError, "MySafe refused"),
]


@pytest.mark.parametrize(("reply", "error", "message"), REFUSALS)
def test_refusals_of_a_write(reply: Reply, error: type[SourceError], message: str) -> None:
    """1001 in its meanings and 1006, for a create and for an update alike: refused is not uncertain."""
    paths = ("/api/mysafe/secretapi", "/api/mysafe/secretapi/update/9")
    with mysafe(dict.fromkeys(paths, reply)) as server, MySafe(settings(server.url)) as client:
        with pytest.raises(error) as created:
            client.create_api_secret(name="n", url="u", client_id="c", identifier_code="k")
        with pytest.raises(error) as updated:
            client.update_api_secret("9", identifier_code="k")
    for caught in (created, updated):
        assert error is type(caught.value)
        assert caught.value.message.startswith(message)


@pytest.mark.parametrize(
    ("code", "text", "error"),
    [
        (1005, "Api secret not found", NotFoundError),
        (1006, "User does not have access", NoAccessError),
        (1010, "Unexpected identifier type", RefusedError),
    ],
)
def test_refusals_of_a_change_of_state(code: int, text: str, error: type[SourceError]) -> None:
    """1005, 1006 and 1010."""
    paths = ("/api/mysafe/secretapi/active/9", "/api/mysafe/secretapi/inactive/9")
    with mysafe(dict.fromkeys(paths, refusal(code, text))) as server, MySafe(settings(server.url)) as client:
        with pytest.raises(error):
            client.activate_api_secret("9")
        with pytest.raises(error):
            client.deactivate_api_secret("9")


@pytest.mark.parametrize(
    "body", [{}, {"maintenance": True}, {"response": None}, {"response": {}}, {"response": "ok"}, {"code": 200}]
)
def test_an_answer_that_is_not_of_mysafe_is_no_success(body: dict[str, object]) -> None:
    """A change that nothing confirms is told as such, whatever the status; nobody takes it for done."""
    paths = ("/api/mysafe/note/update/1", "/api/mysafe/note/active/1", "/api/mysafe/note/inactive/1")
    calls: list[Call] = [
        lambda client: client.update_note("1", tags="t"),
        lambda client: client.activate_note("1"),
        lambda client: client.deactivate_note("1"),
    ]
    with mysafe(dict.fromkeys(paths, json_reply(body))) as server, MySafe(settings(server.url)) as client:
        for call in calls:
            with pytest.raises(BadAnswerError, match=r"^the answer for the \w+ of note 1 holds no response$"):
                call(client)


HEAD = b"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: 999\r\n\r\n"
UNCERTAIN: list[Script] = [
    Raw(),
    Raw(HEAD + b'{"code": 201'),
    Silence(),
    Reply(302, b"", (("Location", "/login"),)),
    WEB_PAGE,
    json_reply({"message": "An invalid response was received from the upstream server"}, 502),
    json_reply({"message": "The upstream server is timing out"}, 504),
    json_reply({**envelope("Unexpected error.", status=500, error=True)}, 500),
    json_reply({}),
    json_reply(envelope("Done", status=201), 201),
    json_reply({**envelope("Done"), "note_entity": {"name": "n"}}, 201),
    json_reply({**envelope("Done"), "note_entity": {"identifier": "4", "name": ["n"]}}, 201),
]


@pytest.mark.parametrize("reply", UNCERTAIN)
def test_a_create_that_may_have_arrived_is_not_repeated(reply: Script) -> None:
    """The error says that nobody knows, and how to look for the item."""
    with (
        mysafe({"/api/mysafe/note": reply, "/api/mysafe/password": success(password_on_list=[])}) as server,
        MySafe(settings(server.url)) as client,
    ):
        # The token, and the connection, are there when time counts.
        client.list_passwords()
        deadline = Deadline(3.0 if isinstance(reply, Silence) else 60.0)
        with pytest.raises(UncertainError) as caught:
            client.create_note(name="it's", note=Secret(VALUE), deadline=deadline)
    assert 1 == len(server.asked("/api/mysafe/note"))
    assert caught.value.message.startswith('the note "it\'s" may have been created, or not: ')
    assert caught.value.hint.endswith("""mysafe-env list note --name 'it'"'"'s'""")
    assert VALUE not in repr(vars(caught.value))


def test_a_lost_api_secret_is_looked_for_by_its_code() -> None:
    """A list of API secrets knows no names."""
    with (
        mysafe({"/api/mysafe/secretapi": Raw()}) as server,
        MySafe(settings(server.url)) as client,
        pytest.raises(UncertainError) as caught,
    ):
        client.create_api_secret(name="n", url="u", client_id="c", identifier_code="pay")
    assert caught.value.hint.endswith("mysafe-env list secretapi --identifier-code pay")


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (NO_ROUTE, CredentialsError),
        (json_reply({"message": "You are not authorized to access this resource."}, 403), CredentialsError),
        (json_reply({"message": "API rate limit exceeded"}, 429), OutageError),
        (Reply(413, b"too large"), BadAnswerError),
    ],
)
def test_a_create_that_never_arrived_is_no_riddle(reply: Reply, error: type[OutageError]) -> None:
    """A gateway that turns it away says so surely."""
    with (
        mysafe({"/api/mysafe/note": reply}) as server,
        MySafe(settings(server.url)) as client,
        pytest.raises(error) as caught,
    ):
        client.create_note(name="n", note=Secret(VALUE))
    assert not isinstance(caught.value, UncertainError)


@pytest.mark.parametrize(("named", "when"), [("90", "in 90 s"), ("", "in a minute")])
def test_a_rate_limit_of_a_create_is_not_waited_for(named: str, when: str) -> None:
    """It is sent once, so no timeout helps, and the hint names none."""
    limited = Reply(429, b"", (("Retry-After", named),))
    with (
        mysafe({"/api/mysafe/note": limited}) as server,
        MySafe(settings(server.url)) as client,
        pytest.raises(OutageError, match="asks for fewer requests") as caught,
    ):
        client.create_note(name="n", note=Secret(VALUE))
    assert f"try again {when}" == caught.value.hint


def test_a_create_without_a_connection_is_no_riddle() -> None:
    """What was never sent was never done: the token's connection is gone, and there is no other."""
    with mysafe({"/api/mysafe/note": Raw()}) as server, MySafe(settings(server.url)) as client:
        with pytest.raises(UncertainError):
            client.create_note(name="n", note=Secret(VALUE))
        server.__exit__()
        with pytest.raises(UnreachableError):
            client.create_note(name="n", note=Secret(VALUE))


def test_a_create_after_the_deadline_is_not_sent() -> None:
    """The time was spent on the token."""
    with (
        mysafe({}, Silence()) as server,
        MySafe(settings(server.url, timeout=0.2)) as client,
        pytest.raises(TimedOutError),
    ):
        client.create_note(name="n", note=Secret(VALUE))
    assert [] == server.asked("/api/mysafe/note")


def test_a_create_is_repeated_with_a_fresh_token() -> None:
    """A refused token proves that the call never reached the application: the one repetition there is."""
    token = in_turn(token_reply("old"), token_reply("new"))
    create = in_turn(NO_ROUTE, made("note_entity"))

    def answer(request: Request) -> Script:
        return token(request) if "token" in request.path else create(request)

    with ScriptedServer(answer) as server, MySafe(settings(server.url)) as client:
        assert "43" == client.create_note(name="n", note=Secret(VALUE)).identifier
    sent = server.asked("/api/mysafe/note")
    assert ["Bearer old", "Bearer new"] == [request.headers["authorization"] for request in sent]
    assert sent[0].body == sent[1].body


BROKEN: list[tuple[Call, str]] = [
    (lambda client: client.create_note(name="n", note=Secret("x" * 901)), "the note has 901 characters"),
    (lambda client: client.update_note("1", note=Secret("ä" * 901)), "the note has 901 characters"),
    (lambda client: client.update_password("1", secret_key=Secret("seed 1")), "the secret_key is not a base32"),
    (lambda client: client.update_password("1", name=""), "an item can't have an empty name"),
    (lambda client: client.update_password("1", password=Secret("\udc80")), "the password holds half a character"),
    (lambda client: client.update_note("1", users_allowed=[Grant("\udc80")]), "the name to share with holds half"),
]


@pytest.mark.parametrize(("call", "message"), BROKEN)
def test_what_no_server_takes_is_not_sent(call: Call, message: str) -> None:
    """A note of 901 characters is told with its length before anything is sent."""
    with mysafe({}) as server, MySafe(settings(server.url)) as client:
        with pytest.raises(UsageError, match=message):
            call(client)
        assert [] == server.requests


def test_a_note_of_900_characters_is_sent() -> None:
    """Characters count, not bytes."""
    request = sent_by(lambda client: client.create_note(name="n", note=Secret("ä" * 900)), made("note_entity"))
    assert "ä" * 900 == json.loads(request.body)["note"]


ECHOES = [
    refusal(1001, f"Parameter {VALUE} is odd"),
    refusal(1006, f"x {VALUE}", 500),
    json_reply({"message": f"upstream choked on {VALUE}"}, 502),
    json_reply({"message": f"who is {VALUE}"}, 403),
    json_reply({**envelope(VALUE, error=True), "exception": {"code": 1001, "message": [VALUE]}}, 400),
    json_reply({"response": {"error": True, "message": f'a "{VALUE}" b'}}),
    Reply(400, b"not json " + VALUE.encode()),
    Reply(400, b"[" * 100_000),
]


WRITES: list[Call] = [
    lambda client: client.create_password(name="n", username="u", password=Secret(VALUE)),
    lambda client: client.update_password("1", password=Secret(VALUE)),
]


@pytest.mark.parametrize("reply", ECHOES)
def test_no_error_repeats_a_value_that_was_sent(reply: Reply) -> None:
    """Whatever the server says of it."""
    paths = ("/api/mysafe/password", "/api/mysafe/password/update/1")
    with mysafe(dict.fromkeys(paths, reply)) as server, MySafe(settings(server.url, timeout=1.0)) as client:
        for call in WRITES:
            with pytest.raises(MySafeEnvError) as caught:
                call(client)
            assert VALUE not in f"{caught.value.message} {caught.value.hint} {caught.value!r}"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ('a"b/ä\\c', 'pass {"password": "a\\"b/ä\\\\c"}'),
        ('a"b/ä\\c', 'pass {"password": "a\\"b\\/\\u00e4\\\\c"}'),
        ("x" * 300, f"{'n' * 100} {'x' * 300}"),
        ("canary_of_a_value", "Parameter 'canary_of_a_value' was not informed!"),
    ],
)
def test_no_error_repeats_a_value_in_another_spelling(value: str, words: str) -> None:
    """Nor as the server quotes the JSON that it got, nor a part of it where a message ends, nor as a field's name."""
    path = "/api/mysafe/password"
    with (
        mysafe({path: refusal(1001, words)}) as server,
        MySafe(settings(server.url)) as client,
        pytest.raises(RefusedError) as caught,
    ):
        client.create_password(name="n", username="u", password=Secret(value))
    assert "********" in caught.value.message
    for part in (value, value.replace('"', '\\"'), "b/", "b\\/", "xxxx"):
        assert part not in caught.value.message


def test_a_value_that_is_a_part_of_another_leaves_no_rest_of_it() -> None:
    """Both secrets of a password are masked as a whole."""
    path = "/api/mysafe/password/update/1"
    with (
        mysafe({path: refusal(1001, "MFRGGZDF and MFRG")}) as server,
        MySafe(settings(server.url)) as client,
        pytest.raises(RefusedError, match=r"1001: \*{8} and \*{8}\)"),
    ):
        client.update_password("1", password=Secret("MFRG"), secret_key=Secret("MFRGGZDF"))


COMMON_WORDS = ["password_entity", "password", "entity", "identifier", "name", "response", "message", "Done", "orders"]


@pytest.mark.parametrize("value", [*COMMON_WORDS, "false", "4343"])
def test_a_value_that_is_a_common_word_hides_nothing(value: str) -> None:
    """The answer's keys, words and numbers are read as they are, and so are the fields that the user wrote himself."""
    entity: dict[str, Any] = {
        "identifier": 4343,
        "name": "orders password",
        "username": "identifier",
        **SHARED,
        "shared_error": [],
    }
    created = made("password_entity", **entity)
    paths = ("/api/mysafe/password", "/api/mysafe/password/update/4343")
    with mysafe(dict.fromkeys(paths, created)) as server, MySafe(settings(server.url)) as client:
        saved = (
            client.create_password(name="orders password", username="identifier", password=Secret(value)),
            client.update_password("4343", name="orders password", username="identifier", password=Secret(value)),
        )
    fields = {"name": "orders password", "username": "identifier"}
    expected = Saved("password", "4343", fields, (Grant("ana", can_edit=True),), (Grant("Team"),))
    assert (expected, expected) == saved


@pytest.mark.parametrize(
    ("value", "words", "error"),
    [
        ("already", "Identifier already found in another API key of this user", TakenError),
        ("1001", "Identifier already found in another API key of this user", TakenError),
        ("informed", "Parameter 'url' was not informed!", RefusedError),
    ],
)
def test_a_value_does_not_change_what_a_refusal_means(value: str, words: str, error: type[SourceError]) -> None:
    """It is masked in the words that are shown, after they were understood."""
    bare = json_reply(envelope(f"1001: {words}", status=400, error=True), 400)
    expected = pytest.raises(error, match=r"^(the identifier_code|a secretapi needs the field).*\*{8}")
    with mysafe({"/api/mysafe/secretapi": bare}) as server, MySafe(settings(server.url)) as client, expected as caught:
        client.create_api_secret(name="n", url="u", client_id="c", identifier_code="k", client_secret=Secret(value))
    assert error is type(caught.value)
    assert value not in caught.value.message


def test_the_encryption_failure_is_told_of_reading_only() -> None:
    """The documented body of status 500 means something else when a note is written."""
    body = {**envelope("Unexpected error", status=500, error=True), "exception": {"code": 400, "message": "x"}}
    with (
        mysafe({"/api/mysafe/note/update/1": json_reply(body, 500)}) as server,
        MySafe(settings(server.url)) as client,
        pytest.raises(OutageError, match="MySafe failed at the update of note 1"),
    ):
        client.update_note("1", note=Secret(VALUE))


@pytest.mark.parametrize("identifier", ["", ".", ".."])
def test_an_identifier_can_not_change_the_path(identifier: str) -> None:
    """Nothing is sent for what would be read as another path."""
    with mysafe({}) as server, MySafe(settings(server.url)) as client:
        for call in (client.activate_note, client.deactivate_note, client.update_note):
            with pytest.raises(RefusedError):
                call(identifier)
        assert [] == server.requests


SEED_REQUEST: dict[str, Any] = {
    "name": "GCP",
    "url": "https://gcp.com",
    "client_id": "gf455f7g8fb5dfg8fd545bffbv",
    "identifier_code": "hyga125",
    "tags": "Cloud",
    "notes": "Access details",
    "method": "get",
}


def test_the_documented_create() -> None:
    """The example of the page "POST | Create API secret": request and response."""
    entity = {
        "identifier": "43",
        **SEED_REQUEST,
        "client_secret": "gf5464******g8fds",
        "users_allowed": [{"username": "pduarte", "can_edit": True}],
        "groups_allowed": [{"name": "Test group", "can_edit": False}],
        "shared_error": [],
    }
    reply = json_reply({**envelope("Api secret successfully registered", status=201), "api_entity": entity}, 201)
    with mysafe({"/api/mysafe/secretapi": reply}) as server, MySafe(settings(server.url)) as client:
        saved = client.create_api_secret(
            **SEED_REQUEST,
            client_secret=Secret("gf5464******g8fds"),
            users_allowed=[Grant("pduarte", can_edit=True)],
            groups_allowed=[Grant("Test group")],
        )
    sent = json.loads(server.requests[-1].body)
    assert {
        **SEED_REQUEST,
        "client_secret": "gf5464******g8fds",
        "users_allowed": [{"username": "pduarte", "can_edit": True}],
        "groups_allowed": [{"name": "Test group", "can_edit": False}],
    } == sent
    grants = (Grant("pduarte", can_edit=True),), (Grant("Test group"),)
    assert Saved("secretapi", "43", SEED_REQUEST, *grants) == saved
