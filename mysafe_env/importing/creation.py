"""From drafts to items: each is created once, whatever an earlier, interrupted import did."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from mysafe_env.deadline import Deadline
from mysafe_env.errors import MySafeEnvError, OutageError, UncertainError
from mysafe_env.importing.drafts import Draft
from mysafe_env.importing.existing import Existing
from mysafe_env.importing.journal import CREATED, FAILED, SENDING, Journal
from mysafe_env.items import Row
from mysafe_env.sources.writing import WritableSource

# What can be said of a row besides the states that a result file has.
NEW: Final = "new"
EXISTS: Final = "exists"
"""An item of its name is there already, and it is not known to be this row's."""
UNKNOWN: Final = "unknown"
NOT_TRIED: Final = "not tried"
_RENAME: Final = "look at them, and give those that are not this row's another name with mysafe-env update"
DONE: Final = frozenset({CREATED, "created before", "found"})


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one draft: a state of the result file, or one of the words above."""

    draft: Draft
    status: str
    identifier: str = ""
    why: str = ""
    hint: str = ""

    @property
    def done(self) -> bool:
        """Whether the item is there."""
        return self.status in DONE


class Creation:
    """Creates drafts at a source, and notes each step in the journal before and after it.

    *until* gives every call its deadline; *watch* is called with the number of drafts that are through, and of all.
    """

    def __init__(
        self, source: WritableSource, journal: Journal, until: Callable[[], Deadline], watch: Callable[[int, int], None]
    ) -> None:
        self._source = source
        self._journal = journal
        self._until = until
        self._watch = watch

    def survey(self, drafts: tuple[Draft, ...]) -> tuple[Outcome, ...]:
        """What is known of every draft before anything is sent; raises `SourceError`.

        A draft that was sent with unknown outcome is looked for by what identifies it.
        """
        rows = {kind: self._rows(kind) for kind in {draft.kind for draft in drafts}}
        existing = Existing(self._source, self._until)
        return tuple(self._surveyed(draft, rows[draft.kind], existing) for draft in drafts)

    def create(self, surveyed: tuple[Outcome, ...]) -> tuple[Outcome, ...]:
        """What becomes of the drafts that were surveyed.

        None is tried if an item of the name of any draft exists, and none after an outage.
        """
        stopped = any(outcome.status in {EXISTS, UNKNOWN} for outcome in surveyed)
        outcomes: list[Outcome] = []
        for outcome in surveyed:
            if outcome.status != NEW:
                outcomes.append(outcome)
            elif stopped:
                outcomes.append(Outcome(outcome.draft, NOT_TRIED))
            else:
                created, stopped = self._created(outcome.draft)
                outcomes.append(created)
            self._watch(len(outcomes), len(surveyed))
        return tuple(outcomes)

    def _surveyed(self, draft: Draft, rows: tuple[Row, ...], existing: Existing) -> Outcome:
        identifier = self._journal.created(draft)
        if identifier is not None:
            return Outcome(draft, "created before", identifier)
        if self._journal.is_uncertain(draft):
            own = self._unclaimed(existing.own(draft))
            return self._settled(draft, own) if own else Outcome(draft, NEW)
        same = self._unclaimed(_same(draft, rows))
        return _existing(draft, same) if same else Outcome(draft, NEW)

    def _settled(self, draft: Draft, own: list[str]) -> Outcome:
        """What became of a draft that was sent with unknown outcome, when these items may be its own."""
        if len(own) > 1:
            return Outcome(draft, UNKNOWN, "", f"may be any of: {', '.join(own)}", _RENAME)
        self._journal.note(draft, CREATED, own[0])
        return Outcome(draft, "found", own[0])

    def _unclaimed(self, rows: Iterable[Row]) -> list[str]:
        """The identifiers of items that are no other draft's."""
        known = self._journal.identifiers
        return list(dict.fromkeys(row.identifier for row in rows if (row.kind, row.identifier) not in known))

    def _rows(self, kind: str) -> tuple[Row, ...]:
        return self._source.list_rows(kind, (), self._until())

    def _created(self, draft: Draft) -> tuple[Outcome, bool]:
        """What became of one draft, and whether the import has to stop there."""
        self._journal.note(draft, SENDING)
        try:
            saved = self._source.create(draft.kind, draft.change, self._until())
        except UncertainError as error:
            return Outcome(draft, UNKNOWN, "", error.message, error.hint), True
        except MySafeEnvError as error:
            self._journal.note(draft, FAILED)
            return Outcome(draft, FAILED, "", error.message, error.hint), isinstance(error, OutageError)
        self._journal.note(draft, CREATED, saved.identifier)
        why = f"not shared as asked: {'; '.join(saved.shared_error)}" if saved.shared_error else ""
        return Outcome(draft, CREATED, saved.identifier, why), False


def _same(draft: Draft, rows: tuple[Row, ...]) -> tuple[Row, ...]:
    if draft.code:
        return ()
    wanted = [draft.name, draft.change.plain.get("username", "")]
    return tuple(row for row in rows if [row.fields.get("name"), row.fields.get("username", "")] == wanted)


def _existing(draft: Draft, same: list[str]) -> Outcome:
    return Outcome(
        draft,
        EXISTS,
        ", ".join(same),
        f'there is a {draft.kind} "{draft.name}" already',
        "give the result file of the earlier import with --result, or set the new items apart with --prefix",
    )


def failures(outcomes: Iterable[Outcome]) -> tuple[Outcome, ...]:
    """The outcomes of drafts whose item is not there."""
    return tuple(outcome for outcome in outcomes if not outcome.done)
