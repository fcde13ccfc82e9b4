"""The inherited environment: what of it reaches the command, and which of its values are references."""

import os
from collections.abc import Collection, Mapping
from fnmatch import fnmatchcase
from typing import Final, NamedTuple

from mysafe_env.mapping.entries import read_text_entry
from mysafe_env.mapping.grammar import is_reference
from mysafe_env.mapping.model import Entry, Layer, Literal
from mysafe_env.mapping.places import Document, Place, Problems
from mysafe_env.secret import Secret
from mysafe_env.settings import CREDENTIALS

# What CPython sets LC_CTYPE to when it finds the C locale.
_COERCED: Final = ("C.UTF-8", "C.utf8", "UTF-8")
_PRISTINE: Final = ("PATH", "HOME", "USER", "LANG", "TERM", "TZ")


class Inheritance(NamedTuple):
    """Which variables of the inherited environment reach the command."""

    pristine: bool = False
    passing: tuple[str, ...] = ()
    """Globs. If there is one, only names that match pass (with *pristine*: these and its six names)."""
    dropping: tuple[str, ...] = ()
    keep_credentials: bool = False


def current_environment() -> dict[str, str]:
    """This process' environment as UTF-8, whatever the locale; bytes that are not become lone surrogates."""
    environ = {_text(name): _text(value) for name, value in os.environb.items()}
    if environ.get("LC_CTYPE") in _COERCED and _is_coerced():
        del environ["LC_CTYPE"]
    return environ


def _is_coerced() -> bool:
    """Whether CPython set `LC_CTYPE` itself, as it does where no locale is set (PEP 538)."""
    try:
        with open("/proc/self/environ", "rb") as started_with:  # noqa: PTH123  # pathlib is slow to import
            return b"\0LC_CTYPE=" not in b"\0" + started_with.read()
    except OSError:
        return False


def inherit(environ: Mapping[str, str], inheritance: Inheritance) -> dict[str, str]:
    """The variables of *environ* that reach the command."""
    return {name: value for name, value in environ.items() if _passes(name, inheritance)}


def read_inherited(environ: Mapping[str, str], kept: Collection[str], problems: Problems) -> Layer:
    """A layer of the inherited values that are references; those of *kept* names stay as they are, right or wrong."""
    # An environment can hold an entry without a name, and no command can be given one.
    found = ((name, value) for name, value in environ.items() if name and is_reference(value))
    entries = (_read_entry(name, value, kept, problems) for name, value in found)
    return Layer(tuple(entry._replace(yields=True) for entry in entries if entry))


def _read_entry(name: str, value: str, kept: Collection[str], problems: Problems) -> Entry | None:
    place = Place(Document("environment"), (name,))
    if name in kept:
        return Entry(name, Literal(Secret(value)), place)
    return read_text_entry(name, value, place, problems)


def _text(data: bytes) -> str:
    return data.decode(errors="surrogateescape")


def _passes(name: str, inheritance: Inheritance) -> bool:
    if name in CREDENTIALS and not inheritance.keep_credentials:
        return False
    if _matches(name, inheritance.dropping):
        return False
    if inheritance.pristine:
        return name in _PRISTINE or _matches(name, inheritance.passing)
    return not inheritance.passing or _matches(name, inheritance.passing)


def _matches(name: str, globs: tuple[str, ...]) -> bool:
    return any(fnmatchcase(name, glob) for glob in globs)
