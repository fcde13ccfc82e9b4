"""A cache from identifier_codes to identifiers, so that a later run gets its items without a list.

Neither of them is a secret. The cache is never trusted: an item that it leads to must carry the identifier_code that
was asked for, or else the list is asked for as if nothing were remembered.
"""

# ruff: noqa: PTH103, PTH105, PTH118, PTH120
# pathlib is slow to import

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from hashlib import sha256
from threading import Lock
from typing import Final

from mysafe_env.deadline import Deadline
from mysafe_env.errors import ItemError
from mysafe_env.items import SECRETAPI, Item, Row
from mysafe_env.references import Selectors
from mysafe_env.settings import Settings
from mysafe_env.small_files import read_small
from mysafe_env.sources.base import Source
from mysafe_env.sources.json_text import parse_json

_CODE: Final = "identifier_code"
_MOST: Final = 100_000
_LARGEST: Final = 16 * 2**20


class Locators:
    """The cache of one server and client id, in a file that only its owner can read.

    A file that can't be read counts as empty, and one that can't be written is left alone, without an error.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._known = _read(path)
        self._changed = False

    def find(self, code: str) -> str | None:
        """The identifier of the API secret with this identifier_code, as far as it is remembered."""
        return self._known.get(code)

    def learn(self, code: str, identifier: str) -> None:
        """Remember where an item was found."""
        if self._known.get(code) != identifier and len(self._known) < _MOST:
            self._known[code] = identifier
            self._changed = True

    def forget(self, code: str) -> None:
        """Forget an identifier that turned out to be wrong."""
        self._changed = self._known.pop(code, None) is not None or self._changed

    def save(self) -> None:
        """Write what was learned, in one step."""
        if self._changed:
            self._changed = False
            with suppress(OSError):
                _write(self._path, json.dumps(self._known, sort_keys=True))


class LocatingSource:
    """A source that gets the item itself where the cache knows its identifier, instead of asking for the list."""

    def __init__(self, source: Source, locators: Locators) -> None:
        self.concurrent = source.concurrent
        self._source = source
        self._locators = locators
        self._fetched: dict[str, Item | ItemError] = {}
        self._locks: dict[str, Lock] = {}
        self._listed: dict[str, str] = {}

    def list_rows(self, kind: str, filters: Selectors, deadline: Deadline) -> tuple[Row, ...]:
        """The rows of a list, or a single row for the item that the cache leads to, if it is still the right one."""
        code = dict(filters).get(_CODE)
        if kind != SECRETAPI.name or code is None:
            return self._source.list_rows(kind, filters, deadline)
        remembered = self._remembered(code, deadline)
        if remembered is not None:
            return (remembered,)
        rows = self._source.list_rows(kind, filters, deadline)
        self._listed.update({row.identifier: code for row in rows})
        return rows

    def get_item(self, kind: str, identifier: str, deadline: Deadline) -> Item:
        """The item, which may have been fetched in place of a list."""
        if kind != SECRETAPI.name:
            return self._source.get_item(kind, identifier, deadline)
        item = self._once(identifier, deadline)
        code = self._listed.get(identifier)
        if code is not None and item.plain.get(_CODE) == code:
            self._locators.learn(code, identifier)
        return item

    def close(self) -> None:
        """Close the source."""
        self._source.close()

    def _remembered(self, code: str, deadline: Deadline) -> Row | None:
        identifier = self._locators.find(code)
        if identifier is None:
            return None
        try:
            found = self._once(identifier, deadline).plain.get(_CODE)
        except ItemError:
            found = None
        if found != code:
            self._locators.forget(code)
            return None
        # Only what the item itself carries; the flags of its real row are not known, and it could be read.
        return Row(SECRETAPI.name, identifier, {}, True, True, False, False)

    def _once(self, identifier: str, deadline: Deadline) -> Item:
        """The API secret, or its error, asked for once: in place of a list, and by number, perhaps at the same time."""
        with self._locks.setdefault(identifier, Lock()):
            if identifier not in self._fetched:
                self._fetched[identifier] = self._asked(identifier, deadline)
            known = self._fetched[identifier]
        if isinstance(known, ItemError):
            raise known
        return known

    def _asked(self, identifier: str, deadline: Deadline) -> Item | ItemError:
        try:
            return self._source.get_item(SECRETAPI.name, identifier, deadline)
        except ItemError as error:
            return error


def open_locators(settings: Settings, environ: Mapping[str, str]) -> Locators:
    """The cache of the server and client id that the settings name."""
    home = environ.get("HOME", "")
    folder = environ.get("XDG_CACHE_HOME") or (os.path.join(home, ".cache") if home else os.devnull)
    name = sha256(f"{settings.url}\n{settings.client_id}\n{settings.tenant}".encode()).hexdigest()[:32]
    return Locators(os.path.join(folder, "mysafe-env", f"{name}.json"))


def _read(path: str) -> dict[str, str]:
    try:
        with open(path, "rb") as file:  # noqa: PTH123  # pathlib is slow to import
            known = parse_json(read_small(file, _LARGEST))
    except (OSError, ValueError):
        return {}
    pairs = known.items() if isinstance(known, dict) else ()
    return {code: identifier for code, identifier in pairs if isinstance(identifier, str)}


def _write(path: str, text: str) -> None:
    # Not the sinks' writer: a source must not know them, and nothing is lost with this file.
    os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
    temporary = f"{path}.{os.getpid()}"
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(temporary, path)
