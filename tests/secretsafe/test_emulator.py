"""The emulated server says what the real one is documented to say, where no client of ours goes."""

import http.client
import json
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest

from mysafe_env.emulator.secretsafe.server import SecretSafeEmulator
from tests.secretsafe.served import login_item, serving

FORM = "application/x-www-form-urlencoded"
JSON = "application/json; charset=utf-8"


@pytest.fixture
def emulator() -> Iterator[SecretSafeEmulator]:
    """A server of today."""
    with serving(login_item("a")) as started:
        yield started


def _ask(
    emulator: SecretSafeEmulator, method: str, path: str, body: str = "", **headers: str
) -> tuple[int, dict[str, str], str]:
    connection = http.client.HTTPConnection(emulator.url.partition("//")[2], timeout=60)
    try:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body.encode(), named)
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read().decode()
    finally:
        connection.close()


def _form(emulator: SecretSafeEmulator, **changes: str) -> str:
    usual = {
        "grant_type": "client_credentials",
        "scope": "api",
        "client_id": emulator.personal_id,
        "client_secret": emulator.client_secret.reveal(),
        "DeviceType": "25",
        "deviceIdentifier": "1",
        "deviceName": "test",
    }
    return urlencode({name: value for name, value in (usual | changes).items() if value})


def _token(emulator: SecretSafeEmulator, **changes: str) -> str:
    _, _, body = _ask(emulator, "POST", "/identity/connect/token", _form(emulator, **changes), Content_Type=FORM)
    return f"Bearer {json.loads(body)['access_token']}"


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"client_id": "user.unknown"}, "invalid_client"),
        ({"client_secret": "wrong"}, "invalid_client"),
        ({"client_secret": ""}, "invalid_client"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"scope": "api.organization"}, "invalid_scope"),
        ({"deviceName": ""}, "device_error"),
    ],
)
def test_logins_that_are_refused(emulator: SecretSafeEmulator, changes: dict[str, str], error: str) -> None:
    """A wrong login is 400 with an OAuth error."""
    form = _form(emulator, **changes)
    status, _, body = _ask(emulator, "POST", "/identity/connect/token", form, Content_Type=FORM)
    assert (400, error) == (status, json.loads(body)["error"])


def test_a_login_in_json(emulator: SecretSafeEmulator) -> None:
    """The login is the one request that is not in JSON."""
    status, _, body = _ask(emulator, "POST", "/identity/connect/token", "{}", Content_Type="application/json")
    assert (400, {"error": "invalid_request"}) == (status, json.loads(body))


def test_tokens_of_two_kinds(emulator: SecretSafeEmulator) -> None:
    """No token is 401, one of the other kind is 403, both without a body."""
    personal = _token(emulator)
    organization = _token(emulator, client_id=emulator.organization_id, scope="api.organization")
    status, headers, body = _ask(emulator, "GET", "/api/public/members")
    assert (401, "Bearer", "") == (status, headers["www-authenticate"], body)
    for path, token in (("/api/public/members", personal), ("/api/sync", organization)):
        status, _, body = _ask(emulator, "GET", path, Authorization=token)
        assert (403, "") == (status, body)
    assert 200 == _ask(emulator, "GET", "/api/public/members", Authorization=organization)[0]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/api/public/nothing"),
        ("PATCH", "/api/public/members/1"),
        ("DELETE", "/api/public/members/1/group-ids"),
        ("DELETE", "/api/public/policies/1"),
    ],
)
def test_addresses_that_are_not_there(emulator: SecretSafeEmulator, method: str, path: str) -> None:
    """What the server does not have is 404 with an empty body."""
    token = _token(emulator, client_id=emulator.organization_id, scope="api.organization")
    status, _, body = _ask(emulator, method, path, Authorization=token)
    assert (404, "") == (status, body)


@pytest.mark.parametrize("body", ["", "[]", "{"])
def test_bodies_that_are_none(emulator: SecretSafeEmulator, body: str) -> None:
    """A missing body is told in the error model."""
    token = _token(emulator, client_id=emulator.organization_id, scope="api.organization")
    status, _, answer = _ask(emulator, "POST", "/api/public/groups", body, Authorization=token, Content_Type=JSON)
    assert (400, {"": ["Body is empty."]}) == (status, json.loads(answer)["errors"])


@pytest.mark.parametrize("content_type", [{}, {"Content_Type": "text/plain"}, {"Content_Type": FORM}])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/identity/accounts/prelogin"),
        ("POST", "/api/accounts/prelogin"),
        ("POST", "/api/ciphers"),
        ("POST", "/api/public/groups"),
        ("PUT", "/api/public/policies/1"),
        ("POST", "/api/public/organization/import"),
    ],
)
def test_json_that_does_not_say_so(
    emulator: SecretSafeEmulator, method: str, path: str, content_type: dict[str, str]
) -> None:
    """A body whose type is another, or none, is 415 with an empty body wherever JSON is taken, as ASP.NET has it."""
    organization = {"client_id": emulator.organization_id, "scope": "api.organization"}
    token = _token(emulator, **(organization if "public" in path else {}))
    status, _, answer = _ask(emulator, method, path, "{}", Authorization=token, **content_type)
    assert (415, "") == (status, answer)


def test_an_item_that_a_client_sends(emulator: SecretSafeEmulator) -> None:
    """An item is kept as it was encrypted, and comes with the next sync."""
    token = _token(emulator)
    item = json.dumps({"Type": 1, "name": "2.encrypted", "attachments": {}})
    status, _, _ = _ask(emulator, "POST", "/api/ciphers", item, Authorization=token, Content_Type=JSON)
    assert 200 == status
    _, _, body = _ask(emulator, "GET", "/api/sync", Authorization=token)
    assert "2.encrypted" == json.loads(body)["ciphers"][-1]["name"]
    assert 400 == _ask(emulator, "POST", "/api/ciphers", "{", Authorization=token, Content_Type=JSON)[0]
    assert 404 == _ask(emulator, "GET", "/api/ciphers", Authorization=token)[0]


def test_the_configuration(emulator: SecretSafeEmulator) -> None:
    """The real client asks for the configuration first."""
    status, _, body = _ask(emulator, "GET", "/api/config")
    assert (200, "config") == (status, json.loads(body)["object"])
