"""Secret fields of `create` and `update`: from a file, standard input or a hidden prompt, or generated; no argument."""

import sys
from collections.abc import Mapping
from getpass import getpass
from typing import Any, Final

import click

from mysafe_env.cli.generated_values import USUAL, strong_value
from mysafe_env.cli.options import voice
from mysafe_env.cli.voice import is_terminal
from mysafe_env.errors import UsageError
from mysafe_env.items import KINDS, Kind
from mysafe_env.secret import Secret
from mysafe_env.vault.records import REQUIRED_FIELDS, WRITABLE_FIELDS

SECRET_FIELDS: Final = tuple(
    name for kind in KINDS.values() for name in kind.secret_fields if name in WRITABLE_FIELDS[kind.name]
)
_WAYS: Final = ("file", "stdin", "prompt")


def dashed(name: str) -> str:
    """A field as its option writes it."""
    return name.replace("_", "-")


def given_secrets(kind: Kind, options: Mapping[str, Any]) -> dict[str, Secret]:
    """The secret fields that the options name, read where they are; raises `UsageError`."""
    ways = _chosen_ways(kind, options)
    if list(ways.values()).count("stdin") > 1:
        raise UsageError("standard input can give one field only", "read the other from a file")
    return {name: _read(name, way, options) for name, way in ways.items()}


def required_secret(kind: Kind) -> dict[str, Secret]:
    """The kind's secret field, asked for; empty where it may be left out and nobody answers.

    Raises `UsageError` when it may not be left out and there is nobody to ask.
    """
    name = kind.secret_field
    needed = name in REQUIRED_FIELDS[kind.name]
    if is_terminal(sys.stdin):
        text = _asked(name, needed=needed)
        return {name: Secret(text)} if text else {}
    if needed:
        option = f"--{dashed(name)}"
        raise UsageError(
            f"the {name} is missing, and there is no terminal to ask for it", f"use {option}-file or {option}-stdin"
        )
    return {}


def _chosen_ways(kind: Kind, options: Mapping[str, Any]) -> dict[str, str]:
    """By field, how its value comes."""
    chosen: dict[str, str] = {}
    for name in SECRET_FIELDS:
        ways = [way for way in _WAYS if options[f"{name}_{way}"]]
        if options["generate"] and name == kind.secret_field:
            ways.append("generate")
        if len(ways) > 1:
            raise UsageError(
                f"the {name} is to come from {len(ways)} places at once", f"leave one of: {', '.join(ways)}"
            )
        if ways and name not in kind.secret_fields:
            raise UsageError(f"a {kind.name} has no {name}", f"its secret fields are: {', '.join(kind.secret_fields)}")
        if ways:
            chosen[name] = ways[0]
    _check_generate(kind, options)
    return chosen


def _check_generate(kind: Kind, options: Mapping[str, Any]) -> None:
    if options["generate"] and kind.name == "note":
        raise UsageError("a note can't be generated", "generate a password or a secretapi")
    if options["length"] is not None and not options["generate"]:
        raise UsageError("--length is the length of a generated value", "say --generate, too")


def _read(name: str, way: str, options: Mapping[str, Any]) -> Secret:
    if way == "generate":
        return strong_value(options["length"] or USUAL)
    if way == "prompt":
        return Secret(_asked_on_terminal(name))
    path = options[f"{name}_file"]
    text = _text_of(name, _file_bytes(name, path) if way == "file" else _stdin_bytes(name))
    if not text:
        where = f"the file {path}" if way == "file" else "standard input"
        raise UsageError(f"{where} is empty, and should hold the {name}", "see whether what writes it failed")
    return Secret(text)


def _file_bytes(name: str, path: str) -> bytes:
    try:
        with open(path, "rb") as file:  # noqa: PTH123  # pathlib is slow to import
            return file.read()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not a file name"
        raise UsageError(f"can't read the {name} from {path}: {reason}", "check the path and its permissions") from None


def _stdin_bytes(name: str) -> bytes:
    if is_terminal(sys.stdin):
        raise UsageError(
            "standard input is a terminal, which would show what you type", f"use --{dashed(name)}-prompt to be asked"
        )
    return sys.stdin.buffer.read() if sys.stdin else b""


def _text_of(name: str, data: bytes) -> str:
    """The text without the newline that editors and `echo` put at its end."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        text = None
    # Raised out here, for the caught error holds the value.
    if text is None:
        raise UsageError(f"the {name} is not UTF-8 text", "MySafe keeps text; encode it, in base64 for example")
    return text[:-2] if text.endswith("\r\n") else text.removesuffix("\n")


def _asked_on_terminal(name: str) -> str:
    if not is_terminal(sys.stdin):
        raise UsageError(
            f"there is no terminal to ask for the {name}", f"use --{dashed(name)}-file or --{dashed(name)}-stdin"
        )
    return _asked(name, needed=True)


def _asked(name: str, *, needed: bool) -> str:
    """What is typed twice without being seen; a slip is told, and both are asked for again."""
    while True:
        text = _typed(f"{name} (not shown)" if needed else f"{name} (not shown; empty for none)", needed=needed)
        if text == _typed(f"{name} again", needed=needed):
            return text
        voice(click.get_current_context()).warning(f"what was typed for the {name} differs", "type it twice again")


def _typed(question: str, *, needed: bool) -> str:
    """A line that is typed unseen; asked for until there is one, if it is *needed*."""
    while True:
        # Not click's prompt, which before 8.3.1 asks first and hides afterwards: what is typed in between is seen, and
        # lost.
        text = getpass(f"{question}: ")
        if text or not needed:
            return text
