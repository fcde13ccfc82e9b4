"""A new connection to a server, without requests: the socket, and TLS on it."""

import os
import re
import socket
import sys
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from mysafe_env.deadline import Deadline
from mysafe_env.server_url import is_loopback
from mysafe_env.sources.http.in_time import keeping_to, made_within, seconds_left
from mysafe_env.sources.http.sending import address_seconds
from mysafe_env.sources.http.server import Server
from mysafe_env.sources.http.unreachable import Attempt, explain, not_connected

# What requests takes as it is: no name in other letters, no IPv6, no path to be tidied up.
_LABEL: Final = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_PLAIN_HOST: Final = re.compile(rf"{_LABEL}(\.{_LABEL})*")
_PLAIN_PATH: Final = re.compile(r"(/[A-Za-z0-9_~-][A-Za-z0-9_.~-]*)*")


def is_plain(base: str) -> bool:
    """Whether requests would go straight to the server at *base*, by the address that stands there."""
    parts = urlsplit(base)
    host = parts.hostname or ""
    if not (_PLAIN_HOST.fullmatch(host) and _PLAIN_PATH.fullmatch(parts.path)):
        return False
    return (parts.scheme == "http" and is_loopback(host)) or not _may_have_proxy(os.environ)


def dial(server: Server, purpose: str, deadline: Deadline) -> socket.socket:
    """A connection to a server whose address is plain; raises `OutageError`, which names the purpose."""
    attempt = server.attempt(purpose, deadline.seconds)
    with keeping_to(deadline):
        sock = _connected(server, attempt, deadline)
        try:
            return _secured(sock, server)
        except (OSError, ValueError) as error:
            sock.close()
            raise explain(error, attempt) from None


def _may_have_proxy(environ: Mapping[str, str]) -> bool:
    # Both of these know proxies outside of the environment.
    if sys.platform in {"darwin", "win32"}:
        return True
    names = {name.lower() for name, value in environ.items() if value} - {"no_proxy"}
    return any(name.endswith("_proxy") for name in names)


def _connected(server: Server, attempt: Attempt, deadline: Deadline) -> socket.socket:
    """A connection to one of the host's addresses."""
    before = deadline.remaining()
    seconds = address_seconds(deadline.seconds)
    address = (_name(server), server.port)
    try:
        sock = made_within(
            seconds_left(),
            lambda: socket.create_connection(address, seconds),  # type: ignore[arg-type]  # getaddrinfo takes bytes, too
        )
    except TimeoutError:
        raise not_connected(attempt, before - deadline.remaining()) from None
    except OSError as error:
        raise explain(error, attempt) from None
    # As http.client has it: the end of a request is not kept back until the server has confirmed its beginning.
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return sock


def _secured(sock: socket.socket, server: Server) -> socket.socket:
    if server.context is None:
        return sock
    sock.settimeout(seconds_left(sock.gettimeout()))
    return server.context.wrap_socket(sock, server_hostname=_name(server))


def _name(server: Server) -> bytes:
    # For text, Python imports what names in other letters need, in whichever thread: a fork may come in between.
    return server.host.encode("ascii")
