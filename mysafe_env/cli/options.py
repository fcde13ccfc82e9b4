"""The flags that several commands share."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from mysafe_env.cli.voice import Voice
from mysafe_env.settings import CONCURRENCY, Settings

if TYPE_CHECKING:
    from mysafe_env.deadline import Deadline

_Command = TypeVar("_Command", bound=Callable[..., Any])


Decorator = Callable[[Any], Any]


def together(*options: Decorator) -> Callable[[_Command], _Command]:
    """Several decorators as one."""

    def decorate(command: _Command) -> _Command:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


def _set_verbose(ctx: click.Context, _param: click.Parameter, value: bool) -> bool:  # noqa: FBT001  # click's shape
    voice(ctx).verbose = value
    return value


def _tell_of_vault(ctx: click.Context, _param: click.Parameter, value: str | None) -> None:
    """Every command takes --vault; where it can do nothing, that is said."""
    if value is not None:
        voice(ctx).warning("--vault is for MySafe, and does nothing here", "SECRETSAFE_URL says where SecretSafe is")


_vault = click.option("--vault", metavar="URL", help="Where MySafe is, or file:PATH for a local vault.  [MYSAFE_URL]")
_ignored_vault = click.option("--vault", hidden=True, expose_value=False, callback=_tell_of_vault)
_reaching = together(
    click.option("--settings", metavar="FILE", help="A .env file with connection settings."),
    click.option("--ca-bundle", metavar="FILE", help="Certificates to trust.  [MYSAFE_CA_BUNDLE]"),
    click.option("--timeout", metavar="S", help="Seconds for everything that is fetched.  [MYSAFE_TIMEOUT; 30]"),
)
_for_many = together(
    click.option(
        "--concurrency", type=click.IntRange(1, 64), default=CONCURRENCY, metavar="N", help="Calls at once.  [16]"
    ),
    click.option("--no-locator-cache", is_flag=True, help="Don't remember where items were found."),
)
_calling = together(
    click.option("--token-cache", is_flag=True, help="Keep the access token in the kernel's session keyring."),
    click.option("--insecure-http", is_flag=True, help="Allow plain http:// to other machines."),
    click.option(
        "-v", "--verbose", is_flag=True, callback=_set_verbose, expose_value=False, help="Tell what is fetched."
    ),
)

connection_options = together(_vault, _reaching, _calling)
"""For commands that ask for one thing after the other."""

resolving_options = together(_vault, _reaching, _for_many, _calling)
"""For commands that ask for everything in a mapping at once."""

secretsafe_options = together(_ignored_vault, _reaching, _calling)
"""For commands that ask nothing of MySafe."""

mapping_options = together(
    click.option(
        "-m",
        "--mapping",
        multiple=True,
        metavar="FILE",
        help="A mapping file; repeatable, the later one wins.  [MYSAFE_MAPPING; mysafe.toml]",
    ),
    click.option("-p", "--profile", metavar="NAME", help="The profile to merge over [env].  [MYSAFE_PROFILE]"),
    click.option(
        "-e",
        "--env-file",
        multiple=True,
        metavar="FILE",
        help="A dotenv file with literals and references; repeatable.",
    ),
)


def voice(ctx: click.Context) -> Voice:
    """The voice of this run."""
    found = ctx.find_object(Voice)
    if found is None:
        raise RuntimeError("main gives every run its voice")
    return found


def deadline_of(ctx: click.Context, settings: Settings) -> "Deadline":
    """The time for all that a command asks a server; waits in it are told."""
    from mysafe_env.deadline import Deadline  # noqa: PLC0415  # help needs none

    return Deadline(settings.timeout, voice(ctx).waiting)
