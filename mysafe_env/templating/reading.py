"""From the text of a template to its syntax tree; what can be seen to be wrong without rendering is an error here."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import jinja2
import jinja2.nodes

from mysafe_env.errors import TemplateError
from mysafe_env.suggest import did_you_mean
from mysafe_env.templating.files import TemplateFiles

_NAMING = (jinja2.nodes.Include, jinja2.nodes.Import, jinja2.nodes.FromImport, jinja2.nodes.Extends)


def parse(text: str, name: str, environment: jinja2.Environment) -> jinja2.nodes.Template:
    """The syntax tree of a template; raises `TemplateError`, also for an unknown filter or test."""
    with telling_syntax(name):
        tree = environment.parse(text, name, name)
        for used in tree.find_all((jinja2.nodes.Filter, jinja2.nodes.Test)):
            is_filter = isinstance(used, jinja2.nodes.Filter)
            known = (environment.filters if is_filter else environment.tests).keys()
            if used.name not in known:
                what = f"no {'filter' if is_filter else 'test'} named '{used.name}'"
                raise TemplateError(f"{name}:{used.lineno}: {what}", did_you_mean(used.name, known)) from None
    return tree


def parse_included(
    tree: jinja2.nodes.Template, environment: jinja2.Environment, files: TemplateFiles
) -> Iterator[jinja2.nodes.Template]:
    """The trees of all templates that are included, imported or extended by a constant name, directly or not."""
    seen: set[str] = set()
    todo = [tree]
    while todo:
        for name in _names(todo.pop()):
            if name not in seen:
                seen.add(name)
                try:
                    text, path, _ = files.get_source(environment, name)
                except jinja2.TemplateNotFound:
                    # It may be one of several, or ignored when it is missing; else rendering says so, with the line.
                    continue
                todo.append(parse(text, path, environment))
                yield todo[-1]


@contextmanager
def telling_syntax(name: str) -> Iterator[None]:
    """Turn what Jinja2 and Python say about the text of a template into a `TemplateError`."""
    try:
        yield
    except jinja2.TemplateSyntaxError as error:
        raise TemplateError(f"{name}:{error.lineno}: {sentence(error)}") from None
    except RecursionError:
        raise TemplateError(f"{name}: is nested too deeply") from None
    except (SyntaxError, ValueError) as error:
        # Python's own limits: twenty blocks inside each other, 4300 digits of a number.
        raise TemplateError(f"{name}: is more than Python can compile ({type(error).__name__})") from None


def sentence(error: jinja2.TemplateSyntaxError) -> str:
    """Jinja2's words as ours: without a capital and a full stop."""
    said = error.message or "is not valid Jinja2"
    return said[:1].lower() + said[1:].removesuffix(".")


def _names(tree: jinja2.nodes.Template) -> Iterator[str]:
    for node in tree.find_all(_NAMING):
        named: jinja2.nodes.Expr = node.template  # type: ignore[attr-defined]  # mypy sees only their common base
        for each in named.items if isinstance(named, jinja2.nodes.List | jinja2.nodes.Tuple) else [named]:
            with suppress(jinja2.nodes.Impossible):
                name = each.as_const()
                if isinstance(name, str):
                    yield name
