"""SecretSafe's access tokens, by OAuth 2.0 client credentials (RFC 6749, 4.4), and calls that carry one."""

from typing import Final
from urllib.parse import quote, urlsplit

from mysafe_env.deadline import Deadline
from mysafe_env.errors import BadAnswerError
from mysafe_env.secret import Secret
from mysafe_env.sources.http.answers import without_echo
from mysafe_env.sources.http.calls import Answer, Call, Pairs
from mysafe_env.sources.http.retrying import RetryingClient
from mysafe_env.sources.secretsafe.answers import UNAUTHORIZED, login_refusal, read_document
from mysafe_env.sources.secretsafe.document import Document
from mysafe_env.sources.secretsafe.settings import SecretSafeSettings
from mysafe_env.sources.shared_token import DEFAULT_LIFETIME, PURPOSE, AccessToken, SharedToken, open_keyring

_SUCCESS: Final = 200
# What a path is made of (RFC 3986, 3.3), and the percent sign of what is encoded already.
_PATH_CHARACTERS: Final = "/%:@!$&'()*+,;="
_LONGEST_LIFETIME: Final = 86_400
# A token is renewed so many seconds before its end, which may come while a call is on its way.
_MARGIN: Final = 60


class Session:
    """Calls to one server as one client, over kept connections; may be used from several threads.

    The token is requested once, kept in memory, renewed a minute before its end, and once when it is refused.
    If the settings say so, it is kept in the kernel's keyring for later runs as well.
    *form* is what a token request carries besides the client's id and secret; *headers* go with every call.
    """

    def __init__(self, settings: SecretSafeSettings, form: Pairs, headers: Pairs = ()) -> None:
        self._settings = settings
        self._form = form
        self._headers = dict(headers)
        self._identity_path, self._api_path = (
            quote(urlsplit(url).path.rstrip("/"), safe=_PATH_CHARACTERS)
            for url in (settings.identity_url, settings.api_url)
        )
        self._identity, self._api = _clients(settings)
        keyring = open_keyring(settings.identity_url, settings.client_id) if settings.connection.token_cache else None
        self._token = SharedToken(self._request_token, keyring)
        self.login_answer: Document | None = None
        """What came with the token; None before the first call, and for a token that is kept from an earlier run."""

    def send(self, call: Call, deadline: Deadline) -> Answer:
        """The answer to *call* below the API's address, repeated once with a fresh token where that was refused.

        Raises `OutageError` when there is no answer, or no token.
        """
        token = self._token.get(deadline)
        answer = self._send(call, token, deadline)
        if answer.status != UNAUTHORIZED:
            return answer
        self._token.forget(token, deadline)
        return self._send(call, self._token.get(deadline), deadline)

    def send_openly(self, call: Call, deadline: Deadline, *, to_identity: bool = False) -> Answer:
        """The answer to *call* without a token."""
        client, path = (self._identity, self._identity_path) if to_identity else (self._api, self._api_path)
        return client.send(call._replace(path=path + call.path), deadline)

    def close(self) -> None:
        """Close the connections."""
        self._identity.close()
        self._api.close()

    def _send(self, call: Call, token: Secret, deadline: Deadline) -> Answer:
        headers = {**call.headers, **self._headers, "Authorization": f"Bearer {token.reveal()}"}
        call = call._replace(path=self._api_path + call.path, headers=headers)
        return without_echo(token, self._api.send(call, deadline))

    def _request_token(self, deadline: Deadline) -> AccessToken:
        pair = (
            ("client_id", self._settings.client_id),
            ("client_secret", self._settings.client_secret.reveal()),
        )
        form = (("grant_type", "client_credentials"), *pair, *self._form)
        call = Call("POST", f"{self._identity_path}/connect/token", PURPOSE, form=form, headers=self._headers)
        answer = without_echo(self._settings.client_secret, self._identity.send(call, deadline))
        if answer.status != _SUCCESS:
            raise login_refusal(answer, PURPOSE)
        self.login_answer = read_document(answer, PURPOSE)
        return _read_token(self.login_answer)


def _read_token(document: Document) -> AccessToken:
    token = document.required("access_token")
    if not (token.isascii() and token.isprintable()) or " " in token:
        raise BadAnswerError("the access token holds characters that a header can't carry", "check SECRETSAFE_URL")
    seconds = min(max(0, document.number("expires_in") or DEFAULT_LIFETIME), _LONGEST_LIFETIME)
    # A lifetime shorter than the margin would have a token requested for every call.
    return AccessToken(Secret(token), Deadline(max(seconds - _MARGIN, seconds / 2)))


def _clients(settings: SecretSafeSettings) -> tuple[RetryingClient, RetryingClient]:
    """The clients for tokens and for everything else; one and the same where both are on one host."""
    identity, api = (_origin(url) for url in (settings.identity_url, settings.api_url))
    first = RetryingClient(settings.connection._replace(url=identity), "SECRETSAFE_URL")
    if identity == api:
        return first, first
    return first, RetryingClient(settings.connection._replace(url=api), "SECRETSAFE_URL")


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
