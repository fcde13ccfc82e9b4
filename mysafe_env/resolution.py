"""From a plan to the values of its variables, or to every reason why there is none. Pure but for its scope."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from mysafe_env.absence import not_found
from mysafe_env.errors import (
    AmbiguousError,
    MySafeEnvError,
    NotFoundError,
    OutageError,
    RefusedError,
    Report,
    ResolveError,
    SourceError,
    TemplateError,
)
from mysafe_env.items import ALL_KINDS, Item
from mysafe_env.mapping.model import Entry, Literal, Tagged, TargetFile, Wanted
from mysafe_env.mapping.model import Template as TemplateText
from mysafe_env.mapping.names import is_dangerous, is_valid_name
from mysafe_env.mapping.places import Place
from mysafe_env.mapping.tagged import variable_name
from mysafe_env.plan import Plan, tagged_lookups
from mysafe_env.references import Lookup, quoted_pairs
from mysafe_env.scope import Scope
from mysafe_env.secret import Secret

if TYPE_CHECKING:
    from mysafe_env.templating import Template


class Outcome(NamedTuple):
    """What became of one variable: a value, an error, or neither when it is optional and absent."""

    name: str
    place: Place
    item: str
    """What the value comes from, in words: an item, `literal` or `template`."""
    field: str = ""
    value: Secret | None = None
    error: MySafeEnvError | None = None
    as_file: bool = False
    target: TargetFile | None = None
    """The file that was named for the value."""
    follows: bool = False
    """Whether the error is only the consequence of another variable's, which is reported instead."""


class Resolution(NamedTuple):
    """What became of every variable, in mapping order."""

    outcomes: tuple[Outcome, ...]

    def values(self) -> dict[str, Secret]:
        """The values by variable; raises `ResolveError` with everything that can't be had."""
        failed = [outcome for outcome in self.outcomes if outcome.error]
        if failed:
            raise ResolveError(_reports(failed))
        return {outcome.name: outcome.value for outcome in self.outcomes if outcome.value is not None}

    def faults(self) -> tuple[Report, ...]:
        """Why required values can't be had, but for outages, which concern everything that comes from their system."""
        failed = (outcome for outcome in self.outcomes if not isinstance(outcome.error, OutageError))
        return tuple(_reports(failed))

    def absent(self) -> frozenset[str]:
        """The optional variables that have no value."""
        return _absent(self.outcomes)

    def file_names(self) -> frozenset[str]:
        """The variables that hold a path instead of the value."""
        return frozenset(outcome.name for outcome in self.outcomes if outcome.as_file)

    def file_targets(self) -> dict[str, TargetFile | None]:
        """The variables that hold a path, each with the file that was named for its value, if any."""
        return {outcome.name: outcome.target for outcome in self.outcomes if outcome.as_file}

    def fetched(self) -> dict[str, Secret]:
        """The values that came from an item."""
        return {outcome.name: outcome.value for outcome in self.outcomes if outcome.field and outcome.value}


def resolve_plan(plan: Plan, scope: Scope) -> Resolution:
    """The outcome of every variable of the plan; the values of *scope* are not used."""
    tagged = [outcome for each in plan.tagged for outcome in _tagged_outcomes(each, plan.kept, scope)]
    entries = _not_outdone(plan.entries, tagged)
    outcomes = {name: _outcome(entry, scope) for name, entry in entries.items() if name not in plan.templates}
    everything = [*outcomes.values(), *_without_clashes(entries.values(), tagged)]
    for name, template in plan.templates.items():
        outcomes[name] = _rendered(entries[name], template, everything, scope)
        everything.append(outcomes[name])
    order = {entry.name: number for number, entry in enumerate(plan.entries)}
    return Resolution(tuple(sorted(everything, key=lambda outcome: order.get(outcome.name, len(order)))))


def _not_outdone(entries: Iterable[Entry], tagged: Iterable[Outcome]) -> dict[str, Entry]:
    """The entries by name, without those that a variable of a tag replaces."""
    given = {outcome.name for outcome in tagged if outcome.value is not None}
    return {entry.name: entry for entry in entries if not (entry.yields and entry.name in given)}


def _outcome(entry: Entry, scope: Scope) -> Outcome:
    outcome = Outcome(entry.name, entry.place, "literal", as_file=entry.as_file, target=entry.target)
    outcome = _given(outcome, entry.value, scope)
    is_absent = outcome.value is None and outcome.error is None
    return _outcome(entry.below, scope) if is_absent and entry.below else outcome


def _given(outcome: Outcome, value: Literal | Wanted | TemplateText, scope: Scope) -> Outcome:
    """The outcome with its value; that of a template follows when all other values are known."""
    if isinstance(value, Wanted):
        return _wanted_outcome(outcome, value, scope)
    return outcome._replace(value=value.value) if isinstance(value, Literal) else outcome


def _wanted_outcome(outcome: Outcome, wanted: Wanted, scope: Scope) -> Outcome:
    reference = wanted.reference
    outcome = outcome._replace(item=str(reference.lookup), field=reference.field)
    try:
        return outcome._replace(value=_field(scope.one(reference.lookup), reference.field))
    except NotFoundError as error:
        if wanted.default is not None:
            return _given(outcome, wanted.default, scope)
        return outcome if wanted.optional else outcome._replace(error=error)
    except SourceError as error:
        return outcome._replace(error=error)


def _field(item: Item, name: str) -> Secret:
    value = item.field(name)
    if value is None:
        raise NotFoundError(
            item.without(name), 'fill it in there, or say optional = true or default = "..." in the mapping'
        )
    return value


def _tagged_outcomes(tagged: Tagged, kept: Mapping[str, Secret], scope: Scope) -> Iterator[Outcome]:
    """One outcome for each variable that the tag gives, sorted by name; a single one when it gives none."""
    found = [(lookup, each) for lookup in tagged_lookups(tagged) for each in _found(lookup, scope)]
    missing = [each for _, each in found if isinstance(each, NotFoundError)]
    for lookup, each in found:
        if isinstance(each, SourceError) and each not in missing:
            yield Outcome(tagged.label, tagged.place, str(lookup), error=each)
    if len(missing) == len(found) and not tagged.optional:
        error = missing[0] if len(missing) == 1 else not_found(tagged_lookups(tagged))
        yield Outcome(tagged.label, tagged.place, quoted_pairs(tagged.selectors), error=error)
    items = (each for _, each in found if isinstance(each, Item))
    outcomes = (outcome for item in items for outcome in _item_outcomes(tagged, item, kept))
    yield from sorted(outcomes, key=lambda outcome: outcome.name)


def _found(lookup: Lookup, scope: Scope) -> tuple[Item | SourceError, ...]:
    """The items that are meant, each refusal as an error; a single `NotFoundError` where there is none."""
    try:
        return scope.many(lookup)
    except SourceError as error:
        return (error,)


def _item_outcomes(tagged: Tagged, item: Item, kept: Mapping[str, Secret]) -> Iterator[Outcome]:
    for field in tagged.fields or (ALL_KINDS[item.kind].secret_field,):
        outcome = Outcome(tagged.label, tagged.place, f"{item.kind} {item.identifier}", field)
        try:
            name = _checked_name(tagged, item, field)
            outcome = outcome._replace(name=name)
            yield outcome._replace(value=kept[name] if name in kept else _field(item, field))
        except NotFoundError as error:
            yield outcome if tagged.optional else outcome._replace(error=error)
        except SourceError as error:
            yield outcome._replace(error=error)


def _checked_name(tagged: Tagged, item: Item, field: str) -> str:
    name = variable_name(tagged, item, field)
    if is_dangerous(name):
        raise RefusedError(
            f"{item.kind} {item.identifier} would set {name}, which changes how programs load code",
            f'give the names a prefix, as in name = "APP_{{name}}", or take the item out of the {tagged.label}',
        )
    return name


def _without_clashes(entries: Iterable[Entry], tagged: Iterable[Outcome]) -> Iterator[Outcome]:
    """The outcomes, with an error in place of a second value for the same variable."""
    # A place is made into words only where it is told: finding its line takes reading the file once more.
    owners: dict[str, tuple[Place | str, str]] = {entry.name: (entry.place, "") for entry in entries}
    for outcome in tagged:
        given = (outcome.item, outcome.field)
        if outcome.value is None or owners.setdefault(outcome.name, given) is given:
            yield outcome
        elif owners[outcome.name] != given:
            yield outcome._replace(value=None, error=_clash(outcome, *owners[outcome.name]))
        # What is left is an item that carries the tags of two tables.


def _clash(outcome: Outcome, owner: Place | str, field: str) -> AmbiguousError:
    if not field:
        hint = "take it out of [env], or make the tag's names differ: put a prefix before them"
    elif owner == outcome.item:
        hint = "make the names differ: add {field} to the name"
    else:
        hint = "make the names differ: add {identifier} or {identifier_code} to the name"
    return AmbiguousError(f"{outcome.item} gives the variable {outcome.name}, which {owner} gives too", hint)


def _rendered(entry: Entry, template: "Template", known: Iterable[Outcome], scope: Scope) -> Outcome:
    """The outcome of a template, rendered with the outcomes that are known by now."""
    known = tuple(known)
    outcome = Outcome(entry.name, entry.place, "template", as_file=entry.as_file, target=entry.target)
    broken = _broken(template.needs().names, known)
    if broken:
        return outcome._replace(error=TemplateError(f"needs {', '.join(broken)}"), follows=True)
    values = {each.name: each.value for each in known if each.value is not None}
    try:
        return outcome._replace(value=Secret(template.render(scope._replace(values=values, absent=_absent(known)))))
    except TemplateError as error:
        return outcome._replace(error=error)


def _absent(outcomes: Iterable[Outcome]) -> frozenset[str]:
    return frozenset(each.name for each in outcomes if each.value is None and each.error is None)


def _broken(needed: frozenset[str], known: tuple[Outcome, ...]) -> list[str]:
    """The names among *needed* that have no value because of an error."""
    broken = needed & {each.name for each in known if each.error}
    if any(each.error and not is_valid_name(each.name) for each in known):
        # These may be names that a tag would have given, had it not failed.
        broken |= needed - {each.name for each in known}
    return sorted(broken)


def _reports(failed: Iterable[Outcome]) -> Iterator[Report]:
    """One report for each distinct reason, with every variable that it concerns."""
    reasons: dict[tuple[str, str], list[Outcome]] = {}
    for outcome in failed:
        if outcome.error and not outcome.follows:
            reasons.setdefault((outcome.error.message, outcome.error.hint), []).append(outcome)
    for (message, hint), outcomes in reasons.items():
        others = ", ".join(outcome.name for outcome in outcomes[1:])
        yield Report(f"{outcomes[0].place}: {message}{f' (wanted by {others} too)' if others else ''}", hint)
