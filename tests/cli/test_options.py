"""The flags that commands share: each is offered where it does something."""

from collections.abc import Iterator

import click
import pytest

from mysafe_env.cli.commands import COMMANDS
from mysafe_env.cli.group import LazyGroup


def _commands(group: click.Group, path: str = "") -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from _commands(command, f"{path}{name} ")
        else:
            yield path + name, command


ALL = dict(_commands(LazyGroup(COMMANDS, help="")))
ASKING = {name for name in ALL if name not in {"demo", "emulate"}}
"""The commands that ask a server, or a local vault in its place."""


def _taking(option: str, *, shown: bool = True) -> set[str]:
    """The commands that have the option, in their help if it is to be *shown*."""
    return {
        name
        for name in ASKING
        for parameter in ALL[name].params
        if isinstance(parameter, click.Option) and option in parameter.opts and not (shown and parameter.hidden)
    }


@pytest.mark.parametrize("option", ["--concurrency", "--no-locator-cache"])
def test_what_is_for_many_calls(option: str) -> None:
    """Commands that ask for everything in a mapping at once have it, and no others."""
    assert {"run", "export", "render", "check"} == _taking(option)


@pytest.mark.parametrize("option", ["--settings", "--ca-bundle", "--timeout", "--token-cache", "--insecure-http", "-v"])
def test_what_every_call_needs(option: str) -> None:
    """Every command that asks a server has it."""
    assert ASKING == _taking(option)


def test_where_mysafe_is() -> None:
    """Every command takes --vault, and those that ask nothing of MySafe don't show it."""
    assert {name for name in ASKING if not name.startswith("secretsafe ")} == _taking("--vault")
    assert ASKING == _taking("--vault", shown=False)
