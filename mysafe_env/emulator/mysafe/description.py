"""The OpenAPI 3.1 description of what the emulator serves, which ships as a file beside this one."""

from importlib.resources import files
from typing import Final

from mysafe_env.emulator.exchange import Response

PATH: Final = "/openapi.json"


def answer() -> Response:
    """The description, for everybody who asks."""
    return Response(200, files("mysafe_env.emulator.mysafe").joinpath("openapi.json").read_bytes())
