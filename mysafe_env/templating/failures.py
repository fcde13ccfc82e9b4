"""From what a rendering raised to a `TemplateError` with file and line that quotes no value."""

from collections.abc import Collection, Iterable, Mapping
from traceback import walk_tb

import jinja2
import jinja2.nodes
from jinja2.exceptions import SecurityError

from mysafe_env.errors import MySafeEnvError, TemplateError
from mysafe_env.mapping.grammar import GrammarError
from mysafe_env.suggest import did_you_mean
from mysafe_env.templating.calls import CallError
from mysafe_env.templating.environment import FilterError, MissingName, OwnNameError, PrintedError
from mysafe_env.templating.files import TemplateFiles
from mysafe_env.templating.functions import HiddenError
from mysafe_env.templating.reading import sentence

_HIDDEN_HINT = "its text is not shown, it may quote a value"


class Failures:
    """Turns what a rendering raised into a `TemplateError`."""

    def __init__(
        self, name: str, files: TemplateFiles, environment: jinja2.Environment, absent: Collection[str] = ()
    ) -> None:
        """*absent* are the names of optional variables without a value."""
        self._name = name
        self._files = files
        self._environment = environment
        self._absent = absent

    def explain(self, error: Exception, variables: Mapping[str, object]) -> TemplateError:
        """The error with its file and line; *variables* are those that the template was rendered with."""
        if isinstance(error, jinja2.TemplateSyntaxError):
            # In an included template: its text is as harmless as that of this one.
            return TemplateError(f"{error.filename or error.name}:{error.lineno}: {sentence(error)}")
        path, line = self._place(error)
        said, hint = self._words(error, path, line, variables)
        return TemplateError(f"{path}:{line}: {said}" if line else f"{path}: {said}", hint)

    def _place(self, error: Exception) -> tuple[str, int | None]:
        """The path and line of the innermost template that the error came through."""
        frames = ((frame.f_code.co_filename, line) for frame, line in walk_tb(error.__traceback__))
        return ([(self._name, None), *(place for place in frames if place[0] in self._files.texts)])[-1]

    def _words(self, error: Exception, path: str, line: int | None, variables: Mapping[str, object]) -> tuple[str, str]:
        if isinstance(error, MySafeEnvError | GrammarError):
            return str(error), getattr(error, "hint", "")
        if isinstance(error, FilterError):
            operand = self._operand(error, path, line, variables)
            return f"{error.name} can't take {operand}: {error.reason}", error.reason.hint
        if isinstance(error, HiddenError):
            return f"fails with {error}", _HIDDEN_HINT
        known = _words_of_misuse(error) or self._words_of_jinja(error, variables)
        return known or (f"fails with {type(error).__name__}", _HIDDEN_HINT)

    def _words_of_jinja(self, error: Exception, names: Iterable[str]) -> tuple[str, str] | None:
        """Message and hint for an error of Jinja2; None where its words may be computed from a value."""
        message = getattr(error, "message", None) or ""
        shown = self._files.holds(message)
        if isinstance(error, SecurityError):
            return f'uses "{message}", which the sandbox forbids' if shown and message else "leaves the sandbox", ""
        if isinstance(message, MissingName) and shown:
            return f'"{message}" is not there', self._way_out(message, names)
        if isinstance(error, jinja2.TemplateNotFound) and shown:
            where = " nor in ".join(("its folder", *self._files.more_folders))
            return f'includes "{message}", which is not in {where}', self._words_of_folders(message)
        return None

    def _way_out(self, name: MissingName, names: Iterable[str]) -> str:
        if name in self._absent:
            return f"it is optional, and no item matches; say what stands in its place: {name}|default('')"
        return _known(name, names)

    def _words_of_folders(self, name: str) -> str:
        meant = did_you_mean(name, self._files.names())
        return f"{meant}; other folders are named with --template-path, or template_path in [[render]]"

    def _operand(self, error: FilterError, path: str, line: int | None, variables: Mapping[str, object]) -> str:
        """What the filter was applied to, as far as the template's text shows it."""
        tree = self._environment.parse(self._files.texts[path])
        used = (node for node in tree.find_all(jinja2.nodes.Filter) if (node.name, node.lineno) == (error.name, line))
        described = {_described(node.node) for node in used}
        # Of several on a line, the variable that holds this very value.
        meant = {name for name in described if variables.get(name) is error.value}
        return " or ".join(sorted(meant or described)) or "the value"


def _words_of_misuse(error: Exception) -> tuple[str, str] | None:
    match error:
        case RecursionError():
            return "uses itself without an end", "let no include, block or macro lead back to itself"
        case PrintedError():
            return (
                "prints a whole item or environment, not one value of it",
                "name the value, as in item(...).password or env.NAME; tojson and toyaml write the whole",
            )
        case OwnNameError():
            return (
                f"prints {error.name}, which is a name of the template language there, and no text",
                f'for a variable of that name, write env["{error.name}"]',
            )
        case CallError():
            return f"{error.name} is called with arguments that it does not take, or lacks some", f"write {error.form}"
    return None


def _known(name: MissingName, names: Iterable[str]) -> str:
    known = names if name.known is None else name.known
    return did_you_mean(name, known) if known else ""


def _described(node: jinja2.nodes.Expr | None) -> str:
    match node:
        case jinja2.nodes.Name():
            return node.name
        case jinja2.nodes.Getattr():
            return f"{_described(node.node)}.{node.attr}"
        case jinja2.nodes.Filter():
            return _described(node.node)
        case jinja2.nodes.Call(node=jinja2.nodes.Name(name=name), args=[jinja2.nodes.Const(value=value), *_]):
            return f'{name}("{value}")'
    return "the value"
