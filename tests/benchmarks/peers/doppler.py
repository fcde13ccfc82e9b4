"""doppler, https://docs.doppler.com/docs/cli: `doppler run` against another API host, without its fallback file.

The call and its answer are those that release 3.77.1 makes and takes.
"""

from mysafe_env.emulator.exchange import Request, Response, json_response
from tests.benchmarks.peers.peer import Peer, Place, Start, trusting
from tests.benchmarks.values import value

TOKEN = "dp.st.made-up"


class DopplerBackend:
    """Holds one config whose secrets are downloaded at once."""

    def __init__(self, count: int) -> None:
        self._secrets = {f"ITEM_{number}": value(number) for number in range(count)}

    def answer(self, request: Request) -> Response:
        """The answer to the download of a config; 401 without the token, 404 elsewhere."""
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return json_response(401, {"messages": ["Invalid Auth token"], "success": False})
        if request.method != "GET" or request.path != "/v3/configs/config/secrets/download":
            return json_response(404, {"messages": ["Not found"], "success": False})
        return json_response(200, self._secrets)


def _start(place: Place) -> Start:
    environ = {"DOPPLER_TOKEN": TOKEN, **trusting(place.bundle, "SSL_CERT_FILE")}
    return Start(("run", "--api-host", place.url, "--no-check-version", "--no-fallback", "--"), environ)


PEER = Peer(
    program="doppler",
    version=("--version",),
    backend=DopplerBackend,
    start=_start,
    unlike="all values in one answer",
    proven=True,
)
