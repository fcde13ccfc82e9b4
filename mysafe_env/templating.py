"""Jinja2, kept in one place: sandboxed, strict, and silent about values.

In scope: every mapped name, `env` (the same as a mapping), `environ` (the inherited environment),
`secret("mysafe://...")`, `item(kind, selector="...")` and `tagged(tag, kind="...")`.
A library's message may quote a value, so only what stands in the template's own text is repeated.
"""

from collections.abc import Iterable, Iterator, Mapping
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
from mysafe_env.mapping.grammar import GrammarError, check_selector, parse_reference
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
            self._tree = self._jinja.parse(text, name, name)
            self._code = self._jinja.compile(self._tree, name, name)
        except jinja2.TemplateSyntaxError as error:
            raise self._error(error.lineno, error.message or "is not valid Jinja2") from None
        except RecursionError:
            raise self._error(None, "is nested too deeply") from None

    def needs(self) -> Needs:
        """The names and the constant lookups that the text uses."""
        names = jinja2.meta.find_undeclared_variables(self._tree)
        return Needs(frozenset(names) - FUNCTIONS - NAMESPACES, tuple(_constant_lookups(self._tree)))

    def render(self, scope: Scope) -> str:
        """The text with the values in it; raises `TemplateError`, or what a lookup raises."""
        variables = _variables(scope)
        template = jinja2.Template.from_code(self._jinja, self._code, self._jinja.make_globals({}))
        try:
            return template.render(variables)
        except Exception as error:  # noqa: BLE001  # a template can raise anything, and its words may quote a value
            raise self._explain(error, variables) from None

    def _explain(self, error: Exception, variables: Mapping[str, object]) -> TemplateError:
        if isinstance(error, jinja2.TemplateSyntaxError):
            # In an included template: its text is as harmless as that of this one.
            return TemplateError(f"{error.name}:{error.lineno}: {error.message}")
        line, said = self._line(error), getattr(error, "message", None) or ""
        shown = said if said in self._text else ""
        if isinstance(error, MySafeEnvError | GrammarError) and not self._quotes(str(error), variables):
            return self._error(line, str(error), getattr(error, "hint", ""))
        if isinstance(error, SecurityError):
            return self._error(line, f'uses "{shown}", which the sandbox forbids')
        if isinstance(error, jinja2.UndefinedError) and shown:
            return self._error(line, f'"{shown}" is not there', did_you_mean(shown, variables))
        if isinstance(error, jinja2.TemplateNotFound) and shown:
            return self._error(line, f'includes "{shown}", which is not in its folder')
        return self._error(line, f"fails with {type(error).__name__}", "its text is not shown, it may quote a value")

    def _quotes(self, said: str, variables: Mapping[str, object]) -> bool:
        """Whether a sentence repeats what the text itself does not hold: a computed argument may be a value."""
        values = (value for value in variables.values() if isinstance(value, str) and value)
        quoted = said.split('"')[1:2]
        return any(piece in said and piece not in self._text for piece in (*quoted, *values))

    def _error(self, line: int | None, text: str, hint: str = "") -> TemplateError:
        return TemplateError(f"{self._name}:{line}: {text}" if line else f"{self._name}: {text}", hint)

    def _line(self, error: Exception) -> int | None:
        lines = [line for frame, line in walk_tb(error.__traceback__) if frame.f_code.co_filename == self._name]
        return lines[-1] if lines else None


class _Undefined(jinja2.StrictUndefined):
    """Strict; its error says the missing name and nothing else, since a name can be computed from a value."""

    __slots__ = ()

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


def _variables(scope: Scope) -> dict[str, object]:
    values = {name: value.reveal() for name, value in scope.values.items()}
    return {
        **values,
        "env": values,
        "environ": scope.environ,
        "secret": lambda uri: _secret(scope, uri),
        "item": lambda kind, **selectors: _fields(scope.one(_item_lookup(kind, selectors))),
        "tagged": lambda tag, kind=tuple(KINDS): [
            _fields(item) for lookup in _tagged_lookups(tag, kind) for item in scope.many(lookup)
        ],
    }


def _secret(scope: Scope, uri: str) -> str:
    reference = parse_reference(uri)
    value = scope.one(reference.lookup).field(reference.field)
    if value is None:
        raise NotFoundError(f"{reference.lookup} has no {reference.field}")
    return value.reveal()


def _fields(item: Item) -> dict[str, str]:
    """The fields that the item has; using another one is an error, like any undefined name."""
    return {**item.plain, **{name: value.reveal() for name, value in item.secrets.items()}}


def _item_lookup(kind: str, selectors: Mapping[str, object]) -> Lookup:
    if kind not in KINDS:
        raise GrammarError(f'there is no kind "{kind}"; {did_you_mean(kind, KINDS)}')
    if not selectors:
        raise GrammarError(f'item("{kind}") says no item; add a selector: {", ".join(KINDS[kind].selectors)}')
    for name in selectors:
        check_selector(name, KINDS[kind])
    return Lookup("mysafe", kind, tuple(sorted((name, str(value)) for name, value in selectors.items())))


def _tagged_lookups(tag: str, kind: str | Iterable[str]) -> tuple[Lookup, ...]:
    kinds = (kind,) if isinstance(kind, str) else tuple(kind)
    return tuple(_item_lookup(each, {"tag": tag}) for each in kinds)


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
                yield from (
                    (lookup, True) for lookup in _tagged_lookups(*arguments, **{"kind": tuple(KINDS), **keywords})
                )
        except (jinja2.nodes.Impossible, GrammarError, AttributeError, TypeError, ValueError):
            # Computed when rendering, or wrong: then rendering says so, with the line.
            continue
