"""How a call is sent, whoever sends it."""

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
    """What one address of a host may take out of so many seconds: where it is dead, a second can be tried."""
    return min(_CONNECT_SECONDS, seconds / 3)
