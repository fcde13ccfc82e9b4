"""The answers that the page "List API secrets" prints, as the client reads them."""

import json
from typing import Any

import pytest

from mysafe_env.errors import InactiveError, ItemError, NoAccessError, NotFoundError
from mysafe_env.items import Grant, Row
from mysafe_env.secret import Secret
from mysafe_env.sources.mysafe.client import MySafe
from mysafe_env.sources.mysafe.records import ApiSecret
from tests.mysafe.bodies import mysafe, settings
from tests.support.scripted_server import Reply

LIST = """
{"code": 200,
 "response": {"status": 200, "message": "", "error": false, "error_code": 0, "detail": "", "mensagem": "",
              "erro": false, "cod_erro": 0},
 "api_secret_on_list": [
  {"identifier": "14", "name": "Teste", "need_justify": "0", "need_approval": "0", "can_view": true, "can_write": true},
  {"identifier": "40", "name": "My API secret", "need_justify": "0", "need_approval": "0", "can_view": true,
   "can_write": true}]}
"""
GET = """
{"code": 200,
 "response": {"status": 200, "message": "Success", "error": false, "error_code": 0, "detail": "",
              "mensagem": "Success", "erro": false, "cod_erro": 0},
 "api_secret_entity": {
  "identifier": "40", "name": "My API secret", "url": "www.url.com", "client_secret": "dq986483917r56e997",
  "client_id": "jdpidnbpchje6y76egh", "identifier_code": "dfqw45d", "method": "get", "tags": "secret",
  "notes": "My API secret",
  "users_allowed": [{"name": "pduarte", "can_edit": false}],
  "groups_allowed": [{"name": "Test group", "can_edit": false}]}}
"""


def refusal(code: int, words: str) -> str:
    """The body of an error, whose shape is the same for all."""
    text = f"{code}: {words}"
    document: dict[str, Any] = {
        "code": 400,
        "response": {
            "status": 400,
            "message": text,
            "error": True,
            "error_code": 1,
            "detail": "",
            "mensagem": text,
            "erro": True,
            "cod_erro": 1,
        },
        "exception": {"code": code, "message": text, "detail": None},
    }
    return json.dumps(document)


def test_the_documented_list() -> None:
    """Two rows, which carry a name and four flags."""
    with mysafe({"/api/mysafe/secretapi": Reply(200, LIST.encode())}) as server, MySafe(settings(server.url)) as client:
        rows = client.list_api_secrets()
    flags = (True, True, False, False)  # can_view, can_write, need_justify, need_approval
    expected = [("14", "Teste"), ("40", "My API secret")]
    assert tuple(Row("secretapi", number, {"name": name}, *flags) for number, name in expected) == rows


def test_the_documented_api_secret() -> None:
    """All its fields, and whom it is shared with."""
    reply = Reply(200, GET.encode())
    with mysafe({"/api/mysafe/secretapi/40": reply}) as server, MySafe(settings(server.url)) as client:
        secret = client.get_api_secret("40")
    assert secret == ApiSecret(
        identifier="40",
        name="My API secret",
        url="www.url.com",
        client_id="jdpidnbpchje6y76egh",
        client_secret=Secret("dq986483917r56e997"),
        identifier_code="dfqw45d",
        method="get",
        tags=("secret",),
        notes="My API secret",
        users_allowed=(Grant("pduarte"),),
        groups_allowed=(Grant("Test group"),),
    )


@pytest.mark.parametrize(
    ("code", "words", "error"),
    [
        (1006, "User does not have access", NoAccessError),
        (1005, "API secret not found", NotFoundError),
        (1009, "Inactive api secret", InactiveError),
    ],
)
def test_the_documented_errors(code: int, words: str, error: type[ItemError]) -> None:
    """Status 400, and the reason in the domain code."""
    reply = Reply(400, refusal(code, words).encode())
    with (
        mysafe({"/api/mysafe/secretapi/40": reply}) as server,
        MySafe(settings(server.url)) as client,
        pytest.raises(error, match=words),
    ):
        client.get_api_secret("40")
