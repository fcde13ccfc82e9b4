"""`mysafe-env emulate`: a local vault served over HTTP as MySafe's REST API, or SecretSafe's."""

from typing import TYPE_CHECKING, Any

import click

from mysafe_env.cli.output import write_text
from mysafe_env.emulator.faults import NAMED, read_fault
from mysafe_env.emulator.mysafe.server import Emulator
from mysafe_env.emulator.rate_limit import read_rate_limit
from mysafe_env.errors import UsageError
from mysafe_env.settings import LOCAL_SCHEME
from mysafe_env.vault.editions import EDITIONS, V3_33
from mysafe_env.vault.reader import read_vault

if TYPE_CHECKING:
    from mysafe_env.emulator.secretsafe.server import SecretSafeEmulator

_EPILOG = """\b
Example:
  mysafe-env emulate --vault vault.toml > server.env &
  until [ -s server.env ]; do sleep 0.1; done    # it serves when the settings are there
  set -a; . ./server.env; set +a
  mysafe-run -- ./my-program
  kill $!
"""


@click.command(
    "emulate", epilog=_EPILOG + "\n\b\nFaults:\n" + "\n".join(f"  {name:17} {does}" for name, does in NAMED.items())
)
@click.option("--vault", required=True, metavar="FILE", help="The vault file to serve; changes stay in memory.")
@click.option(
    "--system", type=click.Choice(["mysafe", "secretsafe"]), default="mysafe", help="Whose API to serve.  [mysafe]"
)
@click.option("--old-server", is_flag=True, help="Of SecretSafe: answer as a server of 2020.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="The port to listen on; 0 takes a free one.")
@click.option(
    "--edition",
    type=click.Choice(list(EDITIONS)),
    help="Whose rules and bodies: a generation of MySafe's documentation.  [v3-33]",
)
@click.option(
    "--token-lifetime",
    type=click.FloatRange(0, 86_400, min_open=True),
    default=3600.0,
    metavar="S",
    help="Seconds until a token expires.  [3600]",
)
@click.option(
    "--latency",
    type=click.FloatRange(0, 600_000),
    default=0.0,
    metavar="MS",
    help="Be so far away: wait before answers, and in new connections.",
)
@click.option(
    "--rate-limit",
    metavar="N[/s|/m]",
    help="Let N requests through in a second (or minute) of the clock, and answer 429 to more.",
)
@click.option(
    "--fault",
    "faults",
    multiple=True,
    metavar="WHAT[@[METHOD:]PATH][*COUNT]",
    help="Play a fault: a status or a name; repeatable.",
)
def command(
    *,
    vault: str,
    system: str,
    old_server: bool,
    edition: str | None,
    latency: float,
    faults: tuple[str, ...],
    rate_limit: str | None,
    **options: Any,
) -> None:
    """Serve a local vault as MySafe's REST API, or SecretSafe's, on 127.0.0.1, until SIGTERM or Ctrl-C.

    The first three lines of the output are settings that a shell can source. GET /openapi.json describes the API.
    """
    _check_usage(system, edition, old_server=old_server)
    path = vault.removeprefix(LOCAL_SCHEME)
    options |= {"latency": latency / 1000, "faults": [read_fault(fault) for fault in faults]}
    options["rate_limit"] = read_rate_limit(rate_limit) if rate_limit else None
    emulator = (
        _secretsafe(path, old=old_server, **options)
        if system == "secretsafe"
        else Emulator(read_vault(path, EDITIONS[edition or V3_33.name]), **options)
    )
    emulator.serve_until_stopped(lambda: write_text(emulator.settings))


def _check_usage(system: str, edition: str | None, *, old_server: bool) -> None:
    if old_server and system != "secretsafe":
        raise UsageError("--old-server is one of SecretSafe", "say --system secretsafe, or leave it out")
    if edition and system != "mysafe":
        raise UsageError("--edition is one of MySafe", "leave it out with --system secretsafe")


def _secretsafe(path: str, **options: Any) -> "SecretSafeEmulator":
    try:
        from mysafe_env.emulator.secretsafe.server import SecretSafeEmulator  # noqa: PLC0415  # an extra
        from mysafe_env.emulator.secretsafe.vault_file import read_served_vault  # noqa: PLC0415  # an extra
    except ModuleNotFoundError:
        raise UsageError(
            "the emulator of SecretSafe needs packages that are not installed",
            'install them with: pip install "mysafe-env[secretsafe]"',
        ) from None
    return SecretSafeEmulator(read_served_vault(path), **options)
