"""The answers of the gateway in front of an API.

Its texts are those of senhasegura's documentation; their statuses and shape are those of the Kong gateway.
"""

from typing import Final

from mysafe_env.emulator.exchange import Response, json_response

TEXTS: Final = {
    401: "You are not authorized to access this resource.",
    403: "You are not authorized to access this resource.",
    404: "no Route matched with those values",
    429: "API rate limit exceeded",
    502: "An invalid response was received from the upstream server",
    503: "failure to get a peer from the ring-balancer",
    504: "The upstream server is timing out",
}
"""By status."""


def gateway_answer(status: int, **headers: str) -> Response:
    """An answer of the gateway, which has no envelope; the status is one of `TEXTS`."""
    return json_response(status, {"message": TEXTS[status]}, **headers)
