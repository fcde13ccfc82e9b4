"""The flags that commands share: each is offered where it does something."""

from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from mysafe_env.cli.commands import COMMANDS
from mysafe_env.cli.group import LazyGroup
from tests.cli.programs import in_folder, play


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


@pytest.mark.parametrize("flag", ["--vault", "--settings", "--ca-bundle", "--timeout", "--profile", "-p"])
@pytest.mark.parametrize(("program", "code"), [("mysafe-run", 125), ("mysafe-env", 2)])
def test_a_flag_that_is_empty_is_refused(tmp_path: Path, flag: str, program: str, code: int) -> None:
    """A variable of a script that is not set would lead to another server than the one that was meant."""
    rest = ("true",) if program == "mysafe-run" else ("check",)
    argv = (flag, "", *rest) if program == "mysafe-run" else (*rest, flag, "")
    done = play(tmp_path, in_folder(tmp_path, '[env]\nA = "x"\n'), program, *argv)
    name = "--profile" if flag == "-p" else flag
    hint = "give it a value, or leave it out; an unset shell variable?"
    assert (code, b"") == (done.code, done.stdout)
    assert f"{program}: error: {name} is empty\n{program}: hint: {hint}\n" == done.stderr.decode()
