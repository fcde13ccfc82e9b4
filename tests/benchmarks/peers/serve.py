"""A peer's loopback server in a process of its own: `python -m tests.benchmarks.peers.serve PROGRAM COUNT LATENCY_MS`.

A certificate may follow. The address is printed at the start, and how many requests there were at the end.
"""

import ssl
import sys

from mysafe_env.emulator.server import LoopbackServer
from tests.benchmarks.peers.known import PEERS


def main(program: str, count: int, latency: float, certificate: str | None) -> None:
    """Serve until SIGTERM."""
    backend = next(peer.backend for peer in PEERS if peer.program == program)
    tls = None
    if certificate is not None:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(certificate)
    server = LoopbackServer(backend(count), latency=latency / 1000, tls=tls)
    server.serve_until_stopped(lambda: print(server.url, flush=True))
    print(len(server.requests), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), sys.argv[4] if len(sys.argv) > 4 else None)
