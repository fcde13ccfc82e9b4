"""What click finds wrong with a command line, in our words; a value that was typed is not repeated."""

from typing import Any, Final

import click

from mysafe_env.errors import UsageError
from mysafe_env.suggest import closest

# Options are short, and begin alike: of those that are less like each other, none is meant.
_LIKENESS: Final = 0.7


def usage_error(error: click.ClickException, program: str) -> UsageError:
    """Our error for one of click's, with what to type instead."""
    context = getattr(error, "ctx", None)
    path = context.command_path if context else program
    see = f"see {path} --help"
    said = error.format_message()
    if said.startswith(("Missing command", "Got unexpected extra argument")) and context:
        what = "a COMMAND is missing" if said.startswith("Missing") else "there are too many arguments"
        return UsageError(what, f"write {_form(context)}; {see}")
    if isinstance(error, click.MissingParameter) and error.param and context:
        name = _name(error.param)
        form = f"{path} {name} {error.param.metavar}" if isinstance(error.param, click.Option) else _form(context)
        return UsageError(f"{name} is missing", f"write {form}; {see}")
    return UsageError(_words(error) or f"{said[:1].lower()}{said[1:].rstrip('.')}", see)


def _words(error: click.ClickException) -> str:
    """What is wrong with an option or its value; empty for what needs no words of ours."""
    match error:
        case click.NoSuchOption(option_name=name, possibilities=close):
            meant = closest(name, close or (), _LIKENESS)
            return f'there is no option "{name}"' + (f'; did you mean "{meant}"?' if meant else "")
        case click.BadOptionUsage(option_name=name, message=said):
            return f"{name} {'takes no' if 'does not take' in said else 'needs a'} value"
        case click.BadParameter(param=click.Parameter() as param):
            return f"{_name(param)} {_expected(param.type, error.message)}"
    return ""


def _expected(kind: "click.ParamType[Any]", said: str) -> str:
    """Why a value is refused."""
    match kind:
        case click.Choice(choices=choices):
            return f"is none of: {', '.join(map(str, choices))}"
        case click.IntRange(min=least, max=most) | click.FloatRange(min=least, max=most):
            above = "above" if kind.min_open else "from"
            number = "whole number" if isinstance(kind, click.IntRange) else "number"
            return f"is no {number} {above} {least:g}{'' if most is None else f' up to {most:g}'}"
    return f"can't be used: {said.rstrip('.')}"


def _name(param: click.Parameter) -> str:
    """How people know a parameter: an option by its long name, an argument by its word in the help."""
    return max(param.opts, key=len) if isinstance(param, click.Option) else param.human_readable_name


def _form(context: click.Context) -> str:
    """How the command is written."""
    return " ".join([context.command_path, *context.command.collect_usage_pieces(context)])
