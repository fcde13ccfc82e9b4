"""Tokens: every documented or likely way to ask for one, and what becomes of a bad one."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote_plus, urlencode

import pytest

from mysafe_env.secret import Secret
from tests.emulator.caller import FORM, TOKEN, basic, calling
from tests.support.emulator import running_emulator

GRANT = {"grant_type": "client_credentials"}
WHO = {"client_id": "me", "client_secret": "s3cret&=%41 +:"}
ACCESS: dict[str, Any] = {"client_id": "me", "client_secret": Secret(WHO["client_secret"])}
ENCODED = basic(*map(quote_plus, WHO.values()))


def form(**parameters: str) -> bytes:
    """A form body."""
    return urlencode(parameters).encode()


@pytest.mark.parametrize(
    ("method", "query", "body", "headers"),
    [
        ("POST", {}, form(**GRANT, **WHO), FORM),
        ("POST", {}, form(**GRANT, **WHO, tenant="acme"), {"Content-Type": FORM["Content-Type"] + "; charset=utf-8"}),
        ("POST", {}, form(**GRANT), {**FORM, **basic(*WHO.values())}),
        ("POST", {}, form(**GRANT, client_id="me"), {**FORM, **ENCODED}),
        ("POST", {**GRANT, **WHO}, None, {}),
        ("GET", {**GRANT}, None, basic(*WHO.values())),
        ("GET", {**GRANT, "tenant": "acme"}, None, ENCODED),
        ("GET", {**GRANT, **WHO}, None, {}),
    ],
)
def test_ways_to_ask(method: str, query: dict[str, str], body: bytes | None, headers: Mapping[str, str]) -> None:
    """Body, Basic header and query all give a token that opens the API; a tenant is taken."""
    with running_emulator(**ACCESS) as emulator, calling(emulator, logged_in=False) as caller:
        answer = caller.call(method, f"{TOKEN}?{urlencode(query)}", body, headers)
        assert 200 == answer.status
        assert ["token_type", "expires_in", "access_token"] == list(answer.json)
        assert ("Bearer", 3600) == (answer.json["token_type"], answer.json["expires_in"])
        assert "no-store" == answer.headers["Cache-Control"]
        bearer = {"Authorization": f"bearer {answer.json['access_token']}"}
        assert 200 == caller.call("GET", "/api/mysafe/note", headers=bearer).status


@pytest.mark.parametrize(
    ("body", "headers", "status", "error"),
    [
        (form(**GRANT, client_id="me", client_secret="wrong"), FORM, 401, "invalid_client"),
        (form(**GRANT, client_id="you", client_secret=WHO["client_secret"]), FORM, 401, "invalid_client"),
        (form(**GRANT), FORM, 401, "invalid_client"),
        (form(**GRANT), {**FORM, **basic("me", "wrong")}, 401, "invalid_client"),
        (form(**GRANT), {**FORM, "Authorization": "Basic ***"}, 401, "invalid_client"),
        (form(**GRANT), {**FORM, "Authorization": "Digest bWU6"}, 401, "invalid_client"),
        (form(**GRANT, **WHO), {**FORM, **basic(*WHO.values())}, 400, "invalid_request"),
        (form(**GRANT, **WHO), {"Content-Type": "application/json"}, 400, "invalid_request"),
        (form(**WHO), FORM, 400, "unsupported_grant_type"),
        (form(**WHO, grant_type="password"), FORM, 400, "unsupported_grant_type"),
    ],
)
def test_refused(body: bytes, headers: Mapping[str, str], status: int, error: str) -> None:
    """Wrong credentials, two ways at once, another content type or grant give an OAuth error and no token."""
    with running_emulator(**ACCESS) as emulator, calling(emulator, logged_in=False) as caller:
        answer = caller.call("POST", TOKEN, body, headers)
    assert (status, error) == (answer.status, answer.json["error"])
    assert {"error", "message"} == set(answer.json)


@pytest.mark.parametrize(("known", "other"), [("POST", "GET"), ("GET", "POST")])
def test_a_server_that_knows_one_method(known: str, other: str) -> None:
    """A method that is not offered has no route."""
    access = {**ACCESS, "token_methods": frozenset({known})}
    with running_emulator(**access) as emulator, calling(emulator, logged_in=False) as caller:
        target = f"{TOKEN}?{urlencode(GRANT)}"
        assert 200 == caller.call(known, target, headers=basic(*WHO.values())).status
        answer = caller.call(other, target, headers=basic(*WHO.values()))
    assert (404, "no Route matched with those values") == (answer.status, answer.message)


@pytest.mark.parametrize("authorization", [None, "", "Bearer", "Bearer made-up", "made-up", "Basic {token}", "{token}"])
def test_a_call_needs_a_token(authorization: str | None) -> None:
    """A call without a token, with one that was not issued, or under another scheme is not authorized."""
    with running_emulator() as emulator, calling(emulator) as caller:
        token = caller.log_in()
        header = {"Authorization": authorization.format(token=token)} if authorization is not None else {}
        with calling(emulator, logged_in=False) as other:
            answer = other.call("GET", "/api/mysafe/note", headers=header)
    assert (401, "You are not authorized to access this resource.") == (answer.status, answer.message)


def test_a_token_expires() -> None:
    """A token whose lifetime is over is as good as none, and a new one can be had."""
    with running_emulator(token_lifetime=0.0) as emulator, calling(emulator) as caller:
        assert 401 == caller.call("GET", "/api/mysafe/note").status
        assert caller.log_in() != caller.log_in()


def test_a_random_secret() -> None:
    """Without a client secret every emulator makes its own, and shows it to nobody by accident."""
    with running_emulator() as one, running_emulator() as other:
        assert one.client_secret != other.client_secret
        assert 32 == len(one.client_secret.reveal())
        assert "********" in repr(one.client_secret)


def test_the_journal_keeps_no_secret() -> None:
    """A client secret in a query is masked in the record of requests; nothing of headers or bodies is kept."""
    with running_emulator(**ACCESS) as emulator, calling(emulator, logged_in=False) as caller:
        caller.call("GET", f"{TOKEN}?{urlencode({**WHO, **GRANT})}")
        caller.call("POST", TOKEN, form(**GRANT, **WHO), FORM)
        expected = [
            ("GET", f"{TOKEN}?client_id=me&client_secret=********&grant_type=client_credentials", 1),
            ("POST", TOKEN, 1),
        ]
        assert expected == list(emulator.requests)
