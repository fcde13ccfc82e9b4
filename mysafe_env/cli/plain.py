"""The command line of `mysafe-run`, read without click where it is plain.

Click takes as long to import as everything else that a run with a local vault needs. So it is left alone as long as
nothing comes up but the options below, each with its value, and a command; whatever else there is (another option, a
value that is missing, help, completion) makes click read the whole line, and say what is wrong with it.
"""

import os
from collections.abc import Iterator, Sequence
from typing import Any, Final

from mysafe_env.settings import CONCURRENCY

# By the names that click gives them: a tuple takes each value that comes, None the last one; False is a switch.
_DEFAULTS: Final[dict[str, Any]] = {
    "mapping": (),
    "profile": None,
    "env_file": (),
    "keep": (),
    "pristine": False,
    "passing": (),
    "drop": (),
    "script": None,
    "no_inherited_refs": False,
    "keep_credentials": False,
    "no_render": False,
    "supervise": False,
    "kill_after": None,
    "rewrite": (),
    "single_child": False,
    "vault": None,
    "settings": None,
    "ca_bundle": None,
    "timeout": None,
    "concurrency": CONCURRENCY,
    "no_locator_cache": False,
    "token_cache": False,
    "insecure_http": False,
}
# --concurrency is click's, which checks that it is a number.
_OPTIONS: Final = {
    **{f"--{name.replace('_', '-')}": name for name in _DEFAULTS if name not in {"passing", "script", "concurrency"}},
    "--pass": "passing",
    "-c": "script",
    "-e": "env_file",
    "-m": "mapping",
    "-p": "profile",
}


def read_plain(program: str, arguments: Sequence[str]) -> dict[str, Any] | None:
    """The parameters of `mysafe-run`, as click would find them; None where click has to read the line."""
    if program == "mysafe-run":
        return None if "_MYSAFE_RUN_COMPLETE" in os.environ else _read(arguments)
    if arguments[:1] == ["run"]:
        return None if "_MYSAFE_ENV_COMPLETE" in os.environ else _read(arguments[1:])
    return None


def _read(arguments: Sequence[str]) -> dict[str, Any] | None:
    found = dict(_DEFAULTS)
    words = iter(arguments)
    for word in words:
        if word == "--":
            return found | {"command_line": tuple(words)}
        if not word.startswith("-"):
            return found | {"command_line": (word, *words)}
        option, equals, text = word.partition("=")
        name = _OPTIONS.get(option, "")
        value = _value(option, text if equals else None, words) if name else None
        if value is None:
            return None
        found[name] = (*found[name], value) if isinstance(found[name], tuple) else value
    return found | {"command_line": ()}


def _value(option: str, attached: str | None, words: Iterator[str]) -> str | bool | None:
    """What an option that is known is given; None where that is wrong, or not plain."""
    if _DEFAULTS[_OPTIONS[option]] is False:
        return True if attached is None else None
    if attached is None:
        return next(words, None)
    return attached if option.startswith("--") else None
