"""Env files, read with python-dotenv but told about what it only logs.

python-dotenv's `dotenv_values` skips a line it can't parse, and expands an unknown `${NAME}` to nothing.
Its parser and its expansion are used here one by one, so that both become problems with a line.
"""

from collections.abc import Iterator, Mapping
from io import StringIO
from typing import NamedTuple

from dotenv.parser import parse_stream
from dotenv.variables import Variable, parse_variables

from mysafe_env.mapping.places import Document, Place, Problems


class Assignment(NamedTuple):
    """One `NAME=VALUE` of an env file, expanded."""

    name: str
    value: str
    place: Place


def read_assignments(text: str, name: str, environ: Mapping[str, str], problems: Problems) -> tuple[Assignment, ...]:
    """The assignments of an env file, `${NAME}` expanded from the lines above and from *environ*."""
    document = Document(name)
    known = dict(environ)
    assignments = []
    for key, raw, place in _bindings(text, document, problems):
        known[key] = _expand(raw, known, place, problems)
        assignments.append(Assignment(key, known[key], place))
    return tuple(assignments)


def _bindings(text: str, document: Document, problems: Problems) -> Iterator[tuple[str, str, Place]]:
    for binding in parse_stream(StringIO(text)):
        line = binding.original.line
        if binding.error:
            problems.add(Place(document, (), line), "is no NAME=VALUE; quote a value with spaces or quotes in it")
        elif binding.key is not None and binding.value is None:
            # The word is not repeated: it may be a line of a private key that was pasted without quotes.
            problems.add(
                Place(document, (), line),
                "has no value; write NAME= for an empty one, or quote a value of several lines",
            )
        elif binding.key is not None:
            yield binding.key, binding.value or "", Place(document, (binding.key,), line)


def _expand(value: str, known: Mapping[str, str], place: Place, problems: Problems) -> str:
    atoms = list(parse_variables(value))
    for atom in atoms:
        if isinstance(atom, Variable) and atom.default is None and atom.name not in known:
            # The name is not repeated: in a password, ${...} is a piece of it.
            problems.add(place, "uses a ${NAME} that is not set; set it, or write ${NAME:-}")
    return "".join(atom.resolve(known) for atom in atoms)
