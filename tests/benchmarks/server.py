"""The emulator in a process of its own: `python -m tests.benchmarks.server ITEMS LATENCY_MS [CERTIFICATE]`."""

import ssl
import sys

from mysafe_env.emulator.mysafe.server import Emulator
from mysafe_env.vault.records import Record
from mysafe_env.vault.store import Vault
from tests.benchmarks.values import value


def main(items: int, latency: float, certificate: str | None) -> None:
    """Serve *items* API secrets until SIGTERM, and print the settings once."""
    records = [
        Record(
            "secretapi",
            str(number + 1),
            {"name": f"Item {number}", "identifier_code": f"item-{number}", "client_secret": value(number)},
        )
        for number in range(items)
    ]
    tls = None
    if certificate is not None:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(certificate)
    emulator = Emulator(Vault(records), latency=latency / 1000, tls=tls)
    emulator.serve_until_stopped(lambda: print(emulator.settings, flush=True))


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]), sys.argv[3] if len(sys.argv) > 3 else None)
