"""MySafe's access tokens, by OAuth 2.0 client credentials (RFC 6749, 4.4), and calls that carry one."""

import math
from base64 import b64encode
from typing import Final, NamedTuple

from mysafe_env.deadline import Deadline
from mysafe_env.errors import BadAnswerError, CredentialsError, OutageError, SettingsError
from mysafe_env.secret import Secret
from mysafe_env.settings import Settings
from mysafe_env.sources.http.answers import gateway_words, told, without_echo
from mysafe_env.sources.http.calls import Answer, Call
from mysafe_env.sources.http.retrying import RetryingClient
from mysafe_env.sources.mysafe.answers import (
    REFUSED_CAUSES,
    REFUSED_HINT,
    Number,
    has_no_route,
    json_object,
    outage,
    refuses_token,
)
from mysafe_env.sources.shared_token import DEFAULT_LIFETIME, PURPOSE, AccessToken, SharedToken, open_keyring

TOKEN_PATH: Final = "/api/oauth2/token"  # noqa: S105  # a path
_LONGEST_LIFETIME: Final = 86_400.0
# The part of its lifetime after which a token is renewed: its end may come while a call is on its way.
_USED_LIFETIME: Final = 0.9
_UNSET_HINT: Final = "set them to the server and the access key, see MySafe > Integrations > Access keys"
_MISSING_HINT: Final = (
    "an access key has both, see MySafe > Integrations > Access keys; "
    "the secret may stand in a file, too: MYSAFE_CLIENT_SECRET_FILE"
)
_NO_ROUTE_HINT: Final = f"MYSAFE_URL most likely has a wrong path; if not, {REFUSED_CAUSES}"
_CLIENT_HINT: Final = f"{REFUSED_HINT}, or the server is multi-tenant and wants MYSAFE_TENANT"


class _Way(NamedTuple):
    """How a token is asked for: `POST` or `GET`, credentials in `body`, `basic` or `query`."""

    method: str
    auth: str


# The printed GET is tried only where the usual POST does not exist; the secret never goes into the URL unasked.
_AUTO: Final = (_Way("POST", "body"), _Way("GET", "basic"))


class OAuth2Client:
    """Calls that carry an access token, which is fetched once, kept in memory, and renewed once when refused.

    May be used from several threads; however many ask, one token request is made.
    Raises `SettingsError` when the address or the credentials are missing.
    """

    def __init__(self, settings: Settings) -> None:
        self._client_id, self._client_secret = _credentials(settings)
        self._tenant = settings.tenant
        named = _Way(settings.token_method.upper(), settings.token_auth)
        self._ways: tuple[_Way, ...] = _AUTO if settings.token_method == "auto" else (named,)  # noqa: S105  # not a secret
        self._http = RetryingClient(settings)
        keyring = open_keyring(settings.url, settings.client_id, settings.tenant) if settings.token_cache else None
        self._token = SharedToken(self._request_token, keyring)

    def send(self, call: Call, deadline: Deadline) -> Answer:
        """The answer to *call*; raises `OutageError` when there is none, or no token.

        A refused call is repeated once with a fresh token: it never reached the application.
        """
        token = self._current_token(deadline)
        answer = self._send(call, token, deadline)
        if not refuses_token(answer):
            return answer
        self._token.forget(token, deadline)
        return self._send(call, self._current_token(deadline), deadline)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def _send(self, call: Call, token: Secret, deadline: Deadline) -> Answer:
        headers = {**call.headers, "Authorization": f"Bearer {token.reveal()}"}
        return without_echo(token, self._http.send(call._replace(headers=headers), deadline))

    def _current_token(self, deadline: Deadline) -> Secret:
        """The token to use; whoever comes while it is being requested opens a connection meanwhile."""
        if self._token.is_being_requested:
            with self._http.connected(deadline):
                return self._token.get(deadline)
        return self._token.get(deadline)

    def _request_token(self, deadline: Deadline) -> AccessToken:
        way, *others = self._ways
        answer = self._ask(way, deadline)
        if others and _is_elsewhere(answer):
            (way,) = others
            answer = self._ask(way, deadline)
        token = _read_token(answer)
        self._ways = (way,)
        return token

    def _ask(self, way: _Way, deadline: Deadline) -> Answer:
        return without_echo(self._client_secret, self._http.send(self._token_call(way), deadline))

    def _token_call(self, way: _Way) -> Call:
        grant = (("grant_type", "client_credentials"), *((("tenant", self._tenant),) if self._tenant else ()))
        pair = (("client_id", self._client_id), ("client_secret", self._client_secret.reveal()))
        in_query = pair if way.auth == "query" else ()
        headers = {"Authorization": _basic(self._client_id, self._client_secret)} if way.auth == "basic" else {}
        if way.method == "GET":
            return Call("GET", TOKEN_PATH, PURPOSE, query=grant + in_query, headers=headers)
        in_form = pair if way.auth == "body" else ()
        return Call("POST", TOKEN_PATH, PURPOSE, query=in_query, form=grant + in_form, headers=headers)


def _credentials(settings: Settings) -> tuple[str, Secret]:
    """Client id and secret; raises `SettingsError` that names all that is missing."""
    if settings.vault_file:
        raise SettingsError(
            f"{settings.told('MYSAFE_URL')} names a local vault, and this client wants a server",
            "set it to https://host; mysafe_env.resolve() reads local vaults, too",
        )
    secret = settings.read_client_secret()
    needed = (
        ("MYSAFE_URL", settings.url),
        ("MYSAFE_CLIENT_ID", settings.client_id),
        ("MYSAFE_CLIENT_SECRET", secret),
    )
    missing = [name for name, value in needed if not value]
    if missing or secret is None:
        raise SettingsError(f"not set: {', '.join(missing)}", _MISSING_HINT if settings.url else _UNSET_HINT)
    return settings.client_id, secret


def _basic(client_id: str, client_secret: Secret) -> str:
    return "Basic " + b64encode(f"{client_id}:{client_secret.reveal()}".encode()).decode()


def _is_elsewhere(answer: Answer) -> bool:
    """Whether the server has no such token route, and may have the other."""
    return answer.status in {404, 405} or has_no_route(answer)


def _read_token(answer: Answer) -> AccessToken:
    if answer.status >= 300:  # noqa: PLR2004  # what is not a success
        raise _refusal(answer)
    document = json_object(answer, PURPOSE)
    value = document.get("access_token")
    if not isinstance(value, str) or isinstance(value, Number) or not value:
        raise _refusal(answer)
    if str(document.get("token_type") or "bearer").lower() != "bearer":
        raise BadAnswerError("the access token is not a bearer token", "check that MYSAFE_URL leads to MySafe")
    if not (value.isascii() and value.isprintable()) or " " in value:
        raise BadAnswerError("the access token holds characters that a header can't carry", "ask who runs the server")
    return AccessToken(Secret(value), Deadline(_USED_LIFETIME * _lifetime(document.get("expires_in"))))


def _lifetime(expires_in: object) -> float:
    """Seconds, out of a number or a numeric string; one hour for anything else."""
    try:
        seconds = float(str(expires_in))
    except ValueError:
        return DEFAULT_LIFETIME
    # The kernel takes a lifetime without end for none at all, and would keep the token for good.
    return min(seconds, _LONGEST_LIFETIME) if math.isfinite(seconds) and seconds > 0 else DEFAULT_LIFETIME


def _refusal(answer: Answer) -> OutageError:
    """The error for an answer without a token."""
    try:
        document = json_object(answer, PURPOSE)
    except BadAnswerError:
        return outage(answer, PURPOSE, gateway_words(answer))
    words = _words(document)
    if answer.status < 300:  # noqa: PLR2004  # the statuses of success
        return _no_token(refused=bool(words))
    if has_no_route(answer):
        return CredentialsError(f"the server refuses {PURPOSE} ({told(answer, words)})", _NO_ROUTE_HINT)
    if answer.status in {404, 405} or answer.status >= 429:  # noqa: PLR2004  # not about the client
        return outage(answer, PURPOSE, gateway_words(answer))
    return CredentialsError(f"the server refuses the client id and secret ({told(answer, words)})", _CLIENT_HINT)


def _no_token(*, refused: bool) -> OutageError:
    # The words of a success are not shown: unlike those of an error they are not searched for the secret.
    if refused:
        return CredentialsError("the server answered the client id and secret with an error", _CLIENT_HINT)
    return BadAnswerError("the answer for an access token holds none", "check that MYSAFE_URL leads to MySafe")


def _words(document: dict[str, object]) -> str:
    """What an error body says, in any of the shapes that OAuth 2.0, MySafe and gateways give it."""
    envelope = document.get("response")
    inner = envelope if isinstance(envelope, dict) else {}
    said = (
        document.get("error"),
        document.get("error_description"),
        document.get("message"),
        inner.get("message") or inner.get("mensagem") or inner.get("Message"),
    )
    return ": ".join(text for text in said if isinstance(text, str) and text)
