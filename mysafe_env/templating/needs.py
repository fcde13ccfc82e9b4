"""The variables and items that a template uses, as far as its text shows them before it is rendered."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import jinja2
import jinja2.meta
import jinja2.nodes

from mysafe_env.mapping.grammar import GrammarError, parse_reference
from mysafe_env.references import Lookup
from mysafe_env.templating.functions import FORMS, item_lookup, tagged_lookups

_NAMESPACES: Final = frozenset({"env", "environ"})


@dataclass(frozen=True, slots=True)
class Needs:
    """What a template uses: variables, and items that it looks up by constant arguments."""

    names: frozenset[str]
    lookups: tuple[tuple[Lookup, bool], ...]
    """Each lookup with whether it means many items; those of included templates as well."""


def find_needs(tree: jinja2.nodes.Template, included: Iterator[jinja2.nodes.Template]) -> Needs:
    """What the template of *tree* uses, with the lookups of those that it includes, imports or extends."""
    names = frozenset(jinja2.meta.find_undeclared_variables(tree)) - FORMS.keys() - _NAMESPACES
    return Needs(names, tuple(pair for each in (tree, *included) for pair in _constant_lookups(each)))


def _constant_lookups(tree: jinja2.nodes.Template) -> Iterator[tuple[Lookup, bool]]:
    """The lookups whose arguments are all constants, each with whether it means many items."""
    for call in tree.find_all(jinja2.nodes.Call):
        name = call.node.name if isinstance(call.node, jinja2.nodes.Name) else None
        try:
            arguments = [argument.as_const() for argument in call.args]
            keywords = {keyword.key: keyword.value.as_const() for keyword in call.kwargs}
            if name == "secret":
                yield parse_reference(*arguments, **keywords).lookup, False
            elif name == "item":
                [kind] = arguments
                yield item_lookup(kind, keywords), False
            elif name == "tagged":
                yield from ((lookup, True) for lookup in tagged_lookups(*arguments, **keywords))
        except (jinja2.nodes.Impossible, GrammarError, AttributeError, TypeError, ValueError):
            # Computed when rendering, or wrong: then rendering says so, with the line.
            continue
