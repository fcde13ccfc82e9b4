"""From the TOML of a mapping file to a layer."""

import os.path
from collections.abc import Callable, Iterator
from typing import TypeVar

from mysafe_env.items import KINDS
from mysafe_env.mapping.entries import read_entry
from mysafe_env.mapping.model import Entry, Layer, Render, Tagged
from mysafe_env.mapping.places import Document, Place, Problems
from mysafe_env.mapping.renders import read_render
from mysafe_env.mapping.tables import MappingTable
from mysafe_env.mapping.tagged import read_tagged
from mysafe_env.small_files import read_small_file
from mysafe_env.suggest import did_you_mean
from mysafe_env.toml.reading import TomlError, parse_toml

_TOP = ("env", "tagged", "render", "profile")
_OF_VAULTS = ("demo", *KINDS)
_T = TypeVar("_T", Tagged, Render)


class MappingFile:
    """A mapping file that was read; `layer` gives what it asks for under a profile."""

    def __init__(self, layer: Layer, profiles: dict[str, tuple[Entry, ...]]) -> None:
        self.profiles = profiles
        self._layer = layer

    def layer(self, profile: str | None) -> Layer:
        """The layer with the profile's entries merged over it, name by name."""
        chosen = self.profiles.get(profile, ()) if profile else ()
        merged = {entry.name: entry for entry in (*self._layer.entries, *chosen)}
        return Layer(tuple(merged.values()), self._layer.tagged, self._layer.renders)


def read_mapping_file(path: str, problems: Problems, *, named_by: str = "--mapping") -> MappingFile:
    """Read one mapping file; what is wrong with it is added to *problems*."""
    text = read_text_file(path, problems, missing=f"write one, or name another with {named_by}")
    if text is None:
        return MappingFile(Layer(), {})
    place = Place(Document(path, text), ())
    data = _parse(text, path, problems)
    folder = os.path.dirname(path)  # noqa: PTH120  # pathlib is slow to import
    _check_top(data, place, problems)
    layer = Layer(
        _read_env(data.get("env", {}), place.at("env"), problems),
        tuple(_read_all(data, "tagged", place, problems, read_tagged)),
        tuple(_read_all(data, "render", place, problems, lambda table: read_render(table, folder))),
    )
    return MappingFile(layer, dict(_read_profiles(data.get("profile", {}), place.at("profile"), problems)))


def read_text_file(path: str, problems: Problems, *, missing: str) -> str | None:
    """The text of a UTF-8 file, with or without a byte order mark; None when it can't be had."""
    place = Place(Document(path), ())
    try:
        return read_small_file(path).decode("utf-8-sig")
    except FileNotFoundError:
        problems.add(place, f"there is no such file; {missing}")
    except OSError as error:
        problems.add(place, f"can't be read ({error.strerror}); check its path and permissions")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        problems.add(place._replace(line=line), "is not UTF-8 text; save the file as UTF-8")
    except ValueError:
        problems.add(place, "is not a file name; leave the NUL character out")
    return None


def _parse(text: str, path: str, problems: Problems) -> dict[str, object]:
    try:
        return parse_toml(text)
    except RecursionError:
        problems.add(Place(Document(path), ()), "is nested too deeply; a mapping needs three levels")
    except TomlError as error:
        problems.add(Place(Document(path), (), error.line), f"{error.what}; {error.advice}")
    return {}


def _check_top(data: dict[str, object], place: Place, problems: Problems) -> None:
    for key, value in data.items():
        if key in _OF_VAULTS:
            problems.add(place.at(key), "belongs into a vault file; name that with --vault file:PATH")
        elif key not in _TOP and isinstance(value, str):
            problems.add(place.at(key), "stands in no table; write [env] on a line of its own above it")
        elif key not in _TOP:
            problems.add(place.at(key), f"unknown table; {did_you_mean(key, _TOP)}")


def _read_env(data: object, place: Place, problems: Problems) -> tuple[Entry, ...]:
    if not isinstance(data, dict):
        problems.add(place, "is not a table; write [env] on a line of its own")
        return ()
    entries = (read_entry(name, raw, place.at(name), problems) for name, raw in data.items())
    return tuple(entry for entry in entries if entry)


def _read_profiles(data: object, place: Place, problems: Problems) -> Iterator[tuple[str, tuple[Entry, ...]]]:
    if not isinstance(data, dict):
        problems.add(place, "is not a table; write [profile.NAME.env]")
        return
    for name, raw in data.items():
        if not isinstance(raw, dict):
            problems.add(place.at(name), f"is not a table; write [profile.{name}.env]")
            continue
        for key in raw:
            if key != "env":
                problems.add(place.at(name, key), f"unknown key; a profile has only [profile.{name}.env]")
        yield name, _read_env(raw.get("env", {}), place.at(name, "env"), problems)


def _read_all(
    data: dict[str, object], key: str, place: Place, problems: Problems, read: Callable[[MappingTable], _T | None]
) -> Iterator[_T]:
    tables = data.get(key, [])
    if not (isinstance(tables, list) and all(isinstance(table, dict) for table in tables)):
        problems.add(place.at(key), f"is not a list of tables; write [[{key}]]")
        return
    for number, table in enumerate(tables):
        made = read(MappingTable(table, place.at(key, number), problems))
        if made:
            yield made
