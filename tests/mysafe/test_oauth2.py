"""Access tokens: how they are asked for, kept, renewed, and what is said when there is none."""

import base64
import threading
from urllib.parse import parse_qs

import pytest

from mysafe_env.deadline import Deadline
from mysafe_env.errors import (
    BadAnswerError,
    CredentialsError,
    OutageError,
    SettingsError,
    TimedOutError,
    UnreachableError,
)
from mysafe_env.secret import Secret
from mysafe_env.settings import Settings
from mysafe_env.sources.http.calls import Answer, Call
from mysafe_env.sources.mysafe.oauth2 import OAuth2Client
from tests.mysafe.bodies import (
    CLIENT_ID,
    CLIENT_SECRET,
    NO_ROUTE,
    TOKEN,
    TOKEN_PATH,
    WEB_PAGE,
    envelope,
    mysafe,
    settings,
    token_reply,
)
from tests.support.deadlines import Skipping
from tests.support.running import eventually
from tests.support.scripted_server import Raw, Reply, Request, Script, ScriptedServer, in_turn, json_reply

CALL = Call("GET", "/thing", "a thing")
BASIC = "Basic " + base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
THING = json_reply({"thing": 1})


def call(server: ScriptedServer, **others: object) -> Answer:
    """The answer to one call, whose waits are skipped."""
    client = OAuth2Client(settings(server.url, **others))
    try:
        return client.send(CALL, Skipping(60.0))
    finally:
        client.close()


def token_endpoint(get: Script, post: Script) -> ScriptedServer:
    """A server whose token endpoint answers by method."""

    def answer(request: Request) -> Script:
        return THING if request.path != TOKEN_PATH else {"GET": get, "POST": post}[request.method]

    return ScriptedServer(answer)


def test_a_token_is_asked_for_with_a_form_and_sent_as_bearer() -> None:
    """RFC 6749, 4.4 and 2.3.1, and RFC 6750, 2.1."""
    with mysafe({"/thing": THING}) as server:
        assert 200 == call(server).status
    token, thing = server.requests
    assert ("POST", TOKEN_PATH) == (token.method, token.target)
    expected = {"grant_type": ["client_credentials"], "client_id": [CLIENT_ID], "client_secret": [CLIENT_SECRET]}
    assert expected == parse_qs(token.body.decode())
    assert f"Bearer {TOKEN}" == thing.headers["authorization"]


@pytest.mark.parametrize(
    "post",
    [NO_ROUTE, Reply(404), Reply(405), json_reply({"message": "NO ROUTE MATCHED with those values."}, 400)],
    ids=["no-route", "404", "405", "other-status"],
)
def test_where_there_is_no_post_the_printed_get_is_tried(post: Script) -> None:
    """The secret travels in a header then, never in the URL."""
    with token_endpoint(get=token_reply(), post=post) as server:
        assert 200 == call(server, tenant="acme").status
    get = server.requests[1]
    assert "GET" == get.method
    assert f"{TOKEN_PATH}?grant_type=client_credentials&tenant=acme" == get.target
    assert BASIC == get.headers["authorization"]


def test_the_way_that_worked_is_used_for_the_next_token() -> None:
    """A renewed token costs one request, also where POST does not exist."""
    with token_endpoint(get=token_reply(expires_in=1e-9), post=NO_ROUTE) as server:
        client = OAuth2Client(settings(server.url))
        client.send(CALL, Deadline(60))
        client.send(CALL, Deadline(60))
        client.close()
    assert ["POST", "GET", "GET"] == [request.method for request in server.asked(TOKEN_PATH)]


@pytest.mark.parametrize(
    ("method", "auth"), [("post", "body"), ("post", "basic"), ("post", "query"), ("get", "basic"), ("get", "query")]
)
def test_a_named_way_is_the_only_one(method: str, auth: str) -> None:
    """`MYSAFE_TOKEN_METHOD` and `MYSAFE_TOKEN_AUTH` say how; the secret is in one place."""
    with mysafe({"/thing": THING}) as server:
        call(server, token_method=method, token_auth=auth, tenant="acme")
    (token,) = server.asked(TOKEN_PATH)
    assert method.upper() == token.method
    places = {
        "query": CLIENT_SECRET in token.target,
        "body": CLIENT_SECRET in token.body.decode(),
        "basic": token.headers.get("authorization") == BASIC,
    }
    assert [auth] == [place for place, found in places.items() if found]
    assert "grant_type=client_credentials" in token.target + token.body.decode()
    assert "tenant=acme" in token.target + token.body.decode()


@pytest.mark.parametrize(("method", "auth"), [("post", "body"), ("get", "basic")])
def test_a_named_way_is_not_followed_by_another(method: str, auth: str) -> None:
    """Without such a route there is no token."""
    with mysafe({}, token=NO_ROUTE) as server:
        with pytest.raises(CredentialsError):
            call(server, token_method=method, token_auth=auth)
        assert 1 == len(server.requests)


def test_one_token_is_fetched_however_many_threads_ask() -> None:
    """Those who come while it is being fetched wait for it."""
    with mysafe({"/thing": THING}) as server:
        client = OAuth2Client(settings(server.url))
        together = threading.Barrier(16)

        def ask() -> None:
            together.wait(60)
            client.send(CALL, Deadline(60))

        _in_threads(ask)
        client.close()
    assert 16 == len(server.asked("/thing"))
    assert 1 == len(server.asked(TOKEN_PATH))


def test_a_refused_client_is_refused_once_for_a_whole_resolution() -> None:
    """Sixteen threads that share a deadline make one wrong login, and each gets an error of its own."""
    with mysafe({}, token=json_reply({"error": "invalid_client"}, 401)) as server:
        client = OAuth2Client(settings(server.url))
        deadline, errors = Deadline(60), list[CredentialsError]()

        def ask() -> None:
            with pytest.raises(CredentialsError) as caught:
                client.send(CALL, deadline)
            errors.append(caught.value)

        _in_threads(ask)
        assert 1 == len(server.requests)
        assert 16 == len({id(error) for error in errors})
        assert 1 == len({error.message for error in errors})
        with pytest.raises(CredentialsError):
            client.send(CALL, Deadline(60))
        assert 2 == len(server.requests)
        client.close()


def test_who_waits_for_a_token_of_another_call_keeps_to_its_own_deadline() -> None:
    """The one that asks for it may have more time."""
    given_up, statuses = threading.Event(), list[int]()

    def answer(request: Request) -> Script:
        if request.path != TOKEN_PATH:
            return THING
        assert given_up.wait(60)
        return token_reply()

    with ScriptedServer(answer) as server:
        client = OAuth2Client(settings(server.url))
        patient = threading.Thread(target=lambda: statuses.append(client.send(CALL, Deadline(60)).status))
        patient.start()
        eventually(lambda: server.requests, "a token is asked for")
        with pytest.raises(TimedOutError, match="an access token, which another call is asking for"):
            client.send(CALL, Deadline(0.2))
        assert [] == statuses
        given_up.set()
        patient.join(60)
        client.close()
    assert [200] == statuses


def _in_threads(work: object) -> None:
    threads = [threading.Thread(target=work) for _ in range(16)]  # type: ignore[arg-type]  # any callable will do
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)


@pytest.mark.parametrize(
    "refusal",
    [
        Reply(401),
        json_reply({"message": "You are not authorized to access this resource."}, 403),
        json_reply({"message": "You are not authorized to access this resource."}, 400),
        NO_ROUTE,
    ],
    ids=["401", "403", "by-its-words", "no-route"],
)
def test_a_refused_call_is_repeated_once_with_a_fresh_token(refusal: Script) -> None:
    """A token may end before its time."""
    tokens = in_turn(token_reply("first"), token_reply("second"))

    def answer(request: Request) -> Script:
        if request.path == TOKEN_PATH:
            return tokens(request)
        return THING if request.headers["authorization"] == "Bearer second" else refusal

    with ScriptedServer(answer) as server:
        assert 200 == call(server).status
    assert ["Bearer first", "Bearer second"] == [one.headers["authorization"] for one in server.asked("/thing")]


def test_a_call_that_stays_refused_is_repeated_once_only() -> None:
    """What the second refusal means is the caller's business."""
    with mysafe({"/thing": Reply(401)}) as server:
        assert 401 == call(server).status
    assert 2 == len(server.asked("/thing"))
    assert 2 == len(server.asked(TOKEN_PATH))


def test_many_refused_threads_renew_the_token_once() -> None:
    """Whoever finds the token renewed already uses the new one."""
    tokens = in_turn(token_reply("first"), token_reply("second"))
    refused_together = threading.Barrier(16)

    def answer(request: Request) -> Script:
        if request.path == TOKEN_PATH:
            return tokens(request)
        if request.headers["authorization"] == "Bearer second":
            return THING
        refused_together.wait(60)
        return Reply(401)

    with ScriptedServer(answer) as server:
        client = OAuth2Client(settings(server.url))
        _in_threads(lambda: client.send(CALL, Deadline(60)))
        client.close()
    assert 32 == len(server.asked("/thing"))
    assert 2 == len(server.asked(TOKEN_PATH))


@pytest.mark.parametrize(
    ("expires_in", "requests"),
    [
        (3600, 1),
        ("3600", 1),
        (None, 1),
        ("soon", 1),
        (0, 1),
        (-5, 1),
        ([], 1),
        (10**400, 1),
        (1e-9, 2),
        ("0.000000001", 2),
    ],
)
def test_a_token_is_used_until_shortly_before_its_end(expires_in: object, requests: int) -> None:
    """A number or a numeric string of seconds; anything else counts as the documented hour."""
    with mysafe({"/thing": THING}, token=token_reply(expires_in=expires_in)) as server:
        client = OAuth2Client(settings(server.url))
        client.send(CALL, Deadline(60))
        client.send(CALL, Deadline(60))
        client.close()
    assert requests == len(server.asked(TOKEN_PATH))


@pytest.mark.parametrize("document", [{}, {"token_type": "bearer"}, {"token_type": "BEARER"}, {"token_type": None}])
def test_the_type_of_a_token_may_be_missing_or_in_any_case(document: dict[str, object]) -> None:
    """Bearer is the only type there is."""
    with mysafe({"/thing": THING}, token=json_reply({"access_token": TOKEN, **document})) as server:
        assert 200 == call(server).status


@pytest.mark.parametrize(
    ("reply", "message"),
    [
        (json_reply({}), "holds none"),
        (json_reply({"access_token": ""}), "holds none"),
        (json_reply({"access_token": 5}), "holds none"),
        (json_reply({"access_token": "a", "token_type": "mac"}), "not a bearer token"),
        (json_reply({"access_token": "a\r\nb"}), "can't carry"),
        (json_reply({"access_token": "a b"}), "can't carry"),
        (json_reply({"access_token": "ä"}), "can't carry"),
        (json_reply([]), "is not a JSON object"),
        (Reply(200, b"{"), "is not a JSON object"),
        (Reply(200), "is not a JSON object"),
        (WEB_PAGE, "web page instead of an access token"),
        (Reply(400, b"nonsense"), "unexpected answer for an access token .status 400"),
    ],
)
def test_an_answer_that_is_no_token_is_a_bad_answer(reply: Script, message: str) -> None:
    """What came is described, and not shown."""
    with mysafe({}, token=reply) as server, pytest.raises(BadAnswerError, match=message):
        call(server)


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (json_reply({"error": "invalid_client", "message": "wrong"}, 401), "status 401: invalid_client: wrong"),
        (
            json_reply({"error": "invalid_client", "error_description": "wrong"}, 400),
            "status 400: invalid_client: wrong",
        ),
        (json_reply(envelope("Access key expired", status=400, error=True), 400), "status 400: Access key expired"),
        (json_reply({"message": "Your IP address is not allowed"}, 403), "status 403: Your IP address is not allowed"),
        (json_reply({}, 400), "status 400"),
        (NO_ROUTE, "status 404: no Route matched with those values"),
        (Reply(403, b"<html>", (("Content-Type", "text/html"),)), "status 403"),
        (Reply(401), "status 401"),
        (json_reply({"error": "x" * 5000}, 401), "status 401: " + "x" * 200 + "..."),
    ],
    ids=["error-message", "error-description", "envelope", "gateway", "silent", "no-route", "html", "empty", "long"],
)
def test_a_refused_client_gets_all_causes_that_it_may_have(reply: Script, said: str) -> None:
    """The server's own words, and what to look at."""
    with mysafe({}, token=reply) as server, pytest.raises(CredentialsError) as caught:
        call(server)
    assert f"({said})" in caught.value.message
    for cause in ("client id or secret", "expired or was revoked", "IP", "MYSAFE_REFERER", "MYSAFE_CLIENT_CERT"):
        assert cause in caught.value.hint


def test_an_error_with_the_status_of_a_success_is_a_refusal() -> None:
    """Its words are not shown, as nobody has looked for the secret in them."""
    reply = json_reply({"error": "invalid_client", "message": CLIENT_SECRET})
    with mysafe({}, token=reply) as server, pytest.raises(CredentialsError) as caught:
        call(server)
    assert CLIENT_SECRET not in caught.value.message


def test_a_server_that_echoes_the_secret_is_not_repeated() -> None:
    """Neither the client secret nor the token reach a message or the caller."""
    reply = json_reply({"message": f"{CLIENT_SECRET} is wrong"}, 401)
    with mysafe({}, token=reply) as server, pytest.raises(CredentialsError, match=r"\*+ is wrong"):
        call(server)
    with mysafe({"/thing": Reply(401, f"{TOKEN} is over".encode())}) as server:
        assert b"******** is over" == call(server).body


@pytest.mark.parametrize(
    ("reply", "error", "message"),
    [
        (json_reply({"message": "The upstream server is timing out"}, 504), UnreachableError, "gateway in front"),
        (json_reply({}, 500), OutageError, r"the server failed at an access token \(status 500\)"),
        (json_reply(envelope("Unexpected error", status=500, error=True), 500), OutageError, "status 500"),
        (json_reply({"message": "API rate limit exceeded"}, 429), OutageError, "fewer requests"),
        (json_reply({"detail": "x"}, 404), BadAnswerError, "unexpected answer for an access token .status 404"),
        (Raw(), UnreachableError, "asked for an access token"),
    ],
)
def test_a_token_endpoint_that_fails_is_an_outage(reply: Script, error: type[OutageError], message: str) -> None:
    """That is no refusal of the client."""
    with mysafe({}, token=reply) as server, pytest.raises(error, match=message) as caught:
        call(server)
    assert error is type(caught.value)


@pytest.mark.parametrize(
    ("given", "missing", "advice"),
    [
        (Settings(), "MYSAFE_URL, MYSAFE_CLIENT_ID, MYSAFE_CLIENT_SECRET", "Access keys"),
        (Settings(url="https://a.test"), "MYSAFE_CLIENT_ID, MYSAFE_CLIENT_SECRET", "an access key has both"),
        (Settings(client_id="x", client_secret=Secret("y")), "MYSAFE_URL", "Access keys"),
        (Settings(url="https://a.test", client_id="x", client_secret=Secret("")), "MYSAFE_CLIENT_SECRET", "_FILE"),
    ],
)
def test_all_missing_settings_are_named_at_once(given: Settings, missing: str, advice: str) -> None:
    """The advice speaks of the server only where its address is missing, too, and never of a vault that has none."""
    with pytest.raises(SettingsError) as caught:
        OAuth2Client(given)
    assert f"not set: {missing}" == caught.value.message
    assert advice in caught.value.hint
    assert ("MYSAFE_URL" in missing) == ("server" in caught.value.hint)
    assert "file:" not in caught.value.hint


def test_a_token_route_that_is_not_there_is_most_likely_a_wrong_path() -> None:
    """MySafe's gateway says the same to wrong credentials, so those come next."""
    with mysafe({}, token=NO_ROUTE) as server, pytest.raises(CredentialsError) as caught:
        call(server)
    assert caught.value.hint.startswith("MYSAFE_URL most likely has a wrong path; if not, any of these")


def test_a_local_vault_is_no_server() -> None:
    """The client for servers says so, instead of missing a URL."""
    with pytest.raises(SettingsError, match="names a local vault"):
        OAuth2Client(Settings(vault_file="vault.toml"))
