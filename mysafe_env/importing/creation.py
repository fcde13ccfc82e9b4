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
"""An item of its name or identifier_code is there already, and it is not known to be this row's."""
UNKNOWN: Final = "unknown"
NOT_TRIED: Final = "not tried"
_SET_APART: Final = (
    "change the row, set the new items apart with --prefix, or give the result file of the earlier import with --result"
)
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

    *until* gives every call its deadline; *watch* is called with what is done to drafts, how many are through, and of
    how many.
    """

    def __init__(
        self,
        source: WritableSource,
        journal: Journal,
        until: Callable[[], Deadline],
        watch: Callable[[str, int, int], None],
    ) -> None:
        self._source = source
        self._journal = journal
        self._until = until
        self._watch = watch

    def survey(self, drafts: tuple[Draft, ...]) -> tuple[Outcome, ...]:
        """What is known of every draft before anything is sent; raises `SourceError`."""
        existing = Existing(self._source, self._until)
        # First of those that were sent: an item of one of them is in nobody's way.
        settled = {
            draft.number: self._settled(draft, existing) for draft in drafts if self._journal.is_uncertain(draft)
        }
        outcomes: list[Outcome] = []
        for draft in drafts:
            outcomes.append(settled.get(draft.number) or self._surveyed(draft, existing))
            self._watch("looked for", len(outcomes), len(drafts))
        return tuple(outcomes)

    def create(self, surveyed: tuple[Outcome, ...]) -> tuple[Outcome, ...]:
        """What becomes of the drafts that were surveyed.

        None is tried if an item of the name or identifier_code of any draft exists, and none after an outage.
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
            self._watch("imported", len(outcomes), len(surveyed))
        return tuple(outcomes)

    def _settled(self, draft: Draft, existing: Existing) -> Outcome | None:
        """What became of a draft that was sent with unknown outcome; None when no item is known to be its own."""
        own = [row.identifier for row in self._unclaimed(existing.own(draft))]
        if not own:
            return None
        if len(own) > 1:
            return Outcome(draft, UNKNOWN, "", f"may be any of: {', '.join(own)}", _RENAME)
        self._journal.note(draft, CREATED, own[0])
        return Outcome(draft, "found", own[0])

    def _surveyed(self, draft: Draft, existing: Existing) -> Outcome:
        identifier = self._journal.created(draft)
        if identifier is not None:
            return Outcome(draft, "created before", identifier)
        named = self._unclaimed(existing.named(draft.kind, draft.name))
        holders = self._unclaimed(existing.holders(draft.code)) if draft.code else ()
        if not named and not holders:
            return Outcome(draft, NEW)
        return _existing(draft, named, holders, _RENAME if self._journal.is_uncertain(draft) else _SET_APART)

    def _unclaimed(self, rows: tuple[Row, ...]) -> tuple[Row, ...]:
        """The items that are no other draft's."""
        known = self._journal.identifiers
        single = {row.identifier: row for row in rows if (row.kind, row.identifier) not in known}
        return tuple(single.values())

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


def _existing(draft: Draft, named: tuple[Row, ...], holders: tuple[Row, ...], hint: str) -> Outcome:
    """The outcome of a draft whose name, or identifier_code, other items have."""
    reasons = [f'there is a {draft.kind} "{draft.name}" already'] if named else []
    taken = f'the identifier_code "{draft.code}" is taken: secretapi '
    others = (row for row in holders if row not in named)
    reasons += [f'{taken}{row.identifier} "{row.fields.get("name", "")}" is listed for it' for row in others]
    identifiers = dict.fromkeys(row.identifier for row in (*named, *holders))
    return Outcome(draft, EXISTS, ", ".join(identifiers), "; ".join(reasons), hint)


def failures(outcomes: Iterable[Outcome]) -> tuple[Outcome, ...]:
    """The outcomes of drafts whose item is not there."""
    return tuple(outcome for outcome in outcomes if not outcome.done)
