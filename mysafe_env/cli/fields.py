"""The fields of an item as options of `create` and `update`: plain ones as text, secret ones never."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import click

from mysafe_env.cli.generated_values import LONGEST, SHORTEST, USUAL
from mysafe_env.cli.options import Decorator, together
from mysafe_env.cli.secret_input import SECRET_FIELDS, dashed
from mysafe_env.errors import UsageError
from mysafe_env.items import Grant, Grants, Kind
from mysafe_env.vault.records import WRITABLE_FIELDS

# The commands that take these look at surplus arguments themselves: click would repeat them, and one may be a secret.
SURPLUS_TAKEN: Final = {"allow_extra_args": True}

_PLAIN: Final = (
    ("name", "N", "The name."),
    ("url", "URL", "Where it is used (password, secretapi)."),
    ("username", "U", "The account (password)."),
    ("client_id", "ID", "The client's id (secretapi)."),
    ("identifier_code", "C", "The unique code that mappings refer to (secretapi)."),
    ("tags", "T", 'Tags: "one, two".'),
    ("method", "M", "The HTTP method it is used with (secretapi)."),
    ("notes", "TEXT", "Free text that is no secret (password, secretapi)."),
)


def _refuse_value(_ctx: click.Context, param: click.Parameter, value: object) -> None:
    if value is not None:
        option = f"--{dashed(str(param.name))}"
        raise UsageError(
            f"{option} takes no value: what stands on a command line is seen by other users and kept by the shell",
            f"use {option}-file, {option}-stdin or {option}-prompt; if what you typed is in use, change it",
        )


def _secret_options(name: str) -> tuple[Decorator, ...]:
    option = f"--{dashed(name)}"
    return (
        click.option(f"{option}-file", metavar="PATH", help=f"Read the {name} from a file."),
        click.option(f"{option}-stdin", is_flag=True, help=f"Read the {name} from standard input."),
        click.option(f"{option}-prompt", is_flag=True, help=f"Ask for the {name}, unseen and twice."),
        click.option(
            option,
            name,
            is_flag=False,
            flag_value="",
            hidden=True,
            is_eager=True,
            expose_value=False,
            callback=_refuse_value,
        ),
    )


def _plain_option(name: str, metavar: str, text: str) -> Decorator:
    return click.option(f"--{dashed(name)}", name, metavar=metavar, help=text)


plain_options = together(*(_plain_option(*each) for each in _PLAIN))

field_options = together(
    *(_plain_option(*each) for each in _PLAIN),
    *(option for name in SECRET_FIELDS for option in _secret_options(name)),
    click.option("--generate", is_flag=True, help="Make a strong password or client_secret."),
    click.option(
        "--length",
        type=click.IntRange(SHORTEST, LONGEST),
        metavar="N",
        help=f"Characters of the generated value.  [{USUAL}]",
    ),
    click.option("--allow-user", multiple=True, metavar="NAME[:edit]", help="Share it with a user; repeatable."),
    click.option("--allow-group", multiple=True, metavar="NAME[:edit]", help="Share it with a group; repeatable."),
)

json_option: Callable[..., Any] = click.option(
    "--json", "as_json", is_flag=True, help="An object with the API's keys; secret fields masked."
)


def refuse_surplus(ctx: click.Context) -> None:
    """Raise `UsageError` for arguments that nobody asked for, without repeating them."""
    if ctx.args:
        raise UsageError(
            "there are more arguments than this command takes",
            f"options that read a secret take no value on the command line; see {ctx.command_path} --help",
        )


def plain_fields(kind: Kind, options: Mapping[str, Any]) -> dict[str, str]:
    """The plain fields that were given; raises `UsageError` for one that the kind does not have."""
    given = {name: options[name] for name, _, _ in _PLAIN if options[name] is not None}
    for name in given:
        _check_writable(kind, name)
    return given


def _check_writable(kind: Kind, name: str) -> None:
    """Raise `UsageError` unless items of *kind* have the field."""
    if name not in WRITABLE_FIELDS[kind.name]:
        raise UsageError(f"a {kind.name} has no {name}", f"what can be set is: {', '.join(WRITABLE_FIELDS[kind.name])}")


def grants(given: tuple[str, ...]) -> Grants:
    """Whom `--allow-user` or `--allow-group` names; raises `UsageError`."""
    return tuple(_grant(text) for text in given)


def _grant(text: str) -> Grant:
    name, colon, right = text.partition(":")
    if not name or (colon and right not in {"edit", "view"}):
        raise UsageError(f'"{text}" does not say whom to share with', "write NAME to let view, NAME:edit to let edit")
    return Grant(name, can_edit=right == "edit")
