"""MySafe's answers as the documentation prints them, with made-up values, and a server that gives them."""

from collections.abc import Mapping

from mysafe_env.secret import Secret
from mysafe_env.settings import Settings
from tests.support.scripted_server import Reply, Request, Script, ScriptedServer, json_reply

CLIENT_ID = "made-up-client"
CLIENT_SECRET = "canary-of-the-client-secret"
TOKEN = "canary-of-the-token"
TOKEN_PATH = "/api/oauth2/token"

NO_ROUTE = json_reply({"message": "no Route matched with those values"}, 404)
WEB_PAGE = Reply(200, b"<!DOCTYPE html><title>Login</title>", (("Content-Type", "text/html; charset=utf-8"),))

PASSWORD = {
    "identifier": "11",
    "name": "billing db",
    "url": "db.example.test",
    "username": "svc_billing",
    "password": "canary-of-a-password",
    "secret_key": "MFRGGZDFMZTWQ2LK",
    "token": "081234",
    "notes": "rotates monthly",
    "tags": "prod, db",
    "users_allowed": [],
    "groups_allowed": [],
}
NOTE = {
    "identifier": "21",
    "name": "runbook",
    "note": "canary-of-a-note",
    "tags": "ops",
    "users_allowed": [{"name": "ana.dev", "can_edit": True}],
    "groups_allowed": [],
}
API_SECRET = {
    "identifier": "31",
    "name": "payments",
    "url": "https://api.example.test",
    "client_id": "made-up-id",
    "client_secret": "canary-of-an-api-secret",
    "identifier_code": "payments-prod",
    "method": "post",
    "tags": "cloud",
    "notes": "",
    "users_allowed": [{"name": "ana.dev", "can_edit": False}],
    "groups_allowed": [{"name": "Platform team", "can_edit": False}],
}
ROW = {
    "identifier": "11",
    "name": "billing db",
    "url": "db.example.test",
    "username": "svc_billing",
    "tags": "prod, db",
    "need_justify": "0",
    "need_approval": "0",
    "can_view": True,
    "can_write": False,
}


def envelope(message: str = "Success", *, status: int = 200, error: bool = False) -> dict[str, object]:
    """The two keys that stand beside every payload."""
    response = {
        "status": status,
        "message": message,
        "error": error,
        "error_code": int(error),
        "detail": "",
        "mensagem": message,
        "erro": error,
        "cod_erro": int(error),
    }
    return {"code": status, "response": response}


def success(**payload: object) -> Reply:
    """An answer with a payload."""
    return json_reply({**envelope(), **payload})


def refusal(code: int, text: str, status: int = 400) -> Reply:
    """An answer with a domain code, in the documented shape."""
    words = f"{code}: {text}"
    exception = {"code": code, "message": words, "detail": None}
    return json_reply({**envelope(words, status=status, error=True), "exception": exception}, status)


def token_reply(token: str = TOKEN, **fields: object) -> Reply:
    """The answer of the token endpoint."""
    return json_reply({"token_type": "Bearer", "expires_in": 3600, "access_token": token, **fields})


def mysafe(answers: Mapping[str, Script], token: Script | None = None) -> ScriptedServer:
    """A server with a token endpoint and fixed answers by path; any other path has no route."""
    routes = {TOKEN_PATH: token or token_reply(), **answers}

    def answer(request: Request) -> Script:
        return routes.get(request.path, NO_ROUTE)

    return ScriptedServer(answer)


def settings(url: str, **others: object) -> Settings:
    """Complete settings for a server."""
    defaults: dict[str, object] = {"client_id": CLIENT_ID, "client_secret": Secret(CLIENT_SECRET), "timeout": 60.0}
    return Settings(url=url, **{**defaults, **others})  # type: ignore[arg-type]  # each test names the fields it means
