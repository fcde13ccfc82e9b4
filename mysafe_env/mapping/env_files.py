"""From the assignments of an env file to a layer of literals and references."""

from collections.abc import Iterator, Mapping

from mysafe_env.mapping.dotenv import Assignment, read_assignments
from mysafe_env.mapping.entries import read_text_entry
from mysafe_env.mapping.files import read_text_file
from mysafe_env.mapping.model import Entry, Layer
from mysafe_env.mapping.names import NO_NAME, is_dangerous, is_valid_name
from mysafe_env.mapping.places import Place, Problems


def read_env_file(path: str, environ: Mapping[str, str], problems: Problems) -> Layer:
    """Read one env file; what is wrong with it is added to *problems*."""
    entries = {entry.name: entry for entry in _entries(_assignments(path, environ, problems, "--env-file"), problems)}
    return Layer(tuple(entries.values()))


def read_settings_file(path: str, environ: Mapping[str, str], problems: Problems) -> dict[str, str]:
    """The settings of the `.env` file that `--settings` names."""
    return {assignment.name: assignment.value for assignment in _assignments(path, environ, problems, "--settings")}


def _assignments(path: str, environ: Mapping[str, str], problems: Problems, named_by: str) -> tuple[Assignment, ...]:
    text = read_text_file(path, problems, missing=f"check the path that {named_by} names")
    return () if text is None else read_assignments(text, path, environ, problems)


def _entries(assignments: tuple[Assignment, ...], problems: Problems) -> Iterator[Entry]:
    for name, value, place in ((each.name, each.value, each.place) for each in assignments):
        if not is_valid_name(name):
            # The word is not repeated: it may be a line of a private key that was pasted without quotes.
            nameless = Place(place.document, (), place.line)
            problems.add(nameless, NO_NAME)
            continue
        entry = read_text_entry(name, value, place, problems)
        if entry:
            yield entry._replace(yields=True, suspect=is_dangerous(name))
