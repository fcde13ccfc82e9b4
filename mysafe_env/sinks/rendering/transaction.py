"""All changes or none: everything is made ready beside the targets before the first one is replaced."""

# ruff: noqa: PTH101, PTH102, PTH112, PTH116, PTH120
# pathlib is slow to import

import os
import resource
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from typing import Final

from mysafe_env.errors import SinkError
from mysafe_env.mapping.model import Render
from mysafe_env.sinks.files import mkdir_command, sync_folder, write_hint
from mysafe_env.sinks.folder_links import refuse_foreign_links
from mysafe_env.sinks.new_files import NewFile, OwnerError
from mysafe_env.sinks.owners import Owner
from mysafe_env.sinks.rendering.changes import Change, Found
from mysafe_env.sinks.rendering.copies import copy_file
from mysafe_env.sinks.rendering.debts import Debts
from mysafe_env.sinks.rendering.signals import Endings
from mysafe_env.sinks.staging import Staging, remove_stale

# Of the descriptors that this process may have: for new files that wait without a name.
_SHARE: Final = 4


def write_changes(changes: Iterable[Change], debts: Debts, endings: Endings) -> None:
    """Make the files what they should be, and have it marked before which commands are owed for that.

    After a failure or a signal everything is as before, also when it came between the first file and the last. Only a
    file of another user that we can't read may be new; its command stays owed then.
    A process that is killed leaves each file old or new; what it leaves besides, the next run removes.
    Raises `SinkError`.
    """
    # First those that can be put back for certain.
    changes = sorted(changes, key=_is_unreadable)
    folders = {change.folder for change in changes}
    for folder in folders:
        # Again: rendering, and waiting for another run, may have taken long.
        refuse_foreign_links(folder)
        remove_stale(folder)
    with (
        endings.deferred(),
        _descriptors_for(len(folders)),
        ExitStack() as undo_folders,
        ExitStack() as closing,
        ExitStack() as undo,
    ):
        transaction = _Transaction(debts, undo_folders, closing, undo)
        replacements = []
        for change in changes:
            endings.check()
            if change.of_content:
                replacements.append(transaction.prepare(change))
        for change in changes:
            if change.old and change.is_needed and not change.of_content:
                replacement = transaction.correct_access(change, change.old)
                replacements += [replacement] if replacement else []
        transaction.sync_marks()
        for replace in replacements:
            replace()
        undo.pop_all()
        undo_folders.pop_all()
    for folder in transaction.folders:
        sync_folder(folder)


def _is_unreadable(change: Change) -> bool:
    return change.old is not None and change.old.data is None


@contextmanager
def _descriptors_for(folders: int) -> Iterator[None]:
    """Allow a descriptor more for each folder, as far as the system lets us; no command inherits that."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    # Never RLIM_INFINITY on Linux, where that is -1. macOS has a limit besides the one that it tells.
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(soft + folders, hard), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


class _Transaction:
    """The steps; each says how it is taken back, in the reverse order of the three stacks."""

    def __init__(self, debts: Debts, undo_folders: ExitStack, closing: ExitStack, undo: ExitStack) -> None:
        self._debts = debts
        self._undo_folders = undo_folders
        self._closing = closing
        self._undo = undo
        self._stagings: dict[str, Staging] = {}
        self._marked: set[str] = set()
        self._unrestored: set[Render] = set()
        self._open_files = 0

    def prepare(self, change: Change) -> Callable[[], None]:
        """Write the new file beside its target; what is given back puts it there."""
        with _telling(change):
            self._make_folders(change)
            self._mark(change)
            return self._ready(change)

    @property
    def folders(self) -> tuple[str, ...]:
        """Where new files take their places."""
        return tuple(self._stagings)

    def sync_marks(self) -> None:
        """Have the marks on the disk, so that no power cut leaves a new file without its mark."""
        for folder in self._marked:
            sync_folder(folder)

    def correct_access(self, change: Change, old: Found) -> Callable[[], None] | None:
        """Give the file its mode and owner; its content and its time stay.

        Where it is not ours, a new file with the same content is made ready; what is given back puts it there.
        """
        with _telling(change):
            descriptor = os.open(change.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            self._closing.callback(os.close, descriptor)
            self._undo.callback(_attempt, _set_access, descriptor, old.mode, old.owner)
            try:
                _set_access(descriptor, change.job.mode, change.owner)
            except PermissionError:
                return self._ready(change)
        return None

    def _ready(self, change: Change) -> Callable[[], None]:
        new = self._staging(change.folder).write(change.data, change.job.mode, change.owner)
        self._closing.callback(new.close)
        self._open_files += 1
        if self._open_files > resource.getrlimit(resource.RLIMIT_NOFILE)[0] // _SHARE:
            new.wait_hidden()
        return partial(self._replace, change, new)

    def _replace(self, change: Change, new: NewFile) -> None:
        staging = self._staging(change.folder)
        with _telling(change):
            if change.old and change.of_content and change.job.render.backup:
                self._move(self._backup(change, staging), f"{change.path}~", change, staging)
            self._move(new.replace, change.path, change, staging)

    def _backup(self, change: Change, staging: Staging) -> Callable[[str], None]:
        backup = self._saved(change.path, staging)
        if backup is None:
            raise SinkError(
                f"can't keep {change.job.to} as its backup: this user can neither read it nor give it another name",
                "leave backup out, or run as its owner",
            )
        return backup

    def _move(self, replace: Callable[[str], None], path: str, change: Change, staging: Staging) -> None:
        restore = self._saved(path, staging) if os.path.lexists(path) else os.unlink
        replace(path)
        self._undo.callback(self._restore, restore, path, change.job.render)

    def _saved(self, path: str, staging: Staging) -> Callable[[str], None] | None:
        """What puts the file that is there now at a path; None where that can't be."""
        try:
            return partial(os.replace, staging.link(path))
        except OSError:
            # Linux refuses it for another user's file (fs.protected_hardlinks), some file systems for every file.
            copy = copy_file(path, staging)
        if copy is None:
            return None
        self._closing.callback(copy.close)
        copy.wait_hidden()
        return copy.replace

    def _restore(self, restore: Callable[[str], None] | None, path: str, render: Render) -> None:
        if restore is None or not _attempt(restore, path):
            self._unrestored.add(render)

    def _mark(self, change: Change) -> None:
        mark = self._debts.mark(change)
        if mark:
            self._undo.callback(self._unmark, mark, change.job.render)
            self._marked.add(change.folder)

    def _unmark(self, mark: str, render: Render) -> None:
        """Take a mark back, unless a file is new in spite of all."""
        if render not in self._unrestored:
            _attempt(os.unlink, mark)

    def _staging(self, folder: str) -> Staging:
        if folder not in self._stagings:
            self._stagings[folder] = staging = Staging(folder)
            self._closing.callback(staging.close)
        return self._stagings[folder]

    def _make_folders(self, change: Change) -> None:
        for folder in _missing_folders(change):
            os.mkdir(folder, 0o700)
            self._undo_folders.callback(_attempt, os.rmdir, folder)
            if change.owner != (-1, -1):
                os.chown(folder, *change.owner, follow_symlinks=False)
            # Where a folder hands its group down, those in it do, too.
            os.chmod(folder, _folder_mode(change.job.mode) | os.stat(folder).st_mode & stat.S_ISGID)


def _missing_folders(change: Change) -> list[str]:
    """The folders to be made, the outermost first; raises `SinkError` if none may be made."""
    missing: list[str] = []
    folder = change.folder
    while not os.path.isdir(folder) and not os.path.lexists(folder):
        missing.insert(0, folder)
        folder = os.path.dirname(folder) or "."
    job = change.job
    outside = [each for each in missing if not job.tree or len(each) < len(job.tree)]
    if outside and not job.render.mkdir:
        make = mkdir_command(outside[-1])
        raise SinkError(
            f"can't write {job.to}: there is no directory {outside[-1]}",
            # Only an entry of the mapping has a place for it.
            f"make it first ({make}), or say mkdir = true in its [[render]]"
            if job.render.place.keys
            else f"make it first: {make}",
        )
    return missing


def _folder_mode(mode: int) -> int:
    """Who may read the files may enter their folder."""
    return 0o700 | mode | (mode & 0o444) >> 2


def _set_access(descriptor: int, mode: int, owner: Owner) -> None:
    if owner != (-1, -1):
        os.fchown(descriptor, *owner)
    os.fchmod(descriptor, mode)


def _attempt(call: Callable[..., object], *arguments: object) -> bool:
    """Whether the call went well."""
    with suppress(OSError):
        call(*arguments)
        return True
    return False


@contextmanager
def _telling(change: Change) -> Iterator[None]:
    """Turn the system's words into a `SinkError` about the file."""
    try:
        yield
    except OwnerError as error:
        raise _not_given(change, error) from None
    except OSError as error:
        raise _not_written(change, error) from None


def _not_written(change: Change, error: OSError) -> SinkError:
    return SinkError(f"can't write {change.job.to}: {error.strerror}", write_hint(error, change.folder))


def _not_given(change: Change, error: OwnerError) -> SinkError:
    return SinkError(
        f"can't give {change.job.to} to {change.job.render.owner}: {error.strerror}",
        "only root gives files away; leave owner out, or run as root",
    )
