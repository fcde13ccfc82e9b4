"""SecretSafe's server over a vault: a request in, an answer out, no sockets."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

from mysafe_env.crypto.primitives import KeyPair
from mysafe_env.emulator.exchange import Request, Response
from mysafe_env.emulator.secretsafe.account import Account
from mysafe_env.emulator.secretsafe.bodies import json_answer, nothing, oauth_error, unread
from mysafe_env.emulator.secretsafe.description import description
from mysafe_env.emulator.secretsafe.encryption import EncryptedAccount, Json
from mysafe_env.emulator.secretsafe.organization import Organization
from mysafe_env.emulator.secretsafe.vault_file import ServedVault
from mysafe_env.emulator.tokens import Tokens
from mysafe_env.secret import Secret

_FORM: Final = "application/x-www-form-urlencoded"
_DEVICE: Final = ("devicetype", "deviceidentifier", "devicename")


@dataclass(frozen=True, slots=True)
class _Client:
    """One of the two keys: what it may do, and its tokens."""

    scope: str
    tokens: Tokens


class SecretSafeApi:
    """The identity service, the organisation API and the account's API.

    *old* plays a server of 2020: PascalCase keys, no key derivation in the login, items in `data`.
    """

    def __init__(
        self,
        vault: ServedVault,
        client_secret: Secret,
        token_lifetime: float,
        *,
        old: bool,
        key_pair: KeyPair | None = None,
    ) -> None:
        account = EncryptedAccount(vault, key_pair)
        self._old = old
        self._account = Account(account, old=old)
        self._organization = Organization(vault, old=old)
        self.personal_id = f"user.{account.user_id}"
        self.organization_id = f"organization.{account.organization_id}"
        self._clients = {
            self.personal_id: _Client("api", Tokens(self.personal_id, client_secret, token_lifetime)),
            self.organization_id: _Client(
                "api.organization", Tokens(self.organization_id, client_secret, token_lifetime)
            ),
        }

    def answer(self, request: Request) -> Response:  # noqa: PLR0911  # the table of addresses
        """What the server would answer."""
        match request.method, request.segments:
            case "POST", ["identity", "connect", "token"]:
                return self._token(request)
            case "POST", ["identity" | "api" as service, "accounts", "prelogin"]:
                return self._prelogin(request, service)
            case "GET", ["api", "specs", "public", "swagger.json"]:
                return json_answer(description(old=self._old), old=False)
            case "GET", ["api", "config"]:
                return json_answer(_config(request), old=self._old)
            case _, ["api", "public", *rest]:
                return self._public(request, rest)
            case _, ["api", *rest]:
                return self._personal(request, rest)
        return nothing(404)

    def _prelogin(self, request: Request, service: str) -> Response:
        # Before there was a copy at the identity service.
        if self._old and service == "identity":
            return nothing(404)
        return unread(request) or self._account.prelogin()

    def _token(self, request: Request) -> Response:
        if request.content_type != _FORM:
            return oauth_error("invalid_request")
        form = dict(parse_qsl(request.body.decode("utf-8", "replace")))
        client = self._clients.get(form.get("client_id", ""))
        if client is None or not client.tokens.admits(form["client_id"], form.get("client_secret", "")):
            return oauth_error("invalid_client")
        if form.get("grant_type") != "client_credentials":
            return oauth_error("unsupported_grant_type")
        if form.get("scope") != client.scope:
            return oauth_error("invalid_scope")
        if client.scope == "api" and not set(_DEVICE) <= {name.lower() for name in form}:
            return oauth_error("device_error", "No device information provided.")
        return self._issued(client)

    def _issued(self, client: _Client) -> Response:
        more = self._account.login_fields() if client.scope == "api" else {}
        body: Json = {
            "access_token": client.tokens.issue(self._account.claims(client.tokens.lifetime)),
            "expires_in": int(client.tokens.lifetime),
            "token_type": "Bearer",
            "scope": client.scope,
            **more,
        }
        return json_answer(body, old=False)

    def _public(self, request: Request, rest: list[str]) -> Response:
        refusal = self._refusal(request, self.organization_id)
        return refusal or self._organization.answer(request, rest) or nothing(404)

    def _personal(self, request: Request, rest: list[str]) -> Response:
        refusal = self._refusal(request, self.personal_id)
        if refusal is not None:
            return refusal
        match request.method, rest:
            case "GET", ["sync"]:
                return self._account.sync()
            case "POST", ["ciphers"]:
                return self._account.create_item(request)
        return nothing(404)

    def _refusal(self, request: Request, wanted: str) -> Response | None:
        """401 for no token or a bad one, 403 for one of the other kind, 415 for a body that is not said to be JSON."""
        authorization = request.headers.get("authorization", "")
        if self._clients[wanted].tokens.accepts(authorization):
            return unread(request)
        known = any(client.tokens.accepts(authorization) for client in self._clients.values())
        return nothing(403 if known else 401)


def _config(request: Request) -> Json:
    base = f"https://{request.headers.get('host', '')}"
    return {
        "object": "config",
        "version": "2026.6.0",
        "gitHash": "emulated",
        "server": None,
        "environment": {
            "cloudRegion": None,
            "vault": base,
            "api": f"{base}/api",
            "identity": f"{base}/identity",
            "notifications": f"{base}/notifications",
            "sso": "",
        },
        "featureStates": {},
        "push": {"pushTechnology": 0, "vapidPublicKey": None},
        "settings": {"disableUserRegistration": True},
    }
