"""Groups of commands, and the command table: `--help` shows it without importing a single command."""

from collections.abc import Sequence
from importlib import import_module
from typing import Any

import click


class Group(click.Group):
    """A group that knows what was meant by the words behind its name."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that was typed; one that is not there is told with the one that was probably meant."""
        name, known = args[0], self.list_commands(ctx)
        if not (name in known or name.startswith("-") or ctx.resilient_parsing):
            from mysafe_env.suggest import did_you_mean  # noqa: PLC0415  # paid for by mistakes only

            ctx.fail(f'there is no command "{name}"; {did_you_mean(name, known)}')
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """What the chosen command returns; a usage error knows which command's help tells more."""
        try:
            return super().invoke(ctx)
        except click.UsageError as error:
            command = self.get_command(ctx, ctx.invoked_subcommand or "")
            if error.ctx is None and command is not None:
                # An option whose value is missing is found before there is a context.
                error.ctx = click.Context(command, ctx, ctx.invoked_subcommand)
            raise


class LazyGroup(Group):
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

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the table into the help."""
        with formatter.section("Commands"):
            formatter.write_dl(list(self._helps.items()))
