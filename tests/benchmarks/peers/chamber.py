"""chamber, https://github.com/segmentio/chamber: `chamber exec` on AWS Systems Manager, ten values a call.

`CHAMBER_AWS_SSM_ENDPOINT` leads to another host. The call is GetParametersByPath of
https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParametersByPath.html.
Its authors here have not run it: written from its documentation and source; an AWS SDK takes what the server answers.
"""

import json

from mysafe_env.emulator.exchange import Request, Response, json_response
from tests.benchmarks.peers.peer import Peer, Place, Start, trusting
from tests.benchmarks.values import value

_SERVICE = "bench"
_CALL = "AmazonSSM.GetParametersByPath"
# The service's own limit.
_PAGE = 10


class SsmBackend:
    """Holds the parameters `/bench/item_0` and so on."""

    def __init__(self, count: int) -> None:
        self._parameters = [
            {"Name": f"/{_SERVICE}/item_{number}", "Type": "SecureString", "Value": value(number), "Version": 1}
            for number in range(count)
        ]

    def answer(self, request: Request) -> Response:
        """A page of the parameters below a path; 400 for every other call, as AWS has it."""
        if request.headers.get("x-amz-target") != _CALL:
            return _answer(400, {"__type": "UnknownOperationException"})
        asked = json.loads(request.body)
        start = int(asked.get("NextToken") or 0)
        end = start + min(asked.get("MaxResults", _PAGE), _PAGE)
        found = [each for each in self._parameters if str(each["Name"]).startswith(asked["Path"])]
        more = {"NextToken": str(end)} if end < len(found) else {}
        return _answer(200, {"Parameters": found[start:end], **more})


def _answer(status: int, body: dict[str, object]) -> Response:
    answer = json_response(status, body)
    return Response(answer.status, answer.body, (("Content-Type", "application/x-amz-json-1.1"),))


def _start(place: Place) -> Start:
    environ = {
        "CHAMBER_AWS_SSM_ENDPOINT": place.url,
        "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "made-up",
        "AWS_SECRET_ACCESS_KEY": "made-up",
        "AWS_EC2_METADATA_DISABLED": "true",
        **trusting(place.bundle, "SSL_CERT_FILE"),
    }
    return Start(("exec", _SERVICE, "--"), environ)


PEER = Peer(
    program="chamber",
    version=("version",),
    backend=SsmBackend,
    start=_start,
    unlike="ten values an answer",
    proven=False,
)
