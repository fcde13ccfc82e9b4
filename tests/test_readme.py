"""The README tells the truth: its help texts, mappings, links, options and set-up commands are the real ones."""

import json
import re
import tomllib
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import click
import jsonschema  # type: ignore[import-untyped]  # it has no stubs of its own
import pytest

from mysafe_env.cli.commands import COMMANDS
from mysafe_env.mapping.files import read_mapping_file
from mysafe_env.mapping.places import Problems
from tests.cli.programs import in_folder, program, shell
from tests.support.process import run

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
_HELP = re.compile(r"```\w*\n\$ (mysafe-[a-z -]*--help)\n(.*?)```", re.DOTALL)
_SETUP = re.compile(r"<!-- setup -->\n```sh\n(.*?)```", re.DOTALL)
_MAPPING = re.compile(r"<!-- mapping -->\n```toml\n(.*?)```", re.DOTALL)
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]*[a-z]")
HELPS = dict(_HELP.findall(README))
MAPPINGS = _MAPPING.findall(README)
LINKS = sorted({link.partition("#")[0] for link in _LINK.findall(README) if "://" not in link} - {""})
# Options of the programs that stand in examples.
OTHERS = frozenset({"--entrypoint", "--rm"})


@pytest.mark.parametrize("name", ["mysafe-run --help", "mysafe-env --help"])
def test_both_programs_are_shown(name: str) -> None:
    """The README has the help of both programs."""
    assert name in HELPS


@pytest.mark.parametrize("typed", HELPS)
def test_a_help_text_is_the_real_one(typed: str, tmp_path: Path) -> None:
    """Whoever reads the README sees what the program prints, on a terminal of eighty columns."""
    name, *arguments = typed.split()
    environment = {"COLUMNS": "80", "LANG": "C.UTF-8", "PATH": "/usr/bin:/bin"}
    assert run(program(name), *arguments, environment=environment, folder=tmp_path).output == HELPS[typed].rstrip("\n")


def test_there_are_two_set_up_commands() -> None:
    """One to try it and one to test it, each a line that can be pasted."""
    commands = _SETUP.findall(README)
    assert [1, 1] == [len(command.splitlines()) for command in commands]


def test_the_set_up_for_tests_is_what_ci_runs() -> None:
    """The second set-up command is tried before every change lands, word by word."""
    command = _SETUP.findall(README)[1].strip()
    lines = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert command in map(str.strip, lines)


def test_there_is_a_mapping() -> None:
    """The README shows at least one mapping that is marked as a whole one."""
    assert MAPPINGS


@pytest.mark.parametrize("text", MAPPINGS)
def test_a_mapping_is_accepted(text: str, tmp_path: Path) -> None:
    """A mapping can be copied: the reader takes it, and an editor with the schema finds nothing."""
    path, problems = tmp_path / "mysafe.toml", Problems()
    path.write_text(text, encoding="utf-8")
    read_mapping_file(str(path), problems)
    problems.raise_any()
    schema = (ROOT / "mysafe_env" / "mapping" / "mapping.schema.json").read_text(encoding="utf-8")
    jsonschema.validate(tomllib.loads(text), json.loads(schema))


def test_the_key_of_the_example_fits_into_a_note(tmp_path: Path) -> None:
    """The lines that make a key and keep it can be pasted, and the program gets it whole."""
    lines = re.findall(r"^openssl .*\nmysafe-env create note .*$", README, re.MULTILINE)
    assert 1 == len(lines)
    mapping = '[env]\nTLS_KEY = { kind = "note", name = "orders tls key", as = "file" }\n'
    environment = in_folder(tmp_path, mapping, vault="")
    assert 0 == shell(tmp_path, environment, lines[0]).code
    told = shell(tmp_path, environment, "mysafe-run -c 'openssl pkey -in $TLS_KEY | cmp - key.pem && echo same'")
    assert b"same\n" == told.stdout


@pytest.mark.parametrize("link", LINKS)
def test_a_link_leads_to_a_file(link: str) -> None:
    """Every relative link has its file."""
    assert (ROOT / link).exists()


def test_every_option_exists() -> None:
    """An option in the README is one of a command of ours."""
    missing = set(_OPTION.findall(README)) - _options() - OTHERS
    assert not missing


def _options() -> set[str]:
    """The long options of every command."""
    commands: list[click.Command] = [import_module(module).command for _, module, _ in COMMANDS]
    names = (option for command in commands for parameter in _parameters(command) for option in _spellings(parameter))
    return {"--help", "--version", *names}


def _spellings(parameter: click.Parameter) -> list[str]:
    """The option and its opposite."""
    return [*parameter.opts, *parameter.secondary_opts]


def _parameters(command: click.Command) -> Iterator[click.Parameter]:
    """The parameters of a command, and of those below it."""
    yield from command.params
    if isinstance(command, click.Group):
        context = click.Context(command)
        below = (command.get_command(context, name) for name in command.list_commands(context))
        yield from (parameter for each in below if each for parameter in _parameters(each))
