"""HTTP for the sources: the one module that knows requests, whose exceptions stop here."""

import os
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from threading import BoundedSemaphore, Semaphore
from types import MappingProxyType
from typing import Any, Final, NamedTuple
from urllib.parse import quote, urlencode, urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.utils import DEFAULT_CA_BUNDLE_PATH, get_environ_proxies, select_proxy
from urllib3 import HTTPConnectionPool
from urllib3.exceptions import ConnectTimeoutError, EmptyPoolError, HTTPError, NewConnectionError, ProxyError

from mysafe_env import __version__
from mysafe_env.deadline import Deadline
from mysafe_env.errors import BadAnswerError, OutageError, SettingsError, UncertainError
from mysafe_env.settings import Settings, is_loopback
from mysafe_env.sources.connections import is_socks, keeping_to, make_punctual
from mysafe_env.sources.tls import tls_context
from mysafe_env.sources.unreachable import Attempt, causes, explain, explain_proxy, not_connected, timed_out

Pairs = tuple[tuple[str, str], ...]

BODY_LIMIT: Final = 16 * 2**20
_CONNECT_SECONDS: Final = 10.0
_CHUNK: Final = 64 * 2**10


class Call(NamedTuple):
    """One request below the base URL; its repr leaves out what may be secret."""

    method: str
    path: str
    """Begins with a slash; what needs it is percent-encoded already."""
    purpose: str
    """What the call is for, as messages say it: "an access token"."""
    query: Pairs = ()
    form: Pairs = ()
    """A form-encoded body; empty for no body."""
    body: bytes = b""
    """Any other body; `headers` name its type."""
    once: bool = False
    """Whether doing it twice does more than doing it once, so that nobody may repeat it on a mere suspicion."""
    silent: bool = False
    """Whether an empty body is an answer, too, where others are JSON."""
    headers: Mapping[str, str] = MappingProxyType({})
    body_limit: int = BODY_LIMIT
    """Bytes that the answer may have at most."""

    def __repr__(self) -> str:
        return f"Call({self.method!r}, {self.path!r}, {self.purpose!r})"


class Answer(NamedTuple):
    """What came back: status, content type in lower case without parameters, and the whole body."""

    status: int
    content_type: str
    body: bytes
    retry_after: str = ""
    """The header of that name, as it was sent."""

    def __repr__(self) -> str:
        return f"Answer({self.status!r}, {self.content_type!r})"


class HttpClient:
    """Calls to one server, one attempt for each, over connections that are kept and may be used from several threads.

    TLS is always verified, redirects are not followed, .netrc is not read.
    Raises `SettingsError` for certificate files, or a referer, that can't be used.
    """

    def __init__(self, settings: Settings, setting: str = "MYSAFE_URL") -> None:
        """Nothing is sent yet; *setting* is the one that messages name for the server's address."""
        self._setting = setting
        self._base = settings.url.rstrip("/")
        parts = urlsplit(self._base)
        self.server = parts.netloc
        """Host and port, as messages name them."""
        self._adapter = _Adapter(_context(settings, parts.scheme), settings.concurrency)
        self._session = _session(settings, parts.scheme, self._adapter)
        # One connection is always left for the call that those who hold the others may be waiting for.
        self._held = Semaphore(settings.concurrency - 1)
        # Where all connections are in use, urllib3 would wait without end.
        self._places = BoundedSemaphore(settings.concurrency)
        # requests would look the variables up for each request; they are the same for all of ours.
        self._session.proxies = _proxies(self._base)
        self._proxy = _without_user(select_proxy(self._base, self._session.proxies) or "")
        _check_proxy(self._proxy)

    def send(self, call: Call, deadline: Deadline) -> Answer:
        """The answer to *call*, whatever its status; raises `OutageError` when there is none before *deadline*.

        For a call that is to be sent once that is `UncertainError`, unless it surely never left this machine.
        """
        attempt = Attempt(self.server, self._proxy, call.purpose, deadline.seconds, self._setting)
        if not self._places.acquire(timeout=deadline.remaining()):
            raise timed_out(attempt)
        try:
            return self._attempt(call, attempt, deadline)
        finally:
            self._places.release()

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def _attempt(self, call: Call, attempt: Attempt, deadline: Deadline) -> Answer:
        if deadline.passed:
            raise timed_out(attempt)
        before = deadline.remaining()
        try:
            with keeping_to(deadline), self._request(call, _address_seconds(deadline)) as response:
                return _answer(response, call, attempt)
        except requests.ConnectTimeout:
            raise not_connected(attempt, before - deadline.remaining()) from None
        except (requests.RequestException, HTTPError, OSError, ValueError) as error:
            explained = _explained(error, attempt)
            raise explained if _never_sent(error) else _after_sending(call, explained) from None
        except OutageError as error:
            raise _after_sending(call, error) from None

    @contextmanager
    def connected(self, deadline: Deadline) -> Iterator[None]:
        """Open one of the connections, and hold it while its user waits for something else before its call.

        Where that is not possible nothing happens: the call itself will connect, or say why it can't.
        """
        if self._proxy or not self._held.acquire(blocking=False):
            yield
            return
        try:
            with keeping_to(deadline), self._adapter.connected(self._base, _address_seconds(deadline)):
                yield
        finally:
            self._held.release()

    def _request(self, call: Call, connect_seconds: float) -> requests.Response:
        url = self._base + call.path
        if call.query:
            # A byte that is no UTF-8 can match nothing; the server is asked all the same.
            url += "?" + urlencode(call.query, quote_via=quote, errors="replace")
        return self._session.request(
            call.method,
            url,
            data=call.body or call.form,
            headers=dict(call.headers),
            # Connections have closer limits of their own, for whatever comes after.
            timeout=(connect_seconds, None),
            allow_redirects=False,
            stream=True,
        )


def _address_seconds(deadline: Deadline) -> float:
    """What one address of a host may take: where it does not answer, a second and a third can be tried."""
    return min(_CONNECT_SECONDS, deadline.seconds / 3)


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


def _context(settings: Settings, scheme: str) -> ssl.SSLContext | None:
    return tls_context(settings, os.environ, DEFAULT_CA_BUNDLE_PATH) if scheme == "https" else None


def _session(settings: Settings, scheme: str, adapter: "_Adapter") -> requests.Session:
    session = _Session()
    session.trust_env = False
    session.headers.update(_headers(settings))
    session.mount(f"{scheme}://", adapter)
    return session


def _headers(settings: Settings) -> dict[str, str]:
    headers = {
        "User-Agent": f"mysafe-env/{__version__}",
        "Accept": "application/json",
        # Secrets are too small to gain by compression, and a small answer can't become a huge one.
        "Accept-Encoding": "identity",
    }
    if settings.referer:
        if not (settings.referer.isascii() and settings.referer.isprintable()):
            raise SettingsError("MYSAFE_REFERER holds characters that a header can't carry", "write a plain ASCII URL")
        headers["Referer"] = settings.referer
    return headers


class _Session(requests.Session):
    """A session to which a redirect is an answer like any other."""

    def get_redirect_target(self, resp: requests.Response) -> None:  # noqa: ARG002  # requests' signature
        # requests would read the body of a redirect, without any limit, even when it does not follow.
        return


class _Adapter(HTTPAdapter):
    """Connections that share one TLS context.

    Left alone, requests hands the CA bundle to each connection, which parses it again: 25 ms for each
    of 16 connections. The context holds the bundle and the client certificate already, and it verifies.
    """

    def __init__(self, context: ssl.SSLContext | None, connections: int) -> None:
        self._context = context
        super().__init__(pool_maxsize=connections, pool_block=True)

    @contextmanager
    def connected(self, url: str, seconds: float) -> Iterator[None]:
        """Take a connection out of the pool, open it within so many seconds, and put it back at the end."""
        pool = self.poolmanager.connection_from_url(url)
        connection = _open_connection(pool, seconds)
        try:
            yield
        finally:
            if connection is not None:
                pool._put_conn(connection)  # noqa: SLF001  # see `_open_connection`

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **options: Any) -> None:  # noqa: ANN401, FBT001, FBT002  # requests' signature
        super().init_poolmanager(connections, maxsize, block, ssl_context=self._context, **options)
        make_punctual(self.poolmanager)

    def proxy_manager_for(self, proxy: str, **options: Any) -> Any:  # noqa: ANN401  # requests' signature
        if proxy.lower().startswith("https:"):
            options["proxy_ssl_context"] = self._context
        manager = super().proxy_manager_for(proxy, ssl_context=self._context, **options)
        make_punctual(manager, proxy)
        return manager

    def build_connection_pool_key_attributes(self, *request: Any, **options: Any) -> tuple[Any, Any]:  # noqa: ANN401  # requests' signature
        host, _tls_files = super().build_connection_pool_key_attributes(*request, **options)
        return host, {}

    def build_response(self, req: requests.PreparedRequest, resp: Any) -> requests.Response:  # noqa: ANN401  # requests' signature
        """Without cookies: no call needs one, and Python's reader of them prints a traceback for a wrong date."""
        original = resp._original_response  # noqa: SLF001  # where requests looks for them
        del original.headers["Set-Cookie"], original.headers["Set-Cookie2"]
        return super().build_response(req, resp)

    def cert_verify(self, conn: Any, url: Any, verify: Any, cert: Any) -> None:  # noqa: ANN401  # requests' signature
        """Nothing: this is where requests would put the bundle on the connection."""


def _open_connection(pool: HTTPConnectionPool, seconds: float) -> Any:  # noqa: ANN401  # one of urllib3's
    """A connection of the pool, open if that was possible; None when all are in use for longer than *seconds*."""
    try:
        # urllib3 has no public way to connect before there is something to send.
        connection = pool._get_conn(seconds)  # noqa: SLF001  # see above
    except EmptyPoolError:
        return None
    if connection.is_closed:
        connection.timeout = seconds
        try:
            connection.connect()
        except (HTTPError, OSError):
            connection.close()
    return connection


def _answer(response: requests.Response, call: Call, attempt: Attempt) -> Answer:
    if 300 <= response.status_code < 400:  # noqa: PLR2004  # the statuses of redirects
        raise _redirected(response, attempt)
    encoding = response.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding not in {"", "identity"}:
        raise BadAnswerError(
            f"{attempt.server} compressed its answer ({encoding}), which nobody asked for",
            "see whether a proxy or a content filter stands in between",
        )
    content_type = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    retry_after = response.headers.get("Retry-After", "")
    body = _body(response, call.body_limit, attempt)
    return Answer(response.status_code, content_type, body, retry_after)


def _redirected(response: requests.Response, attempt: Attempt) -> BadAnswerError:
    return BadAnswerError(
        f"{attempt.server} redirects to {_target(response)} (status {response.status_code}), "
        "and redirects are not followed",
        f"if that is the server you mean, write its address in {attempt.setting}",
    )


def _target(response: requests.Response) -> str:
    """Where a redirect leads, without user, query and fragment, which may hold a secret."""
    try:
        parts = urlsplit(urljoin(response.url, response.headers.get("Location", "")))
    except ValueError:
        return "an address that is no URL"
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def _body(response: requests.Response, limit: int, attempt: Attempt) -> bytes:
    """The whole body, as far as the limit allows."""
    body = bytearray()
    while chunk := response.raw.read1(_CHUNK, decode_content=False):
        body += chunk
        if len(body) > limit:
            raise BadAnswerError(
                f"{attempt.server} sent more than {limit >> 20} MiB as {attempt.purpose}",
                f"check {attempt.setting}; ask for less: a list by a tag, a vault of an account that has fewer items",
            )
    return bytes(body)
