"""A local vault as a source whose items can be changed; the changes are written into its file."""

# ruff: noqa: PTH120, PTH123
# pathlib is slow to import

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Final

from mysafe_env.changes import Change, Saved, Sharing
from mysafe_env.deadline import Deadline
from mysafe_env.errors import Report, TimedOutError, VaultFileError
from mysafe_env.items import KINDS
from mysafe_env.locking import lock_at_once
from mysafe_env.sources.domain_codes import item_error, write_error
from mysafe_env.sources.local import LocalSource
from mysafe_env.sources.outgoing import sent_fields, sent_sharing
from mysafe_env.vault.editing import EditError, Values, with_table, with_values
from mysafe_env.vault.reader import read_vault
from mysafe_env.vault.records import Record
from mysafe_env.vault.store import Vault, VaultRefusal

# Seconds between two looks at a lock that somebody else holds; they double.
_FIRST_PAUSE: Final = 0.05
_LONGEST_PAUSE: Final = 1.0

Save = Callable[[str, bytes, int, tuple[int, int]], None]
"""Writes bytes as the whole content of a file: its path, the bytes, its mode, and the numbers of its user and group."""


def open_local_writer(path: str, save: Save, named_by: str = "") -> "LocalWriter":
    """The source over a vault file, which a setting names; raises `VaultFileError`."""
    return LocalWriter(path, read_vault(path, named_by=named_by), save)


class LocalWriter(LocalSource):
    """Answers as the MySafe source does; every change reads the file again and writes it at once."""

    def __init__(self, path: str, vault: Vault, save: Save) -> None:
        super().__init__(vault)
        self._path = path
        self._save = save

    def sharing(self, kind: str, identifier: str, deadline: Deadline) -> Sharing:  # noqa: ARG002  # as the interface says
        """Whom the item is shared with."""
        try:
            record = self._vault.get(kind, identifier)
        except VaultRefusal as refusal:
            raise item_error(refusal.code, refusal.text, kind, identifier) from None
        return Sharing(record.users_allowed, record.groups_allowed)

    def create(self, kind: str, change: Change, deadline: Deadline) -> Saved:
        """The new item, in a table at the end of the file."""
        fields = sent_fields(change)
        with self._changing(kind, "", change, deadline):
            record = self._vault.create(kind, fields, change.users_allowed or (), change.groups_allowed or ())
            values: Values = {"identifier": int(record.identifier), **fields, **sent_sharing(change)}
            self._edit(lambda text: with_table(text, kind, values))
        return _saved(record)

    def update(self, kind: str, identifier: str, change: Change, deadline: Deadline) -> Saved:
        """The changed item, in its own table."""
        fields = sent_fields(change)
        with self._changing(kind, identifier, change, deadline):
            record = self._vault.update(kind, identifier, fields, change.users_allowed, change.groups_allowed)
            self._set(kind, identifier, {**fields, **sent_sharing(change)})
        return _saved(record)

    def activate(self, kind: str, identifier: str, deadline: Deadline) -> bool:
        """Make the item active; false when it was so already."""
        return self._switch(kind, identifier, deadline, active=True)

    def deactivate(self, kind: str, identifier: str, deadline: Deadline) -> bool:
        """Make the item inactive; false when it was so already."""
        return self._switch(kind, identifier, deadline, active=False)

    def _switch(self, kind: str, identifier: str, deadline: Deadline, *, active: bool) -> bool:
        with self._changing(kind, identifier, None, deadline):
            change_state = self._vault.activate if active else self._vault.deactivate
            changed = change_state(kind, identifier)
            if changed:
                self._set(kind, identifier, {"active": active})
        return changed

    @contextmanager
    def _changing(self, kind: str, identifier: str, change: Change | None, deadline: Deadline) -> Iterator[None]:
        """Hold the file's lock and its present content; refusals become the errors of a MySafe server.

        Raises `TimedOutError` when somebody else holds the lock for too long.
        """
        # Where the file is written, so that all of its names lead to one lock.
        with _locked(os.path.dirname(os.path.realpath(self._path)), deadline):
            self._vault = read_vault(self._path)
            try:
                yield
            except VaultRefusal as refusal:
                raise write_error(refusal.code, refusal.text, kind, identifier, change) from None

    def _set(self, kind: str, identifier: str, values: Values) -> None:
        position = [record.identifier for record in self._vault.list(kind)].index(identifier)
        self._edit(lambda text: with_values(text, kind, position, values))

    def _edit(self, edit: Callable[[str], str]) -> None:
        with open(self._path, "rb") as file:
            status = os.fstat(file.fileno())
            data = file.read()
        mark = b"\xef\xbb\xbf" if data.startswith(b"\xef\xbb\xbf") else b""
        try:
            text = edit(data.removeprefix(mark).decode())
        except EditError:
            raise _laid_out_otherwise(self._path) from None
        self._save(self._path, mark + text.encode(), status.st_mode & 0o777, (status.st_uid, status.st_gid))


@contextmanager
def _locked(folder: str, deadline: Deadline) -> Iterator[None]:
    """The folder's lock: two commands at once must not undo each other's change.

    Nothing is held where the folder can't be opened, or its file system has no locks.
    """
    with ExitStack() as held:
        _hold(folder, held, deadline)
        yield


def _hold(folder: str, held: ExitStack, deadline: Deadline) -> None:
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        # Files can be written all the same in a folder that can't be read.
        return
    held.callback(os.close, descriptor)
    _wait_for_lock(descriptor, folder, deadline)


def _wait_for_lock(descriptor: int, folder: str, deadline: Deadline) -> None:
    held = f"{folder} is locked by another run or another program"
    pause = _FIRST_PAUSE
    while not lock_at_once(descriptor):
        if deadline.passed:
            raise TimedOutError(
                f"timed out after {deadline.seconds:g} s: {held}",
                "the change was not made; lslocks or lsof tell who holds it; a longer --timeout waits longer",
            )
        deadline.wait(min(pause, deadline.remaining()), held)
        pause = min(2 * pause, _LONGEST_PAUSE)


def _laid_out_otherwise(path: str) -> VaultFileError:
    kinds = ", ".join(f"[[{kind}]]" for kind in KINDS)
    hint = f"write every item as a table of its own ({kinds}), or change it with an editor"
    return VaultFileError([Report(f"{path}: is laid out in a way that can't be changed here", hint)])


def _saved(record: Record) -> Saved:
    hidden = KINDS[record.kind].secret_fields
    fields = {name: text for name, text in record.fields.items() if name not in hidden}
    return Saved(record.kind, record.identifier, fields, record.users_allowed, record.groups_allowed)
