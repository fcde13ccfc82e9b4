"""A template: read and compiled once, then rendered with values."""

import os.path
from collections.abc import Iterable, Iterator
from typing import Final

import jinja2

from mysafe_env.scope import Scope
from mysafe_env.templating.environment import MOST_CHARACTERS, Fields, Inserted, make_environment, too_much
from mysafe_env.templating.failures import Failures
from mysafe_env.templating.files import TemplateFiles, read_text
from mysafe_env.templating.functions import Functions
from mysafe_env.templating.needs import Needs, find_needs
from mysafe_env.templating.reading import parse, parse_included, telling_syntax

# What a piece costs besides its characters.
_PIECE: Final = 16


class Template:
    """A compiled template; *name* is what its errors call it."""

    def __init__(self, text: str, name: str, *folders: str) -> None:
        """Compile *text*; what it includes is looked for in *folders*. Raises `TemplateError`."""
        self._name = name
        self._files = TemplateFiles(folders)
        self._files.texts[name] = text
        environment = make_environment(self._files)
        tree = parse(text, name, environment)
        with telling_syntax(name):
            self._needs = find_needs(tree, parse_included(tree, environment, self._files))
            self._code = environment.compile(tree, name, name)
        self._files.add_constants(self._code)

    def needs(self) -> Needs:
        """The variables and the constant lookups that the template uses."""
        return self._needs

    def render(self, scope: Scope) -> str:
        """The text with the values in it; raises `TemplateError`, also for a lookup that fails."""
        return "".join(self.pieces(scope))

    def pieces(self, scope: Scope, old_text: str = "") -> tuple[str, ...]:
        """The same text in pieces: plain ones stand in the template, values are `Inserted`.

        *old_text* is the content of the file that is rendered again, if there is one. Raises `TemplateError`.
        """
        environment = make_environment(self._files, old_text)
        variables = _variables(scope, Functions(scope, self._files))
        # As globals, they are there in imported templates too.
        environment.globals.update(variables)
        template = jinja2.Template.from_code(environment, self._code, environment.make_globals({}))
        try:
            return tuple(self._marked(piece) for piece in _bounded(_run(template)))
        except Exception as error:  # noqa: BLE001  # a template can raise anything, and its words may quote a value
            failures = Failures(self._name, self._files, environment, scope.absent)
            raise failures.explain(error, variables) from None

    def _marked(self, piece: str) -> str:
        # A block that is filtered or called gives its whole text as a plain piece.
        return piece if piece in self._files.constants else Inserted(piece)


def read_template(path: str, search: Iterable[str] = ()) -> Template:
    """The template in a file; includes are looked for in its folder, then in *search*. Raises `TemplateError`."""
    return Template(read_text(path), path, os.path.dirname(path) or ".", *search)  # noqa: PTH120  # pathlib is slow


def _run(template: jinja2.Template) -> Iterator[str]:
    try:
        yield from template.root_render_func(template.new_context())
    except Exception:  # noqa: BLE001  # Jinja2 raises it again, with the lines of the template
        template.environment.handle_exception()


def _bounded(pieces: Iterator[str]) -> Iterator[str]:
    """The same pieces; raises `TemplateError` as soon as they are more than any config file holds."""
    room = MOST_CHARACTERS
    for piece in pieces:
        room -= len(piece) + _PIECE
        if room < 0:
            raise too_much("it")
        yield piece


def _variables(scope: Scope, functions: Functions) -> dict[str, object]:
    values = Fields({name: value.reveal() for name, value in scope.values.items()})
    return {
        **values,
        "env": values,
        "environ": Fields(scope.environ),
        **functions.by_name(),
    }
