"""`mysafe-env emulate`: a local vault served over HTTP as MySafe's REST API."""

import click

from mysafe_env.cli.output import write_text
from mysafe_env.emulator.faults import NAMED, read_fault
from mysafe_env.emulator.server import Emulator
from mysafe_env.settings import LOCAL_SCHEME
from mysafe_env.vault.reader import read_vault

_EPILOG = """\b
Example:
  mysafe-env emulate --vault vault.toml > server.env &
  . ./server.env && export MYSAFE_URL MYSAFE_CLIENT_ID MYSAFE_CLIENT_SECRET
  mysafe-run -- ./my-program
"""


@click.command(
    "emulate", epilog=_EPILOG + "\n\b\nFaults:\n" + "\n".join(f"  {name:17} {does}" for name, does in NAMED.items())
)
@click.option("--vault", required=True, metavar="FILE", help="The vault file to serve; changes stay in memory.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="The port to listen on; 0 takes a free one.")
@click.option(
    "--latency", type=click.FloatRange(0, 600_000), default=0.0, metavar="MS", help="Wait before every answer."
)
@click.option(
    "--fault",
    "faults",
    multiple=True,
    metavar="WHAT[@PATH][*COUNT]",
    help="Play a fault: a status or a name; repeatable.",
)
def command(vault: str, port: int, latency: float, faults: tuple[str, ...]) -> None:
    """Serve a local vault as MySafe's REST API on 127.0.0.1, until SIGTERM or Ctrl-C.

    The first three lines of the output are settings that a shell can source.
    """
    emulator = Emulator(
        read_vault(vault.removeprefix(LOCAL_SCHEME)),
        port=port,
        latency=latency / 1000,
        faults=[read_fault(fault) for fault in faults],
    )
    emulator.serve_until_stopped(lambda: write_text(emulator.settings))
