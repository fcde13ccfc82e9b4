"""The command table: `--help` shows it without importing a single command."""

from collections.abc import Sequence
from importlib import import_module

import click


class LazyGroup(click.Group):
    """A group whose commands are imported when they are chosen: name, module, one-line help."""

    def __init__(self, table: Sequence[tuple[str, str, str]], *, help: str) -> None:  # noqa: A002  # click's name
        super().__init__(help=help, no_args_is_help=False)
        self._modules = {name: module for name, module, _ in table}
        self._helps = {name: text for name, _, text in table}

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names in the table's order."""
        return list(self._modules)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, imported now."""
        if cmd_name not in self._modules:
            return None
        command = import_module(self._modules[cmd_name]).command
        return command if isinstance(command, click.Command) else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that was typed; one that is not there is told with the one that was probably meant."""
        name = args[0]
        if not (name in self._modules or name.startswith("-") or ctx.resilient_parsing):
            from mysafe_env.suggest import did_you_mean  # noqa: PLC0415  # paid for by mistakes only

            ctx.fail(f'there is no command "{name}"; {did_you_mean(name, self._modules)}')
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the table into the help."""
        with formatter.section("Commands"):
            formatter.write_dl(list(self._helps.items()))
