"""As much of a Docker daemon as `docker create` needs, to see what the real client made of an env file."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any


class Daemon(ThreadingHTTPServer):
    """Listens on loopback, and keeps the environments of the containers that it was asked for."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.environments: list[list[str]] = []

    @property
    def address(self) -> str:
        """What `DOCKER_HOST` has to be."""
        return f"tcp://127.0.0.1:{self.server_address[1]}"


@contextmanager
def running_daemon() -> Iterator[Daemon]:
    """A daemon for the length of a block."""
    with Daemon() as daemon:
        thread = Thread(target=daemon.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield daemon
        finally:
            daemon.shutdown()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    server: Daemon

    def do_HEAD(self) -> None:
        self._answer(200, None)

    def do_GET(self) -> None:
        self._answer(200, {})

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.environments.append(asked["Env"] or [])
        self._answer(201, {"Id": "made-up", "Warnings": []})

    def _answer(self, status: int, body: Any) -> None:  # noqa: ANN401  # whatever JSON can say
        data = b"" if body is None else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Api-Version", "1.40")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:  # what was asked is kept, not printed
        return
