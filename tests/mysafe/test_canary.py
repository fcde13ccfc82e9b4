"""No error shows a secret, whatever goes wrong and wherever one looks."""

import logging
import traceback

import pytest

from mysafe_env.errors import MySafeEnvError
from mysafe_env.secret import Secret
from mysafe_env.sources.http.answers import without_echo
from mysafe_env.sources.http.calls import Answer
from mysafe_env.sources.mysafe.client import MySafe
from tests.mysafe.bodies import (
    CLIENT_SECRET,
    NO_ROUTE,
    PASSWORD,
    TOKEN,
    mysafe,
    refusal,
    settings,
    success,
    token_reply,
)
from tests.support.scripted_server import Raw, Reply, Script, Silence, json_reply

VALUE = str(PASSWORD["password"])
ECHO = f"{CLIENT_SECRET} {TOKEN}"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n"
GOOD = success(password_entity=PASSWORD)

IN_THE_TOKEN = [
    Raw(ECHO.encode()),
    Raw(HEAD + ECHO.encode()),
    json_reply({"error": CLIENT_SECRET, "message": CLIENT_SECRET}, 401),
    json_reply({"message": CLIENT_SECRET}, 502),
    json_reply({"message": CLIENT_SECRET}),
    json_reply({"access_token": f"{TOKEN}\n"}),
    json_reply({"access_token": TOKEN, "token_type": TOKEN}),
    Reply(302, b"", (("Location", f"https://a.test/?{CLIENT_SECRET}"),)),
    NO_ROUTE,
    Silence(),
]
IN_THE_ITEM = [
    Raw(HEAD + VALUE.encode()),
    Reply(200, GOOD.body[:-1]),
    Reply(200, GOOD.body.replace(b'"name"', b'"password"')),
    Reply(200, GOOD.body, (("Content-Type", "text/html"),)),
    Reply(200, GOOD.body, (("Content-Encoding", "gzip"),)),
    Reply(302, GOOD.body, (("Location", f"/?{VALUE}"),)),
    success(passwords=PASSWORD),
    success(password_entity=[PASSWORD]),
    success(password_entity={**PASSWORD, "password": [VALUE]}),
    success(password_entity={**PASSWORD, "password": f"{VALUE}\udc00"}),
    success(password_entity={**PASSWORD, "users_allowed": [VALUE]}),
    json_reply({"message": f"token {TOKEN} is over"}, 401),
    json_reply({"message": f"token {TOKEN} is over"}, 500),
    refusal(1006, f"no access for {TOKEN}"),
    NO_ROUTE,
]


@pytest.mark.parametrize(
    ("token", "item"),
    [*((token, GOOD) for token in IN_THE_TOKEN), *((token_reply(), item) for item in IN_THE_ITEM)],
)
def test_no_error_shows_a_secret(token: Script, item: Script, caplog: pytest.LogCaptureFixture) -> None:
    """Not in its message, hint, repr and arguments, not in its traceback, and not in any log."""
    caplog.set_level(logging.DEBUG)
    with (
        mysafe({"/api/mysafe/password/11": item}, token) as server,
        MySafe(settings(server.url, timeout=0.5)) as client,
        pytest.raises(MySafeEnvError) as caught,
    ):
        client.get_password("11")
    error = caught.value
    shown = "\n".join(
        [error.message, error.hint, repr(error), repr(error.args), *traceback.format_exception(error), caplog.text]
    )
    for secret in (CLIENT_SECRET, TOKEN, VALUE):
        assert secret not in shown


def test_no_object_shows_a_secret() -> None:
    """Settings, client and items have reprs that can be logged."""
    with mysafe({"/api/mysafe/password/11": GOOD}) as server:
        given = settings(server.url)
        with MySafe(given) as client:
            shown = repr((given, client, client.get_password("11"), vars(client)))
    for secret in (CLIENT_SECRET, TOKEN, VALUE):
        assert secret not in shown


@pytest.mark.parametrize("status", [200, 401])
@pytest.mark.parametrize(
    "echo", ['made/up-"se"cret-ä', 'made\\/up-\\"se\\"cret-\\u00e4', 'made/up-\\"se\\"cret-\\u00e4']
)
def test_an_echo_is_masked_however_it_is_escaped(status: int, echo: str) -> None:
    """A server may write a slash with a backslash and a letter as its number, and say an error in a success."""
    answer = without_echo(
        Secret('made/up-"se"cret-ä'), Answer(status, "application/json", f'{{"e": "{echo}"}}'.encode())
    )
    assert b'{"e": "********"}' == answer.body
