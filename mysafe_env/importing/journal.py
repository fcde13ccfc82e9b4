"""The result file: how far an import came, so that it can go on after anything; it holds no secret.

One JSON object on each line: `row`, `kind`, `name`, `status`, `identifier`. A row is `sending` before its create is
sent, and `created` or `failed` afterwards; the last line of a row counts.
"""

import fcntl
import json
import os
from collections.abc import Iterable
from types import TracebackType
from typing import Final, NamedTuple, Self

from mysafe_env.errors import SinkError, UsageError
from mysafe_env.importing.drafts import Draft
from mysafe_env.small_files import read_small

SENDING: Final = "sending"
CREATED: Final = "created"
FAILED: Final = "failed"
_STATES: Final = (SENDING, CREATED, FAILED)
_BEGINNING: Final = b'{"row": '
_LARGEST: Final = 64 * 2**20
# Read as JSON, a line can take thirty times as much memory.
_LONGEST_LINE: Final = 2**20


class State(NamedTuple):
    """What is noted of a row."""

    kind: str
    name: str
    status: str
    identifier: str


class Journal:
    """The states of rows, each written and synced before the next step; without a path they are kept in memory only.

    Raises `UsageError` for a file that can't be used, or that belongs to another import, and `SinkError` for one that
    can't be written any more, so that nothing is sent which is not noted.
    """

    def __init__(self, path: str | None) -> None:
        self._path = path
        self._descriptor = None if path is None else _open(path)
        self._states: dict[int, State] = {}
        if self._descriptor is not None:
            self._states = self._read_or_close(self._descriptor)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)

    def check(self, drafts: Iterable[Draft]) -> None:
        """Raise `UsageError` unless what was noted is of these rows."""
        names = {draft.number: (draft.kind, draft.name) for draft in drafts}
        for number, state in self._states.items():
            if names.get(number) != (state.kind, state.name):
                raise UsageError(
                    f"{self._path} is the result of another import: its row {number} is not the one here",
                    "name another result file, or import the file as it was",
                )

    def created(self, draft: Draft) -> str | None:
        """The identifier that the row's item got; None when it is not known to exist."""
        state = self._states.get(draft.number)
        return state.identifier if state and state.status == CREATED else None

    def is_uncertain(self, draft: Draft) -> bool:
        """Whether the row's item was sent, and nobody knows what became of it."""
        state = self._states.get(draft.number)
        return state is not None and state.status == SENDING

    @property
    def identifiers(self) -> frozenset[tuple[str, str]]:
        """Kinds and identifiers of all items that were created."""
        return frozenset((each.kind, each.identifier) for each in self._states.values() if each.status == CREATED)

    def note(self, draft: Draft, status: str, identifier: str = "") -> None:
        """Keep what is known of a row now."""
        self._states[draft.number] = State(draft.kind, draft.name, status, identifier)
        if self._descriptor is None:
            return
        line = {"row": draft.number, **self._states[draft.number]._asdict()}
        try:
            _append(self._descriptor, (json.dumps(line, ensure_ascii=False) + "\n").encode())
        except OSError as error:
            raise SinkError(
                f"can't write {self._path}: {error.strerror}",
                "make room for it and import again with the same file; rows that were created are left out then",
            ) from None

    def _read_or_close(self, descriptor: int) -> dict[int, State]:
        # The lock would last as long as the process.
        try:
            return self._read(descriptor)
        except BaseException:
            os.close(descriptor)
            raise

    def _read(self, descriptor: int) -> dict[int, State]:
        try:
            with os.fdopen(os.dup(descriptor), "rb") as file:
                whole, torn = _parted(read_small(file, _LARGEST))
            states = dict(_state(line) for line in whole.splitlines())
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            raise UsageError(f"{self._path} is not the result file of an import", "name another file") from None
        if torn:
            os.ftruncate(descriptor, len(whole))
        return states


def _append(descriptor: int, data: bytes) -> None:
    while data:
        data = data[os.write(descriptor, data) :]
    os.fsync(descriptor)


def _parted(data: bytes) -> tuple[bytes, bytes]:
    """The whole lines, and the last one if a crash cut it off.

    Raises `ValueError` if what comes last was not begun by an import: nothing of such a file may be taken away.
    """
    end = data.rfind(b"\n") + 1
    if not _BEGINNING.startswith(data[end : end + len(_BEGINNING)]):
        raise ValueError("another file")
    return data[:end], data[end:]


def _open(path: str) -> int:
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not a file name"
        raise UsageError(f"can't write the result file {path}: {reason}", "name another file") from None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise UsageError(f"another import writes {path} now", "wait for its end") from None
    return descriptor


def _state(line: bytes) -> tuple[int, State]:
    if len(line) > _LONGEST_LINE:
        raise ValueError("another file")
    noted = json.loads(line)
    number, status = noted["row"], noted["status"]
    if not isinstance(number, int) or status not in _STATES:
        raise ValueError(number)
    return number, State(str(noted["kind"]), str(noted["name"]), str(status), str(noted["identifier"]))
