"""Tokens, refusals and busy servers: what happens around every call."""

import itertools
from collections.abc import Callable
from functools import partial

import pytest

from mysafe_env.deadline import Deadline
from mysafe_env.emulator.faults import read_fault
from mysafe_env.errors import (
    BadAnswerError,
    CredentialsError,
    MySafeEnvError,
    NotFoundError,
    OutageError,
    RefusedError,
    UncertainError,
    UnreachableError,
)
from mysafe_env.sources.secretsafe.api import OrganizationApi
from mysafe_env.sources.secretsafe.settings import read_secretsafe_settings
from tests.secretsafe.served import PATIENCE, api_of, serving, settings_of
from tests.support.deadlines import Skipping
from tests.support.scripted_server import Raw, Reply, Request, Script, ScriptedServer, in_all_forms, in_turn, json_reply

SECRET = "canary-client-secret"
TOKEN = "canary-token"
EMPTY_LIST = {"object": "list", "data": []}
TOKEN_REPLY = json_reply({"access_token": TOKEN, "expires_in": 3600, "token_type": "Bearer"})


def _api(server: ScriptedServer, **more: str) -> OrganizationApi:
    environ = {
        "SECRETSAFE_URL": server.url,
        "SECRETSAFE_CLIENT_ID": "organization.1",
        "SECRETSAFE_CLIENT_SECRET": SECRET,
    }
    return OrganizationApi(read_secretsafe_settings(settings_of(environ | more)))


def _server(*scripts: Script, token: Script = TOKEN_REPLY) -> ScriptedServer:
    """A server that gives a token, and then these answers in turn."""
    calls = in_turn(*scripts)
    return ScriptedServer(lambda request: token if request.path == "/identity/connect/token" else calls(request))


def _failure(*scripts: Script, token: Script = TOKEN_REPLY, by_id: bool = False) -> MySafeEnvError:
    with _server(*scripts, token=token) as server:
        api = _api(server)
        call = partial(api.get, "members", "id-1") if by_id else partial(api.list_all, "members")
        with pytest.raises(MySafeEnvError) as caught:
            call(Skipping(PATIENCE))
    shown = in_all_forms(caught.value)
    assert SECRET not in shown
    assert TOKEN not in shown
    return caught.value


def test_the_token_request() -> None:
    """The login is a form with the scope of the organisation; the call carries the token."""
    with _server(json_reply(EMPTY_LIST)) as server:
        _api(server).list_all("members", Skipping(PATIENCE))
        login, call = server.requests
    assert ("POST", "/identity/connect/token") == (login.method, login.path)
    expected = f"grant_type=client_credentials&client_id=organization.1&client_secret={SECRET}&scope=api.organization"
    assert expected == login.body.decode()
    assert ("/api/public/members", f"Bearer {TOKEN}") == (call.path, call.headers["authorization"])


@pytest.mark.parametrize(
    ("body", "said", "advice"),
    [
        ({"error": "invalid_client"}, "the client id and secret (status 400: invalid_client)", "rotated"),
        ({"error": "invalid_scope"}, "the login", "the other kind"),
        ({"error": "invalid_grant", "error_description": "Two factor required."}, "the login", "two-step login"),
        (
            {
                "error": "device_error",
                "error_description": "New device verification required",
                "ErrorModel": {"Message": "new device verification required", "Object": "error"},
            },
            "the login (status 400: device_error; new device verification required)",
            "approve the new device",
        ),
        ({"error": "invalid_grant", "ErrorModel": {"Message": "Your account is locked."}}, "locked", "unlocked"),
        ({"error": "sso_required"}, "sso_required", "exempted"),
    ],
)
def test_a_refused_login(body: dict[str, object], said: str, advice: str) -> None:
    """Each reason that the server gives for refusing a login has its own advice, for somebody without a keyboard."""
    failure = _failure(token=json_reply(body, 400))
    assert isinstance(failure, CredentialsError)
    assert said in failure.message
    assert advice in failure.hint


def test_a_web_page_is_no_refusal() -> None:
    """What a proxy or a firewall shows in place of the token endpoint says nothing about the key."""
    failure = _failure(token=Reply(400, b"<html>blocked</html>", (("Content-Type", "text/html"),)))
    assert isinstance(failure, BadAnswerError)
    assert "is a web page (status 400)" in failure.message


def test_a_prefix_in_other_letters_is_encoded() -> None:
    """A request line is ASCII; what is encoded already stays as it is."""
    with _server(json_reply(EMPTY_LIST)) as server:
        _api(server, SECRETSAFE_API_URL=f"{server.url}/tür%20a").list_all("groups", Skipping(PATIENCE))
        assert ["/identity/connect/token", "/t%C3%BCr%20a/public/groups"] == [each.path for each in server.requests]


def test_two_hosts() -> None:
    """Identity and API may be on different hosts."""
    with _server() as identity, _server(json_reply(EMPTY_LIST)) as api:
        _api(identity, SECRETSAFE_API_URL=f"{api.url}/v2").list_all("groups", Skipping(PATIENCE))
        assert ["/identity/connect/token"] == [each.path for each in identity.requests]
        assert ["/v2/public/groups"] == [each.path for each in api.requests]


def test_one_token_for_many_calls() -> None:
    """A token is used until its end comes near."""
    with serving() as emulator:
        api = api_of(emulator)
        for resource in ("members", "groups", "collections", "policies"):
            api.list_all(resource, Skipping(PATIENCE))
        assert 1 == sum(each.target.endswith("/token") for each in emulator.requests)


def test_a_token_is_renewed_once() -> None:
    """A refused token is replaced once; when the new one is refused too, the call fails."""
    with _server(Reply(401), json_reply(EMPTY_LIST)) as server:
        assert () == _api(server).list_all("members", Skipping(PATIENCE))
        assert 2 == len(server.asked("/identity/connect/token"))
    assert isinstance(_failure(Reply(401)), CredentialsError)


def test_a_token_that_soon_ends_is_not_used_again() -> None:
    """A token is renewed before its end."""
    short = json_reply({"access_token": TOKEN, "expires_in": 1})
    with _server(json_reply(EMPTY_LIST), token=short) as server:
        api = _api(server)
        calls = itertools.takewhile(lambda _: len(server.asked("/identity/connect/token")) < 2, itertools.count())
        for _ in calls:
            api.list_all("members", Skipping(PATIENCE))
        assert 2 == len(server.asked("/identity/connect/token"))


@pytest.mark.parametrize(
    ("answer", "kind", "said"),
    [
        (json_reply({"error": "invalid_client"}, 400), CredentialsError, "status 400: invalid_client"),
        (
            json_reply({"error": "device_error", "ErrorModel": {"Message": "No device."}}, 400),
            CredentialsError,
            "device_error; No device.",
        ),
        (json_reply({"error": SECRET}, 400), CredentialsError, "********"),
        (Reply(404), BadAnswerError, "no address"),
        (Reply(400, b"<html>400 No required SSL certificate was sent"), UnreachableError, "wants a client certificate"),
        (Reply(500), OutageError, "status 500"),
        (json_reply({"expires_in": 3600}), BadAnswerError, '"access_token"'),
        (json_reply({"access_token": "a b"}), BadAnswerError, "header can't carry"),
        (json_reply({"access_token": 7}), BadAnswerError, "is not text"),
        (Reply(200, b"<html>"), BadAnswerError, "not JSON"),
    ],
)
def test_a_login_that_fails(answer: Script, kind: type[MySafeEnvError], said: str) -> None:
    """Each failure of the login has its words, without the secret even where the server repeats it."""
    failure = _failure(token=answer)
    assert kind is type(failure)
    assert said in failure.message


@pytest.mark.parametrize(
    ("answer", "kind", "said"),
    [
        (
            json_reply(
                {"object": "error", "message": "Invalid.", "errors": {"Email": ["Required."], "": ["No body."]}}, 400
            ),
            RefusedError,
            "status 400: Invalid.; email: Required.; No body.",
        ),
        (json_reply({"Object": "error", "Message": "Old words.", "Errors": None}, 400), RefusedError, "Old words."),
        (Reply(403), CredentialsError, "status 403"),
        (json_reply({"message": "No licence."}, 402), RefusedError, "No licence."),
        (Reply(404), BadAnswerError, "no address for the list of members"),
        (Reply(500, b"<html>Oops</html>"), OutageError, "status 500"),
        (Reply(200, b"[]"), BadAnswerError, "not a JSON object"),
        (json_reply({"data": {}}), BadAnswerError, '"data"'),
        (Raw(), UnreachableError, "closed the connection"),
        (json_reply({"message": f"echo {TOKEN}"}, 400), RefusedError, "echo ********"),
    ],
)
def test_a_call_that_fails(answer: Script, kind: type[MySafeEnvError], said: str) -> None:
    """Each status of the documentation has its words and its hint."""
    failure = _failure(answer)
    assert kind is type(failure)
    assert said in failure.message
    assert failure.hint


def test_an_id_that_is_not_there() -> None:
    """A 404 to a call with an id says that the thing is not there."""
    failure = _failure(Reply(404), by_id=True)
    assert isinstance(failure, NotFoundError)
    assert "SecretSafe has no member id-1 (status 404)" == failure.message


def test_a_busy_server_is_asked_again() -> None:
    """Login and call are repeated alike."""
    busy = Reply(429)
    with ScriptedServer(in_turn(busy, TOKEN_REPLY, busy, json_reply(EMPTY_LIST))) as server:
        assert () == _api(server).list_all("members", Skipping(PATIENCE))
        assert 2 == len(server.asked("/api/public/members"))


def test_a_wait_that_is_too_long() -> None:
    """A server that names a time beyond the deadline is believed at once."""
    with _server(Reply(429, b"", (("Retry-After", "3600"),))) as server:
        with pytest.raises(OutageError, match="fewer requests"):
            _api(server).list_all("members", Skipping(PATIENCE))
        assert 1 == len(server.asked("/api/public/members"))


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 999\r\n\r\n"
WEB_PAGE = Reply(200, b"<html>Log in</html>", (("Content-Type", "text/html"),))
LOST: list[Script] = [
    Raw(),
    Raw(HEAD + b'{"object": "group"'),
    Reply(302, b"", (("Location", "/login"),)),
    json_reply({"object": "error", "message": "An unhandled server error has occurred."}, 500),
    Reply(502, b"<html>Bad gateway</html>", (("Content-Type", "text/html"),)),
    Reply(503),
    Reply(504),
]


@pytest.mark.parametrize("answer", [*LOST, WEB_PAGE, Reply(200, b"OK"), Reply(200), Reply(200, b"[]")])
def test_a_create_that_may_have_arrived(answer: Script) -> None:
    """It is sent once, and the error says that nobody knows, and how to look for the group."""
    with _server(answer) as server:
        with pytest.raises(UncertainError) as caught:
            _api(server).create("groups", {"name": "Dev"}, Skipping(PATIENCE))
        assert 1 == len(server.asked("/api/public/groups"))
    assert caught.value.message.startswith('the group "Dev" may have been created, or not: ')
    assert caught.value.hint.endswith("before you create it again: mysafe-env secretsafe groups list")


@pytest.mark.parametrize("answer", [*LOST, WEB_PAGE])
def test_an_invitation_that_may_have_been_sent(answer: Script) -> None:
    """Nobody gets two mails: the error says how to see whether another one is needed."""
    with _server(answer) as server:
        with pytest.raises(UncertainError) as caught:
            _api(server).act("members", "reinvite", "it's", Skipping(PATIENCE))
        assert 1 == len(server.asked("/api/public/members/it%27s/reinvite"))
    assert caught.value.message.startswith("member it's may have been invited again, or not: ")
    assert caught.value.hint.endswith("""mysafe-env secretsafe members get 'it'"'"'s'""")


def test_a_new_member_is_named_by_the_address() -> None:
    """A first invitation that may have been sent is looked for among the members."""
    with _server(Raw()) as server, pytest.raises(UncertainError, match='the member "a@x') as caught:
        _api(server).create("members", {"email": "a@x.test", "type": 2}, Skipping(PATIENCE))
    assert caught.value.hint.endswith("mysafe-env secretsafe members list")


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (Reply(400), RefusedError),
        (Reply(403), CredentialsError),
        (Reply(404), MySafeEnvError),
        (Reply(429), OutageError),
    ],
)
def test_a_create_and_an_invitation_that_are_refused(answer: Script, kind: type[MySafeEnvError]) -> None:
    """A refusal says for sure that nothing was done; it is not sent again on its account."""
    with _server(answer) as server:
        api = _api(server)
        with pytest.raises(kind) as created:
            api.create("groups", {"name": "n"}, Skipping(PATIENCE))
        with pytest.raises(kind) as invited:
            api.act("members", "reinvite", "m", Skipping(PATIENCE))
        assert ["/api/public/groups", "/api/public/members/m/reinvite"] == [one.path for one in server.requests[1:]]
    assert not {UncertainError} & {type(created.value), type(invited.value)}


def test_an_empty_answer_to_a_change_is_none_to_a_question() -> None:
    """Deleting answers nothing, and is not done twice; a list that is empty is none."""
    with _server(Reply(200)) as server:
        api = _api(server)
        api.delete("groups", "g", Skipping(PATIENCE))
        assert 1 == len(server.asked("/api/public/groups/g"))
        with pytest.raises(BadAnswerError):
            api.list_all("groups", Skipping(PATIENCE))
        assert 1 < len(server.asked("/api/public/groups"))


STRANGE = [{}, {"maintenance": True}, {"data": None, "id": None, "type": None, "object": None}]
QUESTIONS: dict[str, Callable[[OrganizationApi, Deadline], object]] = {
    "the list of groups holds no data": lambda api, until: api.list_all("groups", until),
    "events holds no data": lambda api, until: list(api.events((), lambda: until)),
    "member m holds no id": lambda api, until: api.get("members", "m", until),
    "collection c holds no id": lambda api, until: api.update("collections", "c", {"externalId": "x"}, until),
    "policy 1 holds no type": lambda api, until: api.get("policies", "1", until),
    "the subscription holds no passwordManager": lambda api, until: api.subscription(until),
    "the deletion of group g holds no object": lambda api, until: api.delete("groups", "g", until),
    "the groupIds of member m holds no object": lambda api, until: api.set_ids("members", "m", [], until),
    "the import holds no object": lambda api, until: api.import_directory({}, until),
    'the group "Dev" may have been created': lambda api, until: api.create("groups", {"name": "Dev"}, until),
    "member m may have been invited again": lambda api, until: api.act("members", "reinvite", "m", until),
}


@pytest.mark.parametrize("body", STRANGE)
@pytest.mark.parametrize("said", QUESTIONS)
def test_an_object_that_is_none_of_ours(said: str, body: dict[str, object]) -> None:
    """An object with status 200 is neither an empty list nor a success, as long as it is not SecretSafe's."""
    with _server(json_reply(body)) as server, pytest.raises((BadAnswerError, UncertainError)) as caught:
        QUESTIONS[said](_api(server), Skipping(PATIENCE))
    assert said in caught.value.message
    assert caught.value.hint


def test_an_update_of_what_is_none_of_ours_writes_nothing() -> None:
    """What is read before it is written back has to be the object."""
    with _server(json_reply({"maintenance": True})) as server, pytest.raises(BadAnswerError):
        _api(server).update("groups", "g", {"name": "n"}, Skipping(PATIENCE))
    assert ["POST", "GET"] == [request.method for request in server.requests]


@pytest.mark.parametrize(
    ("body", "ask"),
    [
        (b'{"Object":"list","Data":[],"ContinuationToken":null}', lambda api, until: api.list_all("groups", until)),
        (b'{"data":[]}', lambda api, until: list(api.events((), lambda: until))),
        (b'{"Id":"g"}', lambda api, until: api.get("groups", "g", until)),
        (b'{"id":"g","name":null}', lambda api, until: api.create("groups", {"name": "n"}, until)),
        (b'{"Type":0,"Data":null}', lambda api, until: api.get("policies", "0", until)),
        (b'{"passwordManager":null,"secretsManager":{}}', lambda api, until: api.subscription(until)),
        (b"", lambda api, until: api.delete("groups", "g", until)),
        (b'{"object":"member","id":"m"}', lambda api, until: api.act("members", "revoke", "m", until)),
    ],
)
def test_little_is_asked_of_an_answer(body: bytes, ask: Callable[[OrganizationApi, Deadline], object]) -> None:
    """Of servers of all ages: keys in whatever case, nulls, fields that are missing, an answer where none is due."""
    with _server(Reply(200, body)) as server:
        ask(_api(server), Skipping(PATIENCE))
        assert 2 == len(server.requests)


def test_events_that_do_not_end() -> None:
    """A server that names a page twice is stopped."""

    def page(_: Request) -> Script:
        return json_reply({"data": [{"type": 1}], "continuationToken": "again"})

    with (
        ScriptedServer(lambda request: TOKEN_REPLY if request.method == "POST" else page(request)) as server,
        pytest.raises(BadAnswerError, match="does not end"),
    ):
        list(_api(server).events((), lambda: Skipping(PATIENCE)))


@pytest.mark.parametrize("fault", ["reset", "truncate", "html", "not-json", "redirect", "503"])
def test_faults(fault: str) -> None:
    """No fault of a server or a proxy ends in anything but an error of ours."""
    with serving(faults=[read_fault(f"{fault}@/api")]) as emulator, pytest.raises(OutageError):
        api_of(emulator).list_all("members", Skipping(PATIENCE))
