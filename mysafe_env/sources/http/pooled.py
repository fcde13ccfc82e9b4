"""Calls by requests, over connections that are kept; the exceptions of requests and urllib3 stop here."""

import socket
import ssl
from functools import partial
from importlib.util import find_spec
from urllib.parse import urlsplit

import requests
from requests.utils import get_environ_proxies, select_proxy
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError, ProxyError

from mysafe_env.deadline import Deadline
from mysafe_env.errors import OutageError, SettingsError, UncertainError
from mysafe_env.server_url import is_loopback
from mysafe_env.sources.http.adapter import Adapter
from mysafe_env.sources.http.calls import Answer, Call
from mysafe_env.sources.http.connections import is_socks
from mysafe_env.sources.http.in_time import keeping_to
from mysafe_env.sources.http.receiving import Received, read_answer
from mysafe_env.sources.http.sending import address_seconds, target
from mysafe_env.sources.http.server import Server
from mysafe_env.sources.http.unreachable import Attempt, causes, explain, explain_proxy, not_connected, timed_out


class PooledClient:
    """Calls to one server, one attempt for each, over connections that are kept; may be used from several threads.

    No more calls may be under way at once than the server's `concurrency` says.
    Raises `SettingsError` for a proxy that can't be used.
    """

    def __init__(self, server: Server) -> None:
        """Nothing is sent yet."""
        self._server = server
        self._adapter = Adapter(server.context, server.concurrency)
        # A session would look the variables up for each request; they are the same for all of ours.
        self._proxies = _proxies(server.base)
        self._proxy = _without_user(select_proxy(server.base, self._proxies) or "")
        _check_proxy(self._proxy)

    def send(self, call: Call, deadline: Deadline) -> Answer:
        """The answer to *call*, whatever its status; raises `OutageError` when there is none before *deadline*.

        For a call that is to be sent once that is `UncertainError`, unless it surely never left this machine.
        """
        attempt = self._server.attempt(call.purpose, deadline.seconds, self._proxy)
        if deadline.passed:
            raise timed_out(attempt)
        before = deadline.remaining()
        try:
            with keeping_to(deadline), self._request(call, address_seconds(deadline.seconds)) as response:
                return read_answer(_received(response), call.body_limit, attempt)
        except requests.ConnectTimeout:
            raise not_connected(attempt, before - deadline.remaining()) from None
        except (requests.RequestException, HTTPError, OSError, ValueError) as error:
            explained = _explained(error, attempt)
            raise explained if _never_sent(error) else _after_sending(call, explained) from None
        except OutageError as error:
            raise _after_sending(call, error) from None

    def close(self) -> None:
        """Close the connections."""
        self._adapter.close()

    def adopt(self, sock: socket.socket) -> None:
        """Keep a connection to the server that was opened elsewhere; it is closed where there are enough."""
        if not self._adapter.adopt(self._server.base, sock):
            sock.close()

    def _request(self, call: Call, connect_seconds: float) -> requests.Response:
        # A session would add what none of our calls has any use for: cookies, redirects, the environment's variables.
        request = requests.Request(
            call.method,
            self._server.base + target(call),
            data=call.body or call.form,
            headers={**self._server.headers, **call.headers},
        )
        return self._adapter.send(
            request.prepare(),
            # Connections have closer limits of their own, for whatever comes after.
            timeout=(connect_seconds, None),
            stream=True,
            proxies=self._proxies,
        )


def _received(response: requests.Response) -> Received:
    read = partial(response.raw.read1, decode_content=False)
    return Received(response.url, response.status_code, response.headers.get, read)


def _explained(error: Exception, attempt: Attempt) -> OutageError:
    """Our error for one of requests, urllib3 or the system."""
    # Of a proxy's address, a wrong one and an unknown scheme are `ValueError`s to requests.
    if attempt.proxy and isinstance(error, (requests.exceptions.ProxyError, ValueError)):
        return explain_proxy(error, attempt)
    # One of SOCKS is connected to as if it was the server.
    if is_socks(attempt.proxy) and any(isinstance(cause, NewConnectionError) for cause in causes(error)):
        return explain_proxy(error, attempt)
    return explain(error, attempt)


def _never_sent(error: Exception) -> bool:
    """Whether there was no connection to send anything over."""
    unsent = (ConnectTimeoutError, NewConnectionError, ProxyError, ssl.SSLCertVerificationError)
    return any(isinstance(cause, unsent) for cause in causes(error))


def _after_sending(call: Call, error: OutageError) -> OutageError:
    return UncertainError(error.message, error.hint) if call.once else error


def _proxies(base: str) -> dict[str, str]:
    """The proxies of the environment; none for plain http on this machine, which no one else may read."""
    parts = urlsplit(base)
    return {} if parts.scheme == "http" and is_loopback(parts.hostname or "") else get_environ_proxies(base)


def _without_user(url: str) -> str:
    """Scheme and host of a proxy's URL, without the user and password that it may hold."""
    scheme, separator, rest = url.rpartition("://")
    return scheme + separator + rest.rpartition("@")[2]


def _check_proxy(url: str) -> None:
    # requests has no error for it, it stumbles.
    if url and not url.rpartition("://")[2].strip("/"):
        raise SettingsError("the proxy's address names no host", "correct HTTPS_PROXY or HTTP_PROXY, or unset it")
    if is_socks(url) and find_spec("socks") is None:
        raise SettingsError(
            f"the proxy {url} speaks SOCKS, and the package for it is not installed",
            'install it with: pip install "mysafe-env[socks]"',
        )
