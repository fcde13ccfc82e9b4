"""A floor: http.client with 16 threads and one TLS context, the same calls; then exec."""

import json
import os
import ssl
import sys
from base64 import b64encode
from http.client import HTTPConnection, HTTPSConnection
from queue import Empty, SimpleQueue
from threading import Thread
from urllib.parse import urlencode, urlsplit


def main(count: int, threads: int) -> None:
    """Fetch item-0 ... item-(count-1) and run `true` with them."""
    parts = urlsplit(os.environ["MYSAFE_URL"])
    host = parts.netloc
    context = None
    if parts.scheme == "https":
        context = ssl.create_default_context(cafile=os.environ["MYSAFE_CA_BUNDLE"])

    def connect() -> HTTPConnection:
        return HTTPSConnection(host, context=context) if context else HTTPConnection(host)

    def ask(connection: HTTPConnection, method: str, path: str, body: str | None, headers: dict[str, str]) -> bytes:
        connection.request(method, path, body, headers)
        return connection.getresponse().read()

    pair = f"{os.environ['MYSAFE_CLIENT_ID']}:{os.environ['MYSAFE_CLIENT_SECRET']}"
    headers = {
        "Authorization": "Basic " + b64encode(pair.encode()).decode(),
        "Content-Type": "application/x-www-form-urlencoded",
    }
    first = connect()
    form = urlencode({"grant_type": "client_credentials"})
    token = json.loads(ask(first, "POST", "/api/oauth2/token", form, headers))["access_token"]
    bearer = {"Authorization": f"Bearer {token}"}
    numbers: SimpleQueue[int] = SimpleQueue()
    for number in range(count):
        numbers.put(number)
    values: dict[str, str] = {}

    def work(connection: HTTPConnection) -> None:
        while True:
            try:
                number = numbers.get_nowait()
            except Empty:
                return
            listed = ask(connection, "GET", f"/api/mysafe/secretapi?identifier_code=item-{number}", None, bearer)
            identifier = json.loads(listed)["api_secret_on_list"][0]["identifier"]
            got = ask(connection, "GET", f"/api/mysafe/secretapi/{identifier}", None, bearer)
            values[f"ITEM_{number}"] = json.loads(got)["api_secret_entity"]["client_secret"]

    connections = [first, *(connect() for _ in range(min(threads, count) - 1))]
    workers = [Thread(target=work, args=(connection,)) for connection in connections]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    os.execvpe("true", ["true"], {**os.environ, **values})  # noqa: S606  # what is measured


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
