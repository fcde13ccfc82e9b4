"""`/api/oauth2/token`: OAuth 2.0 client credentials.

MySafe's pages print GET, and do not say how the parameters travel. So both POST with a form body and GET with a query
are accepted, with the client's id and secret in the body, in the query or in an HTTP Basic header (RFC 6749, sections
2.3.1 and 4.4).
"""

import base64
from typing import Final
from urllib.parse import parse_qsl, unquote_plus

from mysafe_env.emulator.exchange import Request, Response, json_response
from mysafe_env.emulator.gateway import gateway_answer
from mysafe_env.emulator.tokens import Tokens

PATH: Final = "/api/oauth2/token"
_FORM: Final = "application/x-www-form-urlencoded"


class TokenEndpoint:
    """Answers token requests; a method that is not offered has no route, as at a gateway."""

    def __init__(self, tokens: Tokens, methods: frozenset[str]) -> None:
        self._tokens = tokens
        self._methods = methods

    def answer(self, request: Request) -> Response:
        """A token, or an error in the words of RFC 6749, section 5.2. The tenant, if any, is not looked at."""
        if request.method not in self._methods:
            return gateway_answer(404)
        if request.body and request.content_type != _FORM:
            return _error(400, "invalid_request", f"The body is not {_FORM}")
        parameters = _parameters(request)
        scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
        in_header = scheme.lower() == "basic"
        if in_header and "client_secret" in parameters:
            return _error(400, "invalid_request", "The client authenticates in more than one way")
        pairs = _pairs_of_header(encoded) if in_header else _pair_of_parameters(parameters)
        if not any(self._tokens.admits(*pair) for pair in pairs):
            return _error(401, "invalid_client", "Client authentication failed")
        if parameters.get("grant_type") != "client_credentials":
            return _error(400, "unsupported_grant_type", "The grant_type is not client_credentials")
        return self._issued()

    def _issued(self) -> Response:
        lifetime = int(self._tokens.lifetime)
        body = {"token_type": "Bearer", "expires_in": lifetime, "access_token": self._tokens.issue()}
        return json_response(200, body, Cache_Control="no-store")


def _parameters(request: Request) -> dict[str, str]:
    form = parse_qsl(request.body.decode("utf-8", "replace"))
    return dict([*request.query, *form])


def _pair_of_parameters(parameters: dict[str, str]) -> list[tuple[str, str]]:
    return [(parameters.get("client_id", ""), parameters.get("client_secret", ""))]


def _pairs_of_header(encoded: str) -> list[tuple[str, str]]:
    """The pair of a Basic header, read both ways: RFC 6749 encodes its halves as a form does, many clients do not."""
    try:
        text = base64.b64decode(encoded, validate=True).decode()
    except ValueError:
        return []
    client_id, _, client_secret = text.partition(":")
    return [(client_id, client_secret), (unquote_plus(client_id), unquote_plus(client_secret))]


def _error(status: int, error: str, message: str) -> Response:
    return json_response(status, {"error": error, "message": message})
