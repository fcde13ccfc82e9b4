"""Every test here sees the network settings that it sets itself, and no others."""

import pytest

from mysafe_env.sources.http.client import HttpClient
from tests.mysafe import ways

_VARIABLES = (
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "NO_PROXY",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "SSL_CERT_FILE",
)


@pytest.fixture(autouse=True)
def _no_inherited_network_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in _VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture(params=[HttpClient, ways.pooled_client], ids=["single", "pooled"])
def both_ways(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have `ways.client_of` go over the single connection, and by requests in another test."""
    monkeypatch.setattr(ways, "WAY", request.param)
