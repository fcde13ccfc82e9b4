"""Connections by way of a SOCKS proxy; needs the extra `mysafe-env[socks]`."""

from typing import Final

from urllib3.contrib.socks import (
    SOCKSConnection,
    SOCKSHTTPConnectionPool,
    SOCKSHTTPSConnection,
    SOCKSHTTPSConnectionPool,
)

from mysafe_env.sources.http.connections import Punctual


class _Connection(Punctual, SOCKSConnection):
    """One that is made in time, the proxy's part included."""


class _SecureConnection(Punctual, SOCKSHTTPSConnection):
    """The same with TLS."""


class _Pool(SOCKSHTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(SOCKSHTTPSConnectionPool):
    ConnectionCls = _SecureConnection


SOCKS_POOLS: Final[dict[str, type]] = {"http": _Pool, "https": _SecurePool}
"""The pools for urllib3's manager of a SOCKS proxy, by scheme."""
