"""The functions `secret`, `item` and `tagged`, by which a template asks for items that the mapping does not name."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final, TypeVar

from mysafe_env.absence import not_found
from mysafe_env.errors import MySafeEnvError, NotFoundError, SourceError
from mysafe_env.items import ALL_KINDS, Item
from mysafe_env.mapping.grammar import GROUPINGS, GrammarError, check_selector, find_kind, parse_reference
from mysafe_env.references import Lookup
from mysafe_env.scope import Scope
from mysafe_env.templating.calls import telling_calls
from mysafe_env.templating.environment import Fields, ItemFields
from mysafe_env.templating.files import TemplateFiles

FORMS: Final = {
    "secret": 'secret("mysafe://...")',
    "item": 'item("password", name="...")',
    "tagged": 'tagged("...", kind="password")',
}
"""How each function is called."""
_T = TypeVar("_T")


class HiddenError(Exception):
    """A lookup failed whose message would repeat a computed argument; holds only the name of the error's class."""


class Functions:
    """The functions of one rendering. Errors repeat an argument only if it stands in a template's own text."""

    def __init__(self, scope: Scope, files: TemplateFiles) -> None:
        self._scope = scope
        self._files = files

    def by_name(self) -> dict[str, Callable[..., object]]:
        """Each function by its name in templates; a wrong call raises `CallError`."""
        functions: dict[str, Callable[..., object]] = {"secret": self.secret, "item": self.item, "tagged": self.tagged}
        return {name: telling_calls(name, FORMS[name], function) for name, function in functions.items()}

    def secret(self, uri: str) -> str:
        """The text of the field that a reference means."""
        with self._quoting(uri):
            reference = parse_reference(uri)
        with self._quoting(*(value for _, value in reference.lookup.selectors)):
            value = self._scope.one(reference.lookup).field(reference.field)
            if value is None:
                raise NotFoundError(f"{reference.lookup} has no {reference.field}")
        return value.reveal()

    def item(self, kind: str, **selectors: object) -> Fields:
        """The fields of the one item that is meant."""
        arguments = (kind, *selectors, *selectors.values())
        with self._quoting(*arguments):
            found = self._scope.one(item_lookup(kind, selectors))
        return self._fields(found, arguments)

    def tagged(self, tag: str | None = None, kind: str | Iterable[str] = (), **selectors: object) -> list[Fields]:
        """The fields of every item that carries the tag, or is in a collection or folder of SecretSafe.

        Without a kind, items of all kinds that can be selected in this way.
        """
        kinds = _names(kind)
        arguments = ("" if tag is None else tag, *kinds, *selectors, *selectors.values())
        with self._quoting(*arguments):
            found = self._all(tagged_lookups(tag, kinds, **selectors))
        return [self._fields(each, arguments) for each in found]

    def _fields(self, item: Item, arguments: Iterable[object]) -> Fields:
        """The fields that the item has; any other field is an undefined name."""
        values = {**item.plain, **{name: value.reveal() for name, value in item.secrets.items()}}
        shown = self._may_quote(arguments)
        refusals = {name: error if shown else _hidden(error) for name, error in item.refusals.items()}
        kind = ALL_KINDS[item.kind]
        fields = ItemFields(_only(kind.fields, values), _only(kind.fields, refusals))
        if kind.named_fields:
            prefix = kind.named_fields
            fields[prefix.rstrip(".")] = ItemFields(_after(prefix, values), _after(prefix, refusals))
        return fields

    def _all(self, lookups: Sequence[Lookup]) -> list[Item]:
        """The items of all lookups; an error when none of them finds any."""
        items: list[Item] = []
        missing: list[NotFoundError] = []
        for lookup in lookups:
            try:
                items += _all_readable(self._scope.many(lookup))
            except NotFoundError as error:
                missing.append(error)
        if missing and not items:
            raise missing[0] if len(missing) == 1 else not_found(lookups)
        return items

    @contextmanager
    def _quoting(self, *arguments: object) -> Iterator[None]:
        try:
            yield
        except (MySafeEnvError, GrammarError) as error:
            if self._may_quote(arguments):
                raise
            raise _hidden(error) from None

    def _may_quote(self, arguments: Iterable[object]) -> bool:
        return all(self._files.holds(str(argument)) for argument in arguments)


def item_lookup(kind: str, selectors: Mapping[str, object]) -> Lookup:
    """The lookup of `item(kind, selector=...)`; raises `GrammarError`."""
    meant = find_kind(kind)
    if not selectors:
        raise GrammarError(f'item("{kind}") says no item; add a selector: {", ".join(meant.selectors)}')
    for name in selectors:
        check_selector(name, meant)
    return Lookup(meant.system, kind, tuple(sorted((name, str(value)) for name, value in selectors.items())))


def tagged_lookups(tag: str | None = None, kind: str | Iterable[str] = (), **selectors: object) -> tuple[Lookup, ...]:
    """The lookups of `tagged(...)`, one for each kind; raises `GrammarError`."""
    wanted = selectors if tag is None else {"tag": tag, **selectors}
    if not wanted:
        raise GrammarError('tagged() says no tag; write tagged("..."), or tagged(collection="...") for SecretSafe')
    for name in wanted:
        if name not in GROUPINGS:
            raise GrammarError(f'tagged() takes no "{name}"; known are: {", ".join(GROUPINGS)}')
    fitting = tuple(each.name for each in ALL_KINDS.values() if wanted.keys() <= {*each.selectors})
    return tuple(item_lookup(each, wanted) for each in _names(kind) or fitting)


def _names(kind: str | Iterable[str]) -> tuple[str, ...]:
    return (kind,) if isinstance(kind, str) else tuple(kind)


def _all_readable(found: Iterable[Item | SourceError]) -> Iterator[Item]:
    for each in found:
        if isinstance(each, SourceError):
            raise each
        yield each


def _hidden(error: Exception) -> HiddenError:
    return HiddenError(type(error).__name__)


def _only(names: Iterable[str], values: Mapping[str, _T]) -> dict[str, _T]:
    return {name: values[name] for name in names if name in values}


def _after(prefix: str, values: Mapping[str, _T]) -> dict[str, _T]:
    return {name.removeprefix(prefix): value for name, value in values.items() if name.startswith(prefix)}
