"""Why a server was not reached: exceptions of the network as our errors, told by their root cause.

Only types and numbers of an exception are used, never its text: that may hold a URL, a header or a password.
Each error knows whether it may be gone in a moment: a server that restarts is, a certificate that expired is not.
"""

import errno
import re
import socket
import ssl
from http.client import HTTPException, IncompleteRead
from typing import Final, NamedTuple

from mysafe_env.errors import BadAnswerError, OutageError, TimedOutError, UnreachableError

# Of <openssl/x509_vfy.h>; the ssl module hands them on as verify_code.
_NOT_YET_VALID, _EXPIRED = 9, 10
_UNKNOWN_AUTHORITY: Final = frozenset({2, 18, 19, 20, 21})
_WRONG_NAME: Final = frozenset({62, 64})

# Statuses with which a proxy says that it does not reach the server just now.
_PROXY_TROUBLE: Final = frozenset({"408", "429", "502", "503", "504"})
# What a machine says whose own network is not up yet, or is being changed.
_NETWORK_TROUBLE: Final = frozenset({errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EADDRNOTAVAIL})

_OWN_CERTIFICATE_HINT: Final = "set MYSAFE_CLIENT_CERT and MYSAFE_CLIENT_KEY to a certificate that the server accepts"


class Attempt(NamedTuple):
    """An attempt at a call: the server, the proxy (empty for none), the purpose, and the seconds it may take."""

    server: str
    proxy: str
    purpose: str
    seconds: float
    setting: str = "MYSAFE_URL"
    """The setting that names the server."""

    @property
    def address_hint(self) -> str:
        """What to do when the server is not there."""
        return f"check the host and port in {self.setting}, and that the server is up"


def timed_out(attempt: Attempt) -> TimedOutError:
    """The error for a deadline that passed."""
    return TimedOutError(
        f"timed out after {attempt.seconds:g} s waiting for {attempt.purpose} from {attempt.server}",
        "raise it with --timeout or MYSAFE_TIMEOUT, or see why the server is slow",
        transient=True,
    )


def not_connected(attempt: Attempt, seconds: float) -> TimedOutError:
    """The error for a connection that was not made within *seconds*."""
    return TimedOutError(
        f"no connection to {attempt.server} within {round(seconds, 1):g} s, needed for {attempt.purpose}",
        f"check {attempt.setting}, this machine's DNS, and whether a firewall is in between "
        "or a proxy is needed (HTTPS_PROXY)",
        transient=True,
    )


def explain(error: BaseException, attempt: Attempt) -> OutageError:
    """Our error for an exception of the network; the cause that is nearest to *error* and known decides."""
    for cause in causes(error):
        known = _known(cause, attempt)
        if known is not None:
            return known
    return UnreachableError(f"can't reach {attempt.server} for {attempt.purpose}", attempt.address_hint)


def explain_proxy(error: BaseException, attempt: Attempt) -> OutageError:
    """Our error for a proxy that was not reached, or that refuses to pass the call on."""
    # http.client tells the proxy's status only in its text.
    answered = re.search(r"Tunnel connection failed: (\d{3})", " ".join(str(cause) for cause in causes(error)))
    reason = f"it answered with status {answered[1]}" if answered else "it can't be used"
    return UnreachableError(
        f"the proxy {attempt.proxy} does not lead to {attempt.server}: {reason}",
        "check HTTPS_PROXY or HTTP_PROXY (with user and password where it wants them); NO_PROXY names what needs none",
        transient=answered[1] in _PROXY_TROUBLE if answered else explain(error, attempt).transient,
    )


def causes(error: BaseException) -> list[BaseException]:
    """*error* and all that led to it, nearest first; urllib3 keeps some of them in the arguments only."""
    found = [error]
    for one in found:
        links = (one.__cause__, one.__context__, *one.args)
        found.extend(link for link in links if isinstance(link, BaseException) and link not in found)
    return found


def _known(cause: BaseException, attempt: Attempt) -> OutageError | None:
    """Our error for one link of the chain, or None when its type says nothing."""
    if isinstance(cause, TimeoutError):
        return timed_out(attempt)
    if isinstance(cause, ssl.SSLCertVerificationError):
        return _untrusted(cause, attempt)
    if isinstance(cause, ssl.SSLError):
        return _tls_failure(cause, attempt)
    if isinstance(cause, OSError):
        return _system_failure(cause, attempt)
    if isinstance(cause, HTTPException):
        return _broken_http(cause, attempt)
    return None


def _system_failure(error: OSError, attempt: Attempt) -> UnreachableError | None:
    if isinstance(error, socket.gaierror):
        return UnreachableError(
            f"can't find the host of {attempt.server}",
            f"check {attempt.setting}, and this machine's DNS",
            transient=error.errno == socket.EAI_AGAIN,
        )
    if isinstance(error, ConnectionRefusedError):
        return UnreachableError(f"{attempt.server} refuses connections", attempt.address_hint, transient=True)
    if isinstance(error, (ConnectionResetError, ConnectionAbortedError, BrokenPipeError)):
        return _cut_short(attempt)
    if error.strerror:
        return UnreachableError(
            f"can't reach {attempt.server}: {error.strerror.lower()}",
            attempt.address_hint,
            transient=error.errno in _NETWORK_TROUBLE,
        )
    # An exception of requests: it is an OSError, too, and says nothing but what others said.
    return None


def _broken_http(error: HTTPException, attempt: Attempt) -> OutageError:
    if isinstance(error, IncompleteRead):
        return _cut_short(attempt)
    return BadAnswerError(f"{attempt.server} does not answer in HTTP", attempt.address_hint)


def _cut_short(attempt: Attempt) -> UnreachableError:
    return UnreachableError(
        f"{attempt.server} closed the connection before its answer was complete, asked for {attempt.purpose}",
        f"try again; if it stays, {attempt.address_hint}, "
        "and whether it wants a client certificate (MYSAFE_CLIENT_CERT)",
        transient=True,
    )


def _untrusted(error: ssl.SSLCertVerificationError, attempt: Attempt) -> UnreachableError:
    """The error for a server's certificate that was not accepted."""
    start = f"the certificate of {attempt.server}"
    code = error.verify_code
    if code in _UNKNOWN_AUTHORITY:
        return UnreachableError(
            f"{start} comes from an authority that is not trusted here",
            "set MYSAFE_CA_BUNDLE (or --ca-bundle) to a file with the certificate of your company's authority",
        )
    if code in _WRONG_NAME:
        return UnreachableError(
            f"{start} is for another name", f"write the name of the certificate in {attempt.setting}"
        )
    if code == _EXPIRED:
        return UnreachableError(f"{start} has expired", "have it renewed, and check this machine's clock")
    if code == _NOT_YET_VALID:
        return UnreachableError(f"{start} is not valid yet", "check this machine's clock")
    return UnreachableError(
        f"{start} is not accepted (OpenSSL's verify code {code})", "see the codes in: man openssl-verification-options"
    )


def _tls_failure(error: ssl.SSLError, attempt: Attempt) -> UnreachableError:
    """The error for a handshake that failed on other grounds than the server's certificate."""
    # No alert came: the connection below was closed, by the server or by what stands before it.
    if isinstance(error, (ssl.SSLEOFError, ssl.SSLZeroReturnError, ssl.SSLSyscallError)):
        return _cut_short(attempt)
    reason = error.reason or "no reason given"
    if reason.endswith(("CERTIFICATE_REQUIRED", "HANDSHAKE_FAILURE")):
        return UnreachableError(
            f"{attempt.server} wants a client certificate, or none of our ciphers", _OWN_CERTIFICATE_HINT
        )
    if "_ALERT_" in reason:
        return UnreachableError(f"{attempt.server} refuses the TLS connection ({reason})", _OWN_CERTIFICATE_HINT)
    if reason in {"WRONG_VERSION_NUMBER", "HTTP_REQUEST", "RECORD_LAYER_FAILURE"}:
        return UnreachableError(
            f"{attempt.server} does not speak TLS", f"check the port and the https:// in {attempt.setting}"
        )
    return UnreachableError(f"no TLS connection to {attempt.server} ({reason})", attempt.address_hint)
