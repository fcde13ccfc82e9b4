"""Calls that carry a token of SecretSafe; the token comes of OAuth 2.0 client credentials."""

from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlsplit

from mysafe_env.deadline import Deadline
from mysafe_env.errors import BadAnswerError
from mysafe_env.secret import Secret
from mysafe_env.sources.answers import without_echo
from mysafe_env.sources.first_failure import FirstFailure
from mysafe_env.sources.http.calls import Answer, Call, Pairs
from mysafe_env.sources.http.retrying import RetryingClient
from mysafe_env.sources.secretsafe.answers import UNAUTHORIZED, login_refusal, read_document
from mysafe_env.sources.secretsafe.settings import SecretSafeSettings
from mysafe_env.sources.secretsafe.wire import Document
from mysafe_env.sources.turns import turn

if TYPE_CHECKING:
    from mysafe_env.sources.keyring import Keyring

_PURPOSE: Final = "an access token"
_SUCCESS: Final = 200
# What a path is made of (RFC 3986, 3.3), and the percent sign of what is encoded already.
_PATH_CHARACTERS: Final = "/%:@!$&'()*+,;="
# One hour is the documented lifetime, for an answer that names none.
_DEFAULT_SECONDS: Final = 3600
_LONGEST_SECONDS: Final = 86_400
# A token is renewed so long before its end, which may come while a call is on its way.
_MARGIN_SECONDS: Final = 60


@dataclass(frozen=True, slots=True)
class Login:
    """A token, how long it may be used, and the answer that it came in."""

    token: Secret
    end: Deadline = field(repr=False)
    document: Document | None = None
    """None for a token that is kept from an earlier run."""


class Session:
    """Calls to one server as one client, over kept connections; may be used from several threads.

    The token is fetched once, kept in memory, renewed a minute before its end, and once when it is refused.
    If the settings say so, it is kept in the kernel's keyring for later runs, too.
    *form* is what a token request carries besides the client's id and secret, *headers* go with every call.
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
        self._lock = Lock()
        self._login: Login | None = None
        self._failure = FirstFailure()
        self._keyring = _keyring(settings) if settings.connection.token_cache else None

    def login(self, deadline: Deadline) -> Login:
        """The login to use; those who come while it is being made wait for it. Raises `OutageError`."""
        with turn(self._lock, deadline, _PURPOSE):
            if self._login is None or self._login.end.passed:
                self._login = self._kept() or self._failure.once(self._fetch, deadline)
            return self._login

    def send(self, call: Call, deadline: Deadline) -> Answer:
        """The answer to *call* below the API's address, repeated once with a fresh token where that was refused."""
        login = self.login(deadline)
        answer = self._send(call, login.token, deadline)
        if answer.status != UNAUTHORIZED:
            return answer
        self._forget(login, deadline)
        return self._send(call, self.login(deadline).token, deadline)

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

    def _forget(self, login: Login, deadline: Deadline) -> None:
        with turn(self._lock, deadline, _PURPOSE):
            if self._login is login:
                self._login = None
                if self._keyring is not None:
                    self._keyring.forget()

    def _kept(self) -> Login | None:
        """The token of an earlier run, once: the keyring drops it at its end, and the server says if it is refused."""
        token = self._keyring.recall() if self._keyring is not None and self._login is None else None
        return None if token is None else Login(token, Deadline(_DEFAULT_SECONDS))

    def _fetch(self, deadline: Deadline) -> Login:
        pair = (
            ("client_id", self._settings.client_id),
            ("client_secret", self._settings.client_secret.reveal()),
        )
        form = (("grant_type", "client_credentials"), *pair, *self._form)
        call = Call("POST", f"{self._identity_path}/connect/token", _PURPOSE, form=form, headers=self._headers)
        answer = without_echo(self._settings.client_secret, self._identity.send(call, deadline))
        if answer.status != _SUCCESS:
            raise login_refusal(answer, _PURPOSE)
        login = _read_login(read_document(answer, _PURPOSE))
        if self._keyring is not None:
            self._keyring.keep(login.token, login.end.remaining())
        return login


def _keyring(settings: SecretSafeSettings) -> "Keyring":
    from mysafe_env.sources.keyring import Keyring  # noqa: PLC0415  # ctypes is slow to import

    return Keyring(settings.identity_url, settings.client_id, "")


def _read_login(document: Document) -> Login:
    token = document.required("access_token")
    if not (token.isascii() and token.isprintable()) or " " in token:
        raise BadAnswerError("the access token holds characters that a header can't carry", "check SECRETSAFE_URL")
    seconds = min(max(0, document.number("expires_in") or _DEFAULT_SECONDS), _LONGEST_SECONDS)
    # A lifetime shorter than the margin would have a login made for every call.
    return Login(Secret(token), Deadline(max(seconds - _MARGIN_SECONDS, seconds / 2)), document)


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
