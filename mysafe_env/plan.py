"""From layers to a plan: which entry wins, what has to be fetched, in which order templates are rendered. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from mysafe_env.errors import TemplateError
from mysafe_env.items import ALL_KINDS
from mysafe_env.mapping.model import Entry, Layer, Literal, Render, Tagged, Template, Wanted
from mysafe_env.mapping.places import Problems
from mysafe_env.references import Lookup
from mysafe_env.secret import Secret
from mysafe_env.suggest import did_you_mean

if TYPE_CHECKING:
    from mysafe_env.templating import Template as CompiledTemplate


class Plan(NamedTuple):
    """Everything that the inputs ask for, with each distinct lookup once."""

    entries: tuple[Entry, ...]
    """In mapping order."""
    tagged: tuple[Tagged, ...]
    renders: tuple[Render, ...]
    templates: Mapping[str, "CompiledTemplate"]
    """By variable, each after those whose values it uses."""
    wanted: Mapping[Lookup, bool]
    """Each lookup, with whether it means many items: true for those of tags, false where exactly one must match."""
    kept: Mapping[str, Secret]
    """Inherited values that stay, whatever gives their names; a tag does so only when it was fetched."""

    @property
    def is_empty(self) -> bool:
        """Whether no input asks for anything."""
        return not (self.entries or self.tagged or self.renders)


def make_plan(layers: Iterable[Layer], problems: Problems, kept: Mapping[str, str] | None = None) -> Plan:
    """Lay the layers over each other, later ones winning; what is wrong is added to *problems*.

    *kept* are inherited values by name. They are not fetched, but are literals, for the templates that use them.
    """
    layers = tuple(layers)
    kept_values = {name: Secret(text) for name, text in (kept or {}).items()}
    entries: dict[str, Entry] = {}
    for entry in (entry for layer in layers for entry in layer.entries):
        entries[entry.name] = _over(entries.get(entry.name), _kept_entry(entry, kept_values))
    tagged = tuple(tagged for layer in layers for tagged in layer.tagged)
    renders = tuple(render for layer in layers for render in layer.renders)
    _refuse_shared_files(entries.values(), renders, problems)
    templates = _templates(entries, problems, open_names=bool(tagged))
    wanted = merge_lookups(
        [
            *((lookup, False) for lookup in _single_lookups(entries.values())),
            *(pair for template in templates.values() for pair in template.needs().lookups),
            *((lookup, True) for each in tagged for lookup in tagged_lookups(each)),
        ]
    )
    return Plan(tuple(entries.values()), tagged, renders, templates, wanted, kept_values)


def _kept_entry(entry: Entry, kept: Mapping[str, Secret]) -> Entry:
    if entry.name not in kept:
        return entry
    return Entry(entry.name, Literal(kept[entry.name]), entry.place, yields=entry.yields)


def _refuse_shared_files(entries: Iterable[Entry], renders: Iterable[Render], problems: Problems) -> None:
    if any(entry.target for entry in entries):
        from mysafe_env.mapping.shared_files import report_shared_files  # noqa: PLC0415  # few mappings need it

        report_shared_files(entries, renders, problems)


def _over(below: Entry | None, entry: Entry) -> Entry:
    """The entry that wins, which remembers the one below it if it may be absent itself."""
    if below is None or not entry.may_be_absent:
        return entry
    return entry._replace(below=below if below.yields else below.below)


def merge_lookups(lookups: Iterable[tuple[Lookup, bool]]) -> dict[Lookup, bool]:
    """Each distinct lookup once; it means many items if it does anywhere."""
    merged: dict[Lookup, bool] = {}
    for lookup, many in lookups:
        merged[lookup] = merged.get(lookup, False) or many
    return merged


def tagged_lookups(tagged: Tagged) -> tuple[Lookup, ...]:
    """The lookups of a `[[tagged]]` table, one for each of its kinds."""
    return tuple(Lookup(ALL_KINDS[kind].system, kind, tagged.selectors) for kind in tagged.kinds)


def _single_lookups(entries: Iterable[Entry]) -> Iterator[Lookup]:
    for value in (each.value for entry in entries for each in (entry, entry.below) if each):
        if isinstance(value, Wanted):
            yield value.reference.lookup
            if isinstance(value.default, Wanted):
                yield value.default.reference.lookup


def _templates(
    entries: Mapping[str, Entry], problems: Problems, *, open_names: bool
) -> Mapping[str, "CompiledTemplate"]:
    """The compiled templates; *open_names* says that names may exist which nobody knows before the fetch."""
    compiled = {}
    for entry in entries.values():
        if isinstance(entry.value, Template):
            template = _compile(entry, entry.value.text, problems)
            if template:
                compiled[entry.name] = template
    needs = {name: template.needs().names for name, template in compiled.items()}
    if not open_names:
        _report_unknown(needs, entries, problems)
    return {name: compiled[name] for name in _in_order(needs, entries, problems)}


def _compile(entry: Entry, text: str, problems: Problems) -> "CompiledTemplate | None":
    from mysafe_env.templating import Template as CompiledTemplate  # noqa: PLC0415  # Jinja2 is slow to import

    try:
        return CompiledTemplate(text, "template")
    except TemplateError as error:
        problems.add(entry.place, f"{error.message}; mend the template")
        return None


def _report_unknown(needs: Mapping[str, frozenset[str]], entries: Mapping[str, Entry], problems: Problems) -> None:
    for name, needed in needs.items():
        for unknown in sorted(needed - entries.keys()):
            advice = did_you_mean(unknown, entries.keys() - {name})
            problems.add(entries[name].place, f'the template uses "{unknown}", which is not mapped; {advice}')


def _in_order(needs: Mapping[str, frozenset[str]], entries: Mapping[str, Entry], problems: Problems) -> tuple[str, ...]:
    """The names of the templates, each after those that it uses."""
    ordered: list[str] = []
    left = dict(needs)
    while left:
        ready = [name for name, needed in left.items() if not (needed & left.keys())]
        if not ready:
            circle = _circle(left)
            names = ", ".join(sorted(circle))
            problems.add(entries[min(circle)].place, f"templates use each other in a circle ({names}); break it")
            break
        ordered += ready
        left = {name: needed for name, needed in left.items() if name not in ready}
    return tuple(ordered)


def _circle(left: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """One circle among templates each of which uses another one of them."""
    path: list[str] = []
    name = min(left)
    while name not in path:
        path.append(name)
        name = min(left[name] & left.keys())
    return frozenset(path[path.index(name) :])
