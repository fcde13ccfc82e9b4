"""requests' way to a server, over connections that share one TLS context and keep to their deadlines."""

import socket
import ssl
from typing import Any

import requests
from requests.adapters import HTTPAdapter

from mysafe_env.late_imports import IMPORTING
from mysafe_env.sources.http.connections import POOLS, is_socks


class Adapter(HTTPAdapter):
    """Connections that share one TLS context.

    Left alone, requests hands the CA bundle to each connection, which parses it again: 25 ms for each
    of 16 connections. The context holds the bundle and the client certificate already, and it verifies.
    """

    def __init__(self, context: ssl.SSLContext | None, connections: int) -> None:
        self._context = context
        super().__init__(pool_maxsize=connections, pool_block=True)

    def adopt(self, url: str, sock: socket.socket) -> bool:
        """Whether a connection to the server of *url* goes on with *sock*; none does where all are open or in use."""
        pool: Any = self.poolmanager.connection_from_url(url)
        return bool(pool.adopt(sock))

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **options: Any) -> None:  # noqa: ANN401, FBT001, FBT002  # requests' signature
        """The same, with our context and our connections."""
        super().init_poolmanager(connections, maxsize, block, ssl_context=self._context, **options)
        self.poolmanager.pool_classes_by_scheme = POOLS

    def proxy_manager_for(self, proxy: str, **options: Any) -> Any:  # noqa: ANN401  # requests' signature
        """The same, with our context and our connections."""
        if proxy.lower().startswith("https:"):
            options["proxy_ssl_context"] = self._context
        manager = super().proxy_manager_for(proxy, ssl_context=self._context, **options)
        manager.pool_classes_by_scheme = _socks_pools() if is_socks(proxy) else POOLS
        return manager

    def build_connection_pool_key_attributes(self, *request: Any, **options: Any) -> tuple[Any, Any]:  # noqa: ANN401  # requests' signature
        """The same without files of certificates: connections differ by host only."""
        host, _tls_files = super().build_connection_pool_key_attributes(*request, **options)
        return host, {}

    def build_response(self, req: requests.PreparedRequest, resp: Any) -> requests.Response:  # noqa: ANN401  # requests' signature
        """Without cookies: no call needs one, and Python's reader of them prints a traceback for a wrong date."""
        original = resp._original_response  # noqa: SLF001  # where requests looks for them
        del original.headers["Set-Cookie"], original.headers["Set-Cookie2"]
        return super().build_response(req, resp)

    def cert_verify(self, conn: Any, url: Any, verify: Any, cert: Any) -> None:  # noqa: ANN401  # requests' signature
        """Nothing: this is where requests would put the bundle on the connection."""


def _socks_pools() -> dict[str, type]:
    with IMPORTING:
        from mysafe_env.sources.http.socks import SOCKS_POOLS  # noqa: PLC0415  # an extra
    return SOCKS_POOLS
