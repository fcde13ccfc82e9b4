"""What both ways of sending a call, http.client and requests, have in common."""

from typing import Final
from urllib.parse import quote, urlencode

from mysafe_env.sources.http.calls import Call

_CONNECT_SECONDS: Final = 10.0


def target(call: Call) -> str:
    """Path and query of a call, below the base URL."""
    if not call.query:
        return call.path
    # A byte that is no UTF-8 can match nothing; the server is asked all the same.
    return call.path + "?" + urlencode(call.query, quote_via=quote, errors="replace")


def address_seconds(seconds: float) -> float:
    """The seconds for one address of a host, out of those of the whole call: a dead one leaves time for another."""
    return min(_CONNECT_SECONDS, seconds / 3)
