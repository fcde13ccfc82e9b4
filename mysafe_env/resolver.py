"""Values for plans and templates: what they look up is fetched from one source for each system, every item once."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from mysafe_env.deadline import Deadline
from mysafe_env.errors import (
    MySafeEnvError,
    OutageError,
    Report,
    ResolveError,
    SettingsError,
    SourceError,
    TimedOutError,
    VaultFileError,
)
from mysafe_env.fetching.asking import fetch
from mysafe_env.fetching.choice import choose_all, choose_one
from mysafe_env.fetching.watch import NoWatch, Watch
from mysafe_env.items import Item
from mysafe_env.plan import Plan, merge_lookups
from mysafe_env.references import Lookup
from mysafe_env.resolution import Resolution, resolve_plan
from mysafe_env.scope import Scope
from mysafe_env.secret import Secret
from mysafe_env.settings import Settings
from mysafe_env.sources.opening import check_settings, open_for_many

if TYPE_CHECKING:
    from mysafe_env.fetching.calls import Answer
    from mysafe_env.sources.base import Source

# What templates look up while they are rendered may be put together of values, so nobody is told of it.
_UNWATCHED: Final = NoWatch()


class Resolver:
    """Fetches what plans and templates look up, and makes the values; every answer is kept, and asked for once.

    The sources that it opens are closed by `close`; a command leaves that to its end.
    """

    def __init__(self, settings: Settings, watch: Watch | None = None) -> None:
        """Nothing is opened before the first lookup."""
        self._settings = settings
        self._watch = watch or NoWatch()
        self._deadline: Deadline | None = None
        self._opened: dict[str, tuple[Source, Callable[[], None]]] = {}
        self._outages: dict[str, OutageError] = {}
        self._answers: dict[Lookup, Answer] = {}

    def resolve(
        self, plan: Plan, environ: Mapping[str, str], besides: Iterable[tuple[Lookup, bool]] = ()
    ) -> Resolution:
        """The outcome of every variable of the plan, after the lookups of the plan and *besides* were fetched at once.

        Raises `OutageError`, `SettingsError` or `VaultFileError`; where there is more to tell, of another system or
        of items, a `ResolveError` with all of it.
        """
        systems = _by_system(merge_lookups([*plan.wanted.items(), *besides]))
        failures = self._fetch_all(systems)
        if failures and len(systems) == 1:
            raise failures[0]
        resolution = resolve_plan(plan, self.scope({}, environ))
        if failures:
            raise _together(failures, resolution.faults())
        return resolution

    def examine(
        self, plan: Plan, environ: Mapping[str, str], besides: Iterable[tuple[Lookup, bool]] = ()
    ) -> Resolution:
        """The outcomes as `resolve` has them, where an outage is the error of each variable that it concerns."""
        self._fetch_all(_by_system(merge_lookups([*plan.wanted.items(), *besides])))
        return resolve_plan(plan, self.scope({}, environ))

    def scope(
        self, values: Mapping[str, Secret], environ: Mapping[str, str], absent: frozenset[str] = frozenset()
    ) -> Scope:
        """What a template may use: these values, and the way to all items."""
        return Scope(values, environ, self.one, self.many, absent)

    def one(self, lookup: Lookup) -> Item:
        """The item that a lookup means; raises `SourceError`."""
        self._fetch(lookup.system, {lookup: False}, _UNWATCHED)
        return choose_one(lookup, self._answers)

    def many(self, lookup: Lookup) -> tuple[Item | SourceError, ...]:
        """All items that a lookup means, an error for each that can't be read.

        Raises `SourceError`, and its heir `NotFoundError` when there is none.
        """
        self._fetch(lookup.system, {lookup: True}, _UNWATCHED)
        return choose_all(lookup, self._answers)

    def close(self) -> None:
        """Close the sources that were opened."""
        for source, _ in self._opened.values():
            source.close()

    def _fetch_all(self, systems: Mapping[str, Mapping[Lookup, bool]]) -> list[MySafeEnvError]:
        """Fetch from each system, whatever becomes of the others; the errors of those that gave nothing."""
        failures: list[MySafeEnvError] = []
        for system, lookups in systems.items():
            was_late = self._deadline is not None and self._deadline.passed
            try:
                self._fetch(system, lookups, self._watch)
            except (OutageError, SettingsError, VaultFileError) as error:
                self._outages[system] = OutageError(error.message, error.hint)
                # A system that is asked after the deadline has passed is not the one that was slow.
                if not (was_late and isinstance(error, TimedOutError)):
                    failures.append(error)
        return failures

    def _fetch(self, system: str, lookups: Mapping[Lookup, bool], watch: Watch) -> None:
        """Have the answers to the lookups of one system at hand; raises its `OutageError`, and again on each call."""
        if system in self._outages:
            raise self._outages[system]
        if system not in self._opened:
            self._opened[system] = open_for_many(self._settings, system)
        # The time begins after opening, which may wait for somebody who types a password.
        self._deadline = self._deadline or Deadline(self._settings.timeout, self._watch.waiting)
        source, remember = self._opened[system]
        limit = self._settings.concurrency
        try:
            fetch(source, lookups, self._answers, self._deadline, watch, concurrency=limit)
        except OutageError as error:
            # What is looked up later, by a template, would log in again, and fail again.
            self._outages[system] = error
            raise
        remember()


def settings_faults(settings: Settings, plan: Plan) -> tuple[Report, ...]:
    """Why the systems that a plan needs could not be asked, as far as the settings tell; nobody is asked."""
    return tuple(report for system in _by_system(plan.wanted) for report in _faults_for(settings, system))


def _faults_for(settings: Settings, system: str) -> tuple[Report, ...]:
    try:
        check_settings(settings, system)
    except (SettingsError, VaultFileError) as error:
        return error.reports
    return ()


def _together(failures: Sequence[MySafeEnvError], faults: Sequence[Report]) -> MySafeEnvError:
    """One error for the failures of systems and the faults of variables."""
    if len(failures) == 1 and not faults:
        return failures[0]
    return ResolveError([*(report for failure in failures for report in failure.reports), *faults])


def _by_system(wanted: Mapping[Lookup, bool]) -> dict[str, dict[Lookup, bool]]:
    """The lookups of each system."""
    systems = sorted({lookup.system for lookup in wanted})
    return {system: {lookup: many for lookup, many in wanted.items() if lookup.system == system} for system in systems}
