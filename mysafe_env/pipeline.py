"""The whole story on one page: read what is asked for, plan it, fetch it, resolve it."""

import os.path
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

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
from mysafe_env.mapping.files import read_mapping_file
from mysafe_env.mapping.inherited import read_inherited
from mysafe_env.mapping.model import Layer
from mysafe_env.mapping.places import Document, Place, Problems
from mysafe_env.plan import Plan, make_plan, merge_lookups
from mysafe_env.references import Lookup
from mysafe_env.resolution import Resolution, resolve_plan
from mysafe_env.scope import Scope
from mysafe_env.secret import Secret
from mysafe_env.settings import CREDENTIALS, Flags, Settings, read_settings
from mysafe_env.sources.opening import check_settings, open_for_many
from mysafe_env.suggest import did_you_mean

if TYPE_CHECKING:
    from mysafe_env.fetching.calls import Answer
    from mysafe_env.sources.base import Source

DEFAULT_MAPPING: Final = "mysafe.toml"
# What is asked for so late was put together by a template, perhaps of values.
_UNWATCHED: Final = NoWatch()


class Inputs(NamedTuple):
    """What a user may name: mapping files, env files, and what is inherited. Later ones win."""

    environ: Mapping[str, str]
    """The inherited environment, as far as it passes."""
    mappings: tuple[str, ...] = ()
    """Empty: `mysafe.toml` of the working folder, if there is one."""
    profile: str = ""
    env_files: tuple[str, ...] = ()
    keep: frozenset[str] = frozenset()
    """Names whose inherited value stays."""
    inherited_references: bool = True
    keep_credentials: bool = False


def load_settings(flags: Flags, environ: Mapping[str, str], settings_file: str | None) -> Settings:
    """The connection settings; raises `SettingsError`, or `MappingError` for a faulty settings file."""
    return read_settings(flags, environ, _settings_file(settings_file, environ) if settings_file else {})


def plan_inputs(inputs: Inputs) -> Plan:
    """Read all inputs and plan them; raises `MappingError` with every problem of all of them."""
    problems = Problems()
    plan = make_plan(_layers(inputs, problems), problems, {name: inputs.environ[name] for name in kept_names(inputs)})
    problems.raise_any()
    return plan


def lacking(settings: Settings, plan: Plan) -> tuple[Report, ...]:
    """Why the systems that a plan needs could not be asked, as far as the settings tell."""
    return tuple(report for system in _by_system(plan.wanted) for report in _lacking(settings, system))


def _lacking(settings: Settings, system: str) -> tuple[Report, ...]:
    try:
        check_settings(settings, system)
    except (SettingsError, VaultFileError) as error:
        return error.reports
    return ()


def mapping_paths(inputs: Inputs) -> tuple[str, ...]:
    """The mapping files: those that were named, or that of the working folder."""
    return inputs.mappings or ((DEFAULT_MAPPING,) if os.path.exists(DEFAULT_MAPPING) else ())  # noqa: PTH110  # slow


def kept_names(inputs: Inputs) -> frozenset[str]:
    """The names whose inherited value stays, because there is one."""
    return inputs.keep & inputs.environ.keys()


class Resolver:
    """Values for plans and templates out of one source for each system, every item fetched once.

    What it opens is closed by `close`; a command leaves that to its end.
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
        """Fetch what the plan wants and *besides*, all at once, and make the values.

        Raises `OutageError`, `SettingsError` or `VaultFileError`; where there is more to tell, of another system or
        of items, a `ResolveError` with all of it.
        """
        systems = _by_system(merge_lookups([*plan.wanted.items(), *besides]))
        failures = self._ask(systems)
        if failures and len(systems) == 1:
            raise failures[0]
        resolution = resolve_plan(plan, self.scope({}, environ))
        if failures:
            raise _together(failures, resolution.faults())
        return resolution

    def examine(
        self, plan: Plan, environ: Mapping[str, str], besides: Iterable[tuple[Lookup, bool]] = ()
    ) -> Resolution:
        """The same, with an outage as the error of each variable that it concerns."""
        self._ask(_by_system(merge_lookups([*plan.wanted.items(), *besides])))
        return resolve_plan(plan, self.scope({}, environ))

    def _ask(self, systems: Mapping[str, Mapping[Lookup, bool]]) -> list[MySafeEnvError]:
        """Fetch from each system, whatever becomes of the others; why those gave nothing that did not."""
        failures: list[MySafeEnvError] = []
        for system, lookups in systems.items():
            was_late = self._deadline is not None and self._deadline.passed
            try:
                self.fetch(lookups)
            except (OutageError, SettingsError, VaultFileError) as error:
                self._outages[system] = OutageError(error.message, error.hint)
                # Whoever is asked when the time is over is not the reason.
                if not (was_late and isinstance(error, TimedOutError)):
                    failures.append(error)
        return failures

    def scope(
        self, values: Mapping[str, Secret], environ: Mapping[str, str], absent: frozenset[str] = frozenset()
    ) -> Scope:
        """What a template may use."""
        return Scope(values, environ, self.one, self.many, absent)

    def close(self) -> None:
        """Close what was opened."""
        for source, _ in self._opened.values():
            source.close()

    def fetch(self, wanted: Mapping[Lookup, bool]) -> None:
        """Have the answers to these lookups at hand; raises `OutageError`."""
        self._fetch(wanted, self._watch)

    def _fetch(self, wanted: Mapping[Lookup, bool], watch: Watch) -> None:
        for system, lookups in _by_system(wanted).items():
            if system in self._outages:
                raise self._outages[system]
            if system not in self._opened:
                self._opened[system] = open_for_many(self._settings, system)
            # Opening may wait for somebody who types a password.
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

    def one(self, lookup: Lookup) -> Item:
        """The item that a lookup means; raises `SourceError`."""
        self._fetch({lookup: False}, _UNWATCHED)
        return choose_one(lookup, self._answers)

    def many(self, lookup: Lookup) -> tuple[Item | SourceError, ...]:
        """All items that a lookup means, an error for each that can't be read; raises `SourceError`, for none too."""
        self._fetch({lookup: True}, _UNWATCHED)
        return choose_all(lookup, self._answers)


def _together(failures: Sequence[MySafeEnvError], faults: Sequence[Report]) -> MySafeEnvError:
    if len(failures) == 1 and not faults:
        return failures[0]
    return ResolveError([*(report for failure in failures for report in failure.reports), *faults])


def _by_system(wanted: Mapping[Lookup, bool]) -> dict[str, dict[Lookup, bool]]:
    """The lookups of each system."""
    systems = sorted({lookup.system for lookup in wanted})
    return {system: {lookup: many for lookup, many in wanted.items() if lookup.system == system} for system in systems}


def _settings_file(path: str, environ: Mapping[str, str]) -> dict[str, str]:
    from mysafe_env.mapping.env_files import read_settings_file  # noqa: PLC0415  # python-dotenv is slow to import

    problems = Problems()
    settings = read_settings_file(path, environ, problems)
    problems.raise_any()
    return settings


def _layers(inputs: Inputs, problems: Problems) -> Iterator[Layer]:
    later = [_env_file(path, inputs, problems) for path in inputs.env_files]
    later += _mapping_layers(inputs, problems)
    if inputs.inherited_references:
        yield read_inherited(_undecided(inputs.environ, later), kept_names(inputs), problems)
    yield from later


def _undecided(environ: Mapping[str, str], later: Iterable[Layer]) -> dict[str, str]:
    """What is inherited without the variables that later inputs give in any case: nobody needs what stands there."""
    decided = {entry.name for layer in later for entry in layer.entries if not entry.may_be_absent}
    return {name: value for name, value in environ.items() if name not in decided}


def _env_file(path: str, inputs: Inputs, problems: Problems) -> Layer:
    from mysafe_env.mapping.env_files import read_env_file  # noqa: PLC0415  # python-dotenv is slow to import

    layer = read_env_file(path, inputs.environ, problems)
    if inputs.keep_credentials:
        return layer
    # The same file often serves as settings file; what it says for us is not for the child.
    return layer._replace(entries=tuple(entry for entry in layer.entries if entry.name not in CREDENTIALS))


def _mapping_layers(inputs: Inputs, problems: Problems) -> Iterator[Layer]:
    paths = mapping_paths(inputs)
    files = [read_mapping_file(path, problems) for path in paths]
    profiles = {name for file in files for name in file.profiles}
    if inputs.profile and inputs.profile not in profiles:
        place = Place(Document(", ".join(paths) or DEFAULT_MAPPING), ())
        problems.add(place, f'there is no profile "{inputs.profile}"; {did_you_mean(inputs.profile, profiles)}')
    yield from (file.layer(inputs.profile) for file in files)
