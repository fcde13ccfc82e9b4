"""What a template may call to get at items that the mapping does not name."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from mysafe_env.errors import MySafeEnvError, NotFoundError
from mysafe_env.items import KINDS, Item
from mysafe_env.mapping.grammar import GrammarError, check_selector, find_kind, parse_reference
from mysafe_env.references import Lookup
from mysafe_env.scope import Scope
from mysafe_env.templating.environment import Fields
from mysafe_env.templating.files import TemplateFiles

FUNCTIONS: Final = frozenset({"secret", "item", "tagged"})


class HiddenError(Exception):
    """A lookup failed, and its words would repeat a computed argument; holds the name of the error's class."""


class Functions:
    """What a template may call. An error repeats an argument only if a template's own text holds it."""

    def __init__(self, scope: Scope, files: TemplateFiles) -> None:
        self._scope = scope
        self._files = files

    def secret(self, uri: str) -> str:
        """The field that a reference means."""
        with self._quoting(uri):
            reference = parse_reference(uri)
        with self._quoting(*(value for _, value in reference.lookup.selectors)):
            value = self._scope.one(reference.lookup).field(reference.field)
            if value is None:
                raise NotFoundError(f"{reference.lookup} has no {reference.field}")
        return value.reveal()

    def item(self, kind: str, **selectors: object) -> Fields:
        """The fields of the one item that is meant."""
        with self._quoting(kind, *selectors, *selectors.values()):
            return _fields(self._scope.one(item_lookup(kind, selectors)))

    def tagged(self, tag: str, kind: str | Iterable[str] = ()) -> list[Fields]:
        """The fields of every item that carries the tag; without a kind, those of all kinds."""
        chosen = kinds(kind)
        with self._quoting(tag, *chosen):
            return [_fields(item) for item in self._all(tagged_lookups(tag, chosen))]

    def _all(self, lookups: Iterable[Lookup]) -> list[Item]:
        """The items of all lookups; an error when none of them finds any."""
        items: list[Item] = []
        missing: list[NotFoundError] = []
        for lookup in lookups:
            try:
                items += self._scope.many(lookup)
            except NotFoundError as error:
                missing.append(error)
        if missing and not items:
            raise missing[0]
        return items

    @contextmanager
    def _quoting(self, *arguments: object) -> Iterator[None]:
        try:
            yield
        except (MySafeEnvError, GrammarError) as error:
            if all(self._files.holds(str(argument)) for argument in arguments):
                raise
            raise HiddenError(type(error).__name__) from None


def item_lookup(kind: str, selectors: Mapping[str, object]) -> Lookup:
    """What `item(kind, selector=...)` means; raises `GrammarError`."""
    meant = find_kind(kind)
    if not selectors:
        raise GrammarError(f'item("{kind}") says no item; add a selector: {", ".join(meant.selectors)}')
    for name in selectors:
        check_selector(name, meant)
    return Lookup("mysafe", kind, tuple(sorted((name, str(value)) for name, value in selectors.items())))


def kinds(kind: str | Iterable[str] = ()) -> tuple[str, ...]:
    """The `kind` of `tagged` as a tuple; empty for all kinds."""
    return (kind,) if isinstance(kind, str) else tuple(kind)


def tagged_lookups(tag: str, chosen: tuple[str, ...]) -> tuple[Lookup, ...]:
    """What `tagged(tag, kind=...)` means; raises `GrammarError`."""
    return tuple(item_lookup(kind, {"tag": tag}) for kind in chosen or KINDS)


def _fields(item: Item) -> Fields:
    """The fields that the item has; using another one is an error, like any undefined name."""
    return Fields({**item.plain, **{name: value.reveal() for name, value in item.secrets.items()}})
