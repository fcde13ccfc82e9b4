"""The smallest honest peer: requests, 16 threads, one TLS context, the same calls as mysafe-run; then exec."""

import json
import os
import ssl
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import requests
from requests.adapters import HTTPAdapter


class Adapter(HTTPAdapter):
    """One context for all connections; requests would parse the bundle for each."""

    def __init__(self, context: ssl.SSLContext | None) -> None:
        self.context = context
        super().__init__(pool_maxsize=16)

    def init_poolmanager(self, *args: Any, **options: Any) -> None:  # noqa: ANN401  # requests' signature
        super().init_poolmanager(*args, ssl_context=self.context, **options)

    def build_connection_pool_key_attributes(self, *args: Any, **options: Any) -> Any:  # noqa: ANN401
        host, _ = super().build_connection_pool_key_attributes(*args, **options)
        return host, {}

    def cert_verify(self, conn: Any, url: Any, verify: Any, cert: Any) -> None:  # noqa: ANN401
        """Left to the context."""


def main(count: int, threads: int) -> None:
    """Fetch item-0 ... item-(count-1) and run `true` with them."""
    base = os.environ["MYSAFE_URL"]
    context = None
    if base.startswith("https"):
        context = ssl.create_default_context(cafile=os.environ["MYSAFE_CA_BUNDLE"])
    session = requests.Session()
    session.trust_env = False
    session.mount(base, Adapter(context))
    form = {
        "grant_type": "client_credentials",
        "client_id": os.environ["MYSAFE_CLIENT_ID"],
        "client_secret": os.environ["MYSAFE_CLIENT_SECRET"],
    }
    token = session.post(f"{base}/api/oauth2/token", data=form, timeout=30).json()["access_token"]
    session.headers["Authorization"] = f"Bearer {token}"

    def fetch(number: int) -> str:
        listed = session.get(f"{base}/api/mysafe/secretapi", params={"identifier_code": f"item-{number}"}, timeout=30)
        identifier = json.loads(listed.content)["api_secret_on_list"][0]["identifier"]
        got = session.get(f"{base}/api/mysafe/secretapi/{identifier}", timeout=30)
        return str(json.loads(got.content)["api_secret_entity"]["client_secret"])

    if threads == 1 or count == 1:
        values = [fetch(number) for number in range(count)]
    else:
        with ThreadPoolExecutor(min(threads, count)) as pool:
            values = list(pool.map(fetch, range(count)))
    environment = {**os.environ, **{f"ITEM_{number}": value for number, value in enumerate(values)}}
    os.execvpe("true", ["true"], environment)  # noqa: S606  # what is measured


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
