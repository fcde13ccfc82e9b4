"""As much of HashiCorp Vault as a reader of its KV engine asks for: version 1, mounted at `secret/`.

https://developer.hashicorp.com/vault/api-docs/secret/kv/kv-v1 has the routes and the answers;
`/sys/internal/ui/mounts/PATH` says which version of the engine is mounted there.
"""

from mysafe_env.emulator.exchange import Request, Response, json_response
from tests.benchmarks.values import value

TOKEN = "made-up-token"
_HEAD: dict[str, object] = {"auth": None, "lease_duration": 2764800, "lease_id": "", "renewable": False}
_MOUNT: dict[str, object] = {"options": {"version": "1"}, "path": "secret/", "type": "kv"}


class VaultBackend:
    """Holds `secret/item_0` and so on, each with one key, `value`."""

    def __init__(self, count: int) -> None:
        self._secrets = {f"item_{number}": value(number) for number in range(count)}

    def answer(self, request: Request) -> Response:
        """The answer to a call of Vault's API; 403 without the token, 404 where nothing is."""
        if request.headers.get("x-vault-token") != TOKEN:
            return json_response(403, {"errors": ["permission denied"]})
        data = self._data(request)
        return json_response(404, {"errors": []}) if data is None else json_response(200, {**_HEAD, "data": data})

    def _data(self, request: Request) -> dict[str, object] | None:
        match request.segments:
            case ["v1", "auth", "token", "lookup-self"]:
                return {"policies": ["default"], "ttl": 3600}
            case ["v1", "sys", "internal", "ui", "mounts", "secret", *_]:
                return _MOUNT
            case ["v1", "secret"] | ["v1", "secret", ""] if _lists(request):
                return {"keys": sorted(self._secrets)}
            case ["v1", "secret", name] if name in self._secrets:
                return {"value": self._secrets[name]}
        return None


def _lists(request: Request) -> bool:
    """Whether a folder is listed: by the method LIST, or by GET with `list=true`."""
    return request.method == "LIST" or dict(request.query).get("list", "").lower() == "true"
