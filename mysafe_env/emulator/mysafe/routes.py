"""MySafe's REST API over a vault: a request in, an answer out, no sockets."""

from collections.abc import Callable
from functools import partial

from mysafe_env.emulator.exchange import Request, Response
from mysafe_env.emulator.gateway import gateway_answer
from mysafe_env.emulator.mysafe import bodies, description, token_endpoint
from mysafe_env.emulator.mysafe.changes import ChangeError, read_change
from mysafe_env.emulator.mysafe.quirks import as_printed
from mysafe_env.emulator.mysafe.token_endpoint import TokenEndpoint
from mysafe_env.emulator.tokens import Tokens
from mysafe_env.items import KINDS
from mysafe_env.vault.store import Vault, VaultRefusal


class MySafeApi:
    """The token endpoint and the 18 calls: list, get, create, update, activate and deactivate, for each kind."""

    def __init__(self, vault: Vault, tokens: Tokens, token_methods: frozenset[str]) -> None:
        self._vault = vault
        self._tokens = tokens
        self._token_endpoint = TokenEndpoint(tokens, token_methods)

    def answer(self, request: Request) -> Response:
        """What MySafe, or the gateway in front of it, would answer."""
        if request.path == token_endpoint.PATH:
            return self._token_endpoint.answer(request)
        if (request.method, request.path) == ("GET", description.PATH):
            return description.answer()
        call = self._route(request)
        if call is None:
            return gateway_answer(404)
        if not self._tokens.accepts(request.headers.get("authorization", "")):
            return gateway_answer(401)
        return as_printed(self._vault.edition.name, request, self._answer(call))

    def _answer(self, call: Callable[[], Response]) -> Response:
        try:
            return call()
        except VaultRefusal as refusal:
            return bodies.refused(refusal)
        except ChangeError as error:
            return bodies.malformed(str(error))

    def _route(self, request: Request) -> Callable[[], Response] | None:
        match request.method, request.segments:
            case method, ["api", "mysafe", kind, *rest] if kind in KINDS:
                return self._call(method, kind, rest, request)
        return None

    def _call(self, method: str, kind: str, rest: list[str], request: Request) -> Callable[[], Response] | None:
        match method, rest:
            case "GET", []:
                return partial(self._list, kind, request)
            case "GET", [identifier]:
                return partial(self._get, kind, identifier)
            case "POST", []:
                return partial(self._create, kind, request)
            case "PUT", ["update", identifier]:
                return partial(self._update, kind, identifier, request)
            case "POST", ["active" | "inactive" as state, identifier]:
                return partial(self._switch, kind, identifier, request, active=state == "active")
        return None

    def _list(self, kind: str, request: Request) -> Response:
        return bodies.listed(kind, self._vault.list(kind, request.query))

    def _get(self, kind: str, identifier: str) -> Response:
        return bodies.item(self._vault.get(kind, identifier))

    def _create(self, kind: str, request: Request) -> Response:
        change = read_change(kind, request)
        return bodies.created(
            self._vault.create(kind, change.fields, change.users_allowed or (), change.groups_allowed or ())
        )

    def _update(self, kind: str, identifier: str, request: Request) -> Response:
        change = read_change(kind, request)
        return bodies.updated(
            self._vault.update(kind, identifier, change.fields, change.users_allowed, change.groups_allowed)
        )

    def _switch(self, kind: str, identifier: str, request: Request, *, active: bool) -> Response:
        if request.body:
            raise ChangeError("this call takes no body")
        switch = self._vault.activate if active else self._vault.deactivate
        return bodies.switched(kind, active=active, changed=switch(kind, identifier))
