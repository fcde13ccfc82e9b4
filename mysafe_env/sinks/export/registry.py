"""The export formats by name, each imported when it is asked for."""

import re
from collections.abc import Mapping
from importlib import import_module
from typing import Final

from mysafe_env.errors import ExportError, UsageError
from mysafe_env.secret import Secret
from mysafe_env.sinks.export.base import Writer
from mysafe_env.suggest import did_you_mean

FORMATS: Final[Mapping[str, str]] = {
    "json": "mysafe_env.sinks.export.json_format",
    "shell": "mysafe_env.sinks.export.shell",
}
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def writer(name: str) -> Writer:
    """The writer of one format; raises `UsageError` for a name that is none."""
    if name not in FORMATS:
        raise UsageError(f'there is no export format "{name}"', did_you_mean(name, FORMATS))
    found: Writer = import_module(FORMATS[name]).WRITER
    return found


def export_text(format_name: str, values: Mapping[str, Secret]) -> str:
    """The values, revealed, as the text of one format; it is to be written as UTF-8.

    Raises `UsageError` for an unknown format, `ExportError` for a variable that it can't carry.
    """
    chosen = writer(format_name)
    for name, value in values.items():
        _check(name, value.reveal())
    return chosen.write({name: value.reveal() for name, value in values.items()})


def _check(name: str, text: str) -> None:
    if not _NAME.fullmatch(name):
        raise ExportError(f'"{name}" is not the name of a variable', "use letters, digits and _, no digit first")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ExportError(
            f"no format can carry {name}: its value holds half of a surrogate pair, which is not text",
            "correct the item",
        ) from None
