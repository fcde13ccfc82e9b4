"""Env files, read with python-dotenv, and with a problem for everything that it only logs or passes over.

python-dotenv's `dotenv_values` skips a line it can't parse, and expands an unknown `${NAME}` to nothing.
Its parser and its expansion are used here one by one, so that both become problems with a line.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from io import StringIO
from typing import Final, NamedTuple

from dotenv.parser import Binding, parse_stream
from dotenv.variables import Variable, parse_variables

from mysafe_env.mapping.grammar import is_reference
from mysafe_env.mapping.places import Document, Place, Problems
from mysafe_env.small_files import LIMIT

# python-dotenv's expressions take the square of the length for blanks, and for braces that stay open.
_REFUSED: Final = (
    (re.compile(r"[^\S\r\n]{500}"), "has 500 blanks in a row; take them out"),
    (re.compile("\0"), "has a NUL character, as UTF-16 text has everywhere; save the file as UTF-8"),
)
_LINE_END: Final = re.compile(r"\r\n|\r|\n")
_MOST_STEPS: Final = 50_000_000


class Assignment(NamedTuple):
    """One `NAME=VALUE` of an env file, expanded."""

    name: str
    value: str
    place: Place


def read_assignments(text: str, name: str, environ: Mapping[str, str], problems: Problems) -> tuple[Assignment, ...]:
    """The assignments of an env file, `${NAME}` expanded from the lines above and from *environ*."""
    document = Document(name)
    for wrong, told in _REFUSED:
        found = wrong.search(text)
        if found:
            problems.add(Place(document, (), text.count("\n", 0, found.start()) + 1), told)
            return ()
    known = dict(environ)
    assignments, room = [], LIMIT
    for key, raw, place in _bindings(text, document, problems):
        known[key] = _expand(raw, known, place, problems)
        room -= len(known[key])
        if room < 0:
            problems.add(place, f"makes the values more than {LIMIT >> 20} MiB; expand fewer ${{NAME}}")
            break
        assignments.append(Assignment(key, known[key], place))
    return tuple(assignments)


def _bindings(text: str, document: Document, problems: Problems) -> Iterator[tuple[str, str, Place]]:
    for line, binding in _numbered(text.removeprefix("\ufeff")):
        if binding.error:
            problems.add(Place(document, (), line), "is no NAME=VALUE; quote a value with spaces or quotes in it")
        elif binding.key is not None and binding.value is None and binding.key.startswith("["):
            problems.add(Place(document, (), line), "is a table of TOML; name a mapping with --mapping")
        elif binding.key is not None and binding.value is None:
            # The word is not repeated: it may be a line of a private key that was pasted without quotes.
            problems.add(
                Place(document, (), line),
                "has no value; write NAME= for an empty one, or quote a value of several lines",
            )
        elif binding.key is not None:
            yield binding.key, binding.value or "", Place(document, (binding.key,), line)


def _numbered(text: str) -> Iterator[tuple[int, Binding]]:
    """Every binding with the line of its name: python-dotenv counts from the blank lines before it."""
    begins = [end.end() for end in _LINE_END.finditer(text)]
    offset = 0
    for binding in parse_stream(StringIO(text)):
        whole = binding.original.string
        yield bisect_right(begins, offset + len(whole) - len(whole.lstrip())) + 1, binding
        offset += len(whole)


def _expand(value: str, known: Mapping[str, str], place: Place, problems: Problems) -> str:
    if value.count("${") * len(value) > _MOST_STEPS:
        problems.add(place, "has too many ${ for its length; take them out")
        return ""
    atoms = list(parse_variables(value))
    text = "".join(atom.resolve(known) for atom in atoms)
    for name, default in ((atom.name, atom.default) for atom in atoms if isinstance(atom, Variable)):
        # The name is not repeated: in a password, ${...} is a piece of it.
        if default is None and name not in known:
            problems.add(place, "uses a ${NAME} that is not set; set it, or write ${NAME:-}")
        elif is_reference(known.get(name, "")) and not is_reference(text):
            problems.add(place, "puts a reference into other text by ${NAME}; make it by a template in a mapping")
    return text
