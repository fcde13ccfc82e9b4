"""From a file to import, in dotenv, JSON or CSV, to drafts. All problems are reported together, and show no value.

dotenv      NAME=VALUE: one item for each
JSON        {"NAME": "VALUE"}, or [{"name": ..., "password": ...}], whose keys are field names
CSV         a header of field names
"""

import csv
import json
from collections.abc import Callable, Iterator, Mapping
from io import StringIO
from typing import Final

from mysafe_env.importing.drafts import Defaults, Draft, Entry
from mysafe_env.importing.rows import Cells, from_pair, from_row
from mysafe_env.mapping.dotenv import read_assignments
from mysafe_env.mapping.files import read_text_file
from mysafe_env.mapping.inherited import current_environment
from mysafe_env.mapping.places import Document, Place, Problems

Reader = Callable[[str, str, Defaults, Problems], Iterator[Entry | None]]


def read_entries(path: str, form: str | None, defaults: Defaults) -> tuple[Entry, ...]:
    """The entries of a file in their order; *form* is a key of `READERS`, or None where the file's name tells it.

    Raises `MappingError`.
    """
    problems = Problems()
    text = read_text_file(path, problems, missing="check the path") or ""
    found = READERS[form or _form_of(path)](text, path, defaults, problems)
    entries = tuple(entry for entry in found if entry is not None)
    _check_unique(entries, Document(path), problems)
    problems.raise_any()
    return entries


def _form_of(path: str) -> str:
    ending = path.rpartition(".")[2].lower()
    return ending if ending in READERS else "dotenv"


def _read_dotenv(text: str, path: str, defaults: Defaults, problems: Problems) -> Iterator[Entry | None]:
    # Of a name that stands twice the last value counts, as for everybody who reads such a file.
    latest = {each.name: each for each in read_assignments(text, path, current_environment(), problems)}
    for number, each in enumerate(latest.values(), 1):
        yield from_pair(number, each.name, each.value, defaults, place=each.place, problems=problems)


def _read_json(text: str, path: str, defaults: Defaults, problems: Problems) -> Iterator[Entry | None]:
    place = Place(Document(path), ())
    try:
        document = json.loads(text, object_pairs_hook=_unique)
    except (ValueError, RecursionError) as error:
        line = error.lineno if isinstance(error, json.JSONDecodeError) else None
        problems.add(Place(Document(path), (), line), "is not JSON, or names a key twice; mend it there")
        return
    if isinstance(document, dict):
        for number, (name, value) in enumerate(document.items(), 1):
            yield _json_pair(number, name, value, defaults, place=place, problems=problems)
    elif isinstance(document, list):
        for number, row in enumerate(document, 1):
            yield _json_row(number, row, defaults, place.at(number - 1), problems)
    else:
        problems.add(place, 'is neither {"NAME": "VALUE"} nor a list of objects; write one of them')


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    if len(dict(pairs)) != len(pairs):
        raise ValueError("a name stands twice")
    return dict(pairs)


def _json_pair(  # noqa: PLR0913  # as from_pair
    number: int, name: str, value: object, defaults: Defaults, *, place: Place, problems: Problems
) -> Entry | None:
    if isinstance(value, str):
        return from_pair(number, name, value, defaults, place=place, problems=problems)
    problems.add(place, f"the value number {number} is not a string; quote it")
    return None


def _json_row(number: int, row: object, defaults: Defaults, place: Place, problems: Problems) -> Entry | None:
    if isinstance(row, Mapping):
        return from_row(number, dict(row), defaults, place, problems)
    problems.add(place, "is not an object; write the fields of one item as its keys")
    return None


def _read_csv(text: str, path: str, defaults: Defaults, problems: Problems) -> Iterator[Entry | None]:
    header = text.partition("\n")[0]
    # Spreadsheets of many countries write semicolons.
    delimiter = ";" if ";" in header and "," not in header else ","
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    document = Document(path)
    try:
        names = next(reader, [])
        if len(set(names)) != len(names):
            problems.add(Place(document, (), 1), "names a column twice; leave one")
            return
        for number, cells in enumerate((cells for cells in reader if cells), 1):
            place = Place(document, (), reader.line_num)
            if len(cells) != len(names):
                problems.add(place, f"has {len(cells)} cells under {len(names)} columns; quote a value with commas")
                continue
            row: Cells = dict(zip(names, cells, strict=True))
            yield from_row(number, row, defaults, place, problems)
    except csv.Error:
        problems.add(Place(document, (), reader.line_num), "is not CSV; see whether a quote is missing")


def _check_unique(entries: tuple[Entry, ...], document: Document, problems: Problems) -> None:
    """Note variables that two rows give, and rows that nobody could tell apart in a list."""
    variables: set[str] = set()
    identities: dict[tuple[str, ...], int] = {}
    for entry in entries:
        if entry.variable and entry.variable in variables:
            problems.add(
                Place(document, ()), f'two rows give the variable {entry.variable}; add a column "variable" to tell'
            )
        variables.add(entry.variable)
        if isinstance(entry, Draft) and identities.setdefault(entry.identity, entry.number) != entry.number:
            first = identities[entry.identity]
            problems.add(
                Place(document, ()), f"the rows {first} and {entry.number} are of one name; rename one of them"
            )


READERS: Final[Mapping[str, Reader]] = {"dotenv": _read_dotenv, "json": _read_json, "csv": _read_csv}
