"""Jinja2, kept in one place: sandboxed, strict, and silent about values.

In scope: every mapped name, `env` (the same as a mapping), `environ` (the inherited environment),
`secret("mysafe://...")`, `item(kind, selector="...")` and `tagged(tag, kind="...")`.
A library's message may quote a value, so only what stands in the template's own text is repeated.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from traceback import walk_tb
from typing import Final
from urllib.parse import quote

import jinja2
import jinja2.meta
import jinja2.nodes
import jinja2.sandbox
from jinja2.exceptions import SecurityError

from mysafe_env.errors import MySafeEnvError, NotFoundError, TemplateError
from mysafe_env.items import KINDS, Item
from mysafe_env.mapping.grammar import GrammarError, check_selector, find_kind, parse_reference
from mysafe_env.references import Lookup
from mysafe_env.scope import Scope
from mysafe_env.suggest import did_you_mean

FUNCTIONS: Final = frozenset({"secret", "item", "tagged"})
NAMESPACES: Final = frozenset({"env", "environ"})


@dataclass(frozen=True, slots=True)
class Needs:
    """What a template uses, as far as its text tells before it is rendered."""

    names: frozenset[str]
    lookups: tuple[tuple[Lookup, bool], ...]
    """Each with whether it means many items."""


class Template:
    """A template that was read, with the name that its errors are told under."""

    def __init__(self, text: str, name: str, folder: str | None = None) -> None:
        """Compile *text*; includes are looked for in *folder*. Raises `TemplateError`."""
        self._name = name
        self._text = text
        self._jinja = _jinja(folder)
        try:
            tree = self._jinja.parse(text, name, name)
            self._needs = _needs(tree)
            self._code = self._jinja.compile(tree, name, name)
        except jinja2.TemplateSyntaxError as error:
            raise self._error(error.lineno, _sentence(error)) from None
        except RecursionError:
            raise self._error(None, "is nested too deeply") from None
        except (SyntaxError, ValueError) as error:
            # Python's own limits: twenty blocks inside each other, 4300 digits of a number.
            raise self._error(None, f"is more than Python can compile ({type(error).__name__})") from None

    def needs(self) -> Needs:
        """The names and the constant lookups that the text uses."""
        return self._needs

    def render(self, scope: Scope) -> str:
        """The text with the values in it; raises `TemplateError`, also for a lookup that fails."""
        variables = _variables(scope, _Functions(scope, self._text))
        template = jinja2.Template.from_code(self._jinja, self._code, self._jinja.make_globals({}))
        try:
            return template.render(variables)
        except Exception as error:  # noqa: BLE001  # a template can raise anything, and its words may quote a value
            raise self._explain(error, variables) from None

    def _explain(self, error: Exception, variables: Mapping[str, object]) -> TemplateError:
        if isinstance(error, jinja2.TemplateSyntaxError):
            # In an included template: its text is as harmless as that of this one.
            return TemplateError(f"{error.name}:{error.lineno}: {_sentence(error)}")
        line, said = self._line(error), getattr(error, "message", None) or ""
        shown = said if said in self._text else ""
        if isinstance(error, MySafeEnvError | GrammarError):
            return self._error(line, str(error), getattr(error, "hint", ""))
        if isinstance(error, SecurityError):
            return self._error(line, f'uses "{shown}", which the sandbox forbids' if shown else "leaves the sandbox")
        if isinstance(error, jinja2.UndefinedError) and shown:
            return self._error(line, f'"{shown}" is not there', did_you_mean(shown, variables))
        if isinstance(error, jinja2.TemplateNotFound) and shown:
            return self._error(line, f'includes "{shown}", which is not in its folder')
        what = str(error) if isinstance(error, _HiddenError) else type(error).__name__
        return self._error(line, f"fails with {what}", "its text is not shown, it may quote a value")

    def _error(self, line: int | None, text: str, hint: str = "") -> TemplateError:
        return TemplateError(f"{self._name}:{line}: {text}" if line else f"{self._name}: {text}", hint)

    def _line(self, error: Exception) -> int | None:
        lines = [line for frame, line in walk_tb(error.__traceback__) if frame.f_code.co_filename == self._name]
        return lines[-1] if lines else None


class _Undefined(jinja2.StrictUndefined):
    """Strict; its error says the missing name and nothing else, since a name can be computed from a value."""

    __slots__ = ()

    # Or a list with nothing in it would be printed as [Undefined].
    __repr__ = jinja2.StrictUndefined.__str__

    @property
    def _undefined_message(self) -> str:
        return str(self._undefined_name)


def _jinja(folder: str | None) -> jinja2.Environment:
    environment = jinja2.sandbox.ImmutableSandboxedEnvironment(
        undefined=_Undefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # config files are not HTML; each place has its own filter
        loader=jinja2.FileSystemLoader(folder) if folder is not None else None,
    )
    # Jinja2's own leaves / alone, which ends a password in a URL.
    environment.filters["urlencode"] = lambda text: quote(str(text), safe="")
    return environment


class _HiddenError(Exception):
    """A lookup failed, and its words would repeat a computed argument; holds the name of the error's class."""


class _Functions:
    """What a template may call. An error repeats an argument only if the template's own text holds it."""

    def __init__(self, scope: Scope, text: str) -> None:
        self._scope = scope
        self._text = text

    def secret(self, uri: str) -> str:
        """The field that a reference means."""
        with self._quoting(uri):
            reference = parse_reference(uri)
        with self._quoting(*(value for _, value in reference.lookup.selectors)):
            value = self._scope.one(reference.lookup).field(reference.field)
            if value is None:
                raise NotFoundError(f"{reference.lookup} has no {reference.field}")
        return value.reveal()

    def item(self, kind: str, **selectors: object) -> dict[str, str]:
        """The fields of the one item that is meant."""
        with self._quoting(kind, *selectors, *selectors.values()):
            return _fields(self._scope.one(_item_lookup(kind, selectors)))

    def tagged(self, tag: str, kind: str | Iterable[str] = ()) -> list[dict[str, str]]:
        """The fields of every item that carries the tag; without a kind, those of all kinds."""
        kinds = _kinds(kind)
        with self._quoting(tag, *kinds):
            return [_fields(item) for item in self._all(_tagged_lookups(tag, kinds))]

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
            if all(str(argument) in self._text for argument in arguments):
                raise
            raise _HiddenError(type(error).__name__) from None


def _sentence(error: jinja2.TemplateSyntaxError) -> str:
    """Jinja2's words as ours: without a capital and a full stop."""
    said = error.message or "is not valid Jinja2"
    return said[:1].lower() + said[1:].removesuffix(".")


def _variables(scope: Scope, functions: _Functions) -> dict[str, object]:
    values = {name: value.reveal() for name, value in scope.values.items()}
    return {
        **values,
        "env": values,
        "environ": scope.environ,
        "secret": functions.secret,
        "item": functions.item,
        "tagged": functions.tagged,
    }


def _fields(item: Item) -> dict[str, str]:
    """The fields that the item has; using another one is an error, like any undefined name."""
    return {**item.plain, **{name: value.reveal() for name, value in item.secrets.items()}}


def _item_lookup(kind: str, selectors: Mapping[str, object]) -> Lookup:
    meant = find_kind(kind)
    if not selectors:
        raise GrammarError(f'item("{kind}") says no item; add a selector: {", ".join(meant.selectors)}')
    for name in selectors:
        check_selector(name, meant)
    return Lookup("mysafe", kind, tuple(sorted((name, str(value)) for name, value in selectors.items())))


def _kinds(kind: str | Iterable[str] = ()) -> tuple[str, ...]:
    return (kind,) if isinstance(kind, str) else tuple(kind)


def _tagged_lookups(tag: str, kinds: tuple[str, ...]) -> tuple[Lookup, ...]:
    return tuple(_item_lookup(kind, {"tag": tag}) for kind in kinds or KINDS)


def _needs(tree: jinja2.nodes.Template) -> Needs:
    names = jinja2.meta.find_undeclared_variables(tree)
    return Needs(frozenset(names) - FUNCTIONS - NAMESPACES, tuple(_constant_lookups(tree)))


def _constant_lookups(tree: jinja2.nodes.Template) -> Iterator[tuple[Lookup, bool]]:
    """The lookups whose every argument stands in the text, with whether many items are meant."""
    for call in tree.find_all(jinja2.nodes.Call):
        name = call.node.name if isinstance(call.node, jinja2.nodes.Name) else None
        try:
            arguments = [argument.as_const() for argument in call.args]
            keywords = {keyword.key: keyword.value.as_const() for keyword in call.kwargs}
            if name == "secret":
                yield parse_reference(*arguments, **keywords).lookup, False
            elif name == "item":
                [kind] = arguments
                yield _item_lookup(kind, keywords), False
            elif name == "tagged":
                tag, *kind = arguments
                yield from ((lookup, True) for lookup in _tagged_lookups(tag, _kinds(*kind, **keywords)))
        except (jinja2.nodes.Impossible, GrammarError, AttributeError, TypeError, ValueError):
            # Computed when rendering, or wrong: then rendering says so, with the line.
            continue
