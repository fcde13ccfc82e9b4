"""The command line of `mysafe-run` without click: what is read so is read as click reads it."""

from typing import Any

import click
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mysafe_env.cli.plain import read_plain
from mysafe_env.cli.run import command
from mysafe_env.cli.voice import Voice

OPTIONS = sorted(option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts))
WORDS = st.one_of(
    st.sampled_from(OPTIONS),
    st.sampled_from(OPTIONS).map(lambda option: f"{option}=a"),
    st.sampled_from(["--", "-", "", "a", "true", "-mx", "-pe", "--help", "--mapp", "--no", "=", "-=", "--="]),
    st.text(max_size=3),
)


def by_click(arguments: list[str]) -> dict[str, Any] | None:
    """The parameters that click finds; None for a line that it refuses, or answers itself."""
    try:
        return command.make_context("mysafe-run", list(arguments), obj=Voice("mysafe-run")).params
    except (click.ClickException, click.exceptions.Exit):
        return None


@example(arguments=["-m", "-p", "--", "--"])
@example(arguments=["--mapping=", "-e", "", "-", "-m"])
@example(arguments=["-m=x", "--pristine=1", "true"])
@given(arguments=st.lists(WORDS, max_size=7))
def test_what_is_read_is_what_click_reads(arguments: list[str]) -> None:
    """A line is read as click reads it, or left to click."""
    assert read_plain("mysafe-run", arguments) in (None, by_click(arguments))


@pytest.mark.parametrize("parameter", command.params, ids=lambda parameter: str(parameter.name))
def test_every_option_is_plain(parameter: click.Parameter) -> None:
    """Whatever `mysafe-run` can be told is read without click, but the options that need it."""
    if parameter.name in {"concurrency", "verbose"} or isinstance(parameter, click.Argument):
        return
    flag = isinstance(parameter, click.Option) and parameter.is_flag
    for option in parameter.opts:
        arguments = [option, *(() if flag else ("value",)), "true"]
        assert by_click(arguments) == read_plain("mysafe-run", arguments) is not None


@pytest.mark.parametrize("arguments", [["--help"], ["-v", "true"], ["--concurrency", "4", "true"], ["-m"], ["--oops"]])
def test_click_reads_the_rest(arguments: list[str]) -> None:
    """Help, what has to be checked, and mistakes are click's."""
    assert read_plain("mysafe-run", arguments) is None


def test_the_run_of_the_other_program_is_the_same() -> None:
    """`mysafe-env run` is read alike, and no other command of it."""
    assert by_click(["-p", "x", "--", "a"]) == read_plain("mysafe-env", ["run", "-p", "x", "--", "a"])
    assert read_plain("mysafe-env", ["list", "note"]) is None


@pytest.mark.parametrize("program", ["mysafe-run", "mysafe-env"])
def test_completion_is_click_s(program: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A shell that asks for completions is answered by click, whatever stands on the line."""
    arguments = ["true"] if program == "mysafe-run" else ["run", "true"]
    assert read_plain(program, arguments) is not None
    monkeypatch.setenv(f"_{program.upper().replace('-', '_')}_COMPLETE", "bash_complete")
    assert read_plain(program, arguments) is None
