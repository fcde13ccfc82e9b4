"""Jinja2's environment as every template gets it: sandboxed, strict, with our filters."""

from collections.abc import Callable, Mapping
from functools import wraps
from types import FunctionType
from typing import Any, Final

import jinja2
import jinja2.runtime
import jinja2.sandbox
from jinja2.runtime import BlockReference, LoopContext, Macro, TemplateReference
from jinja2.utils import missing

from mysafe_env.errors import TemplateError
from mysafe_env.filters.base import UnfitError
from mysafe_env.filters.registry import filters_for
from mysafe_env.templating.calls import filter_form, telling_calls
from mysafe_env.templating.files import TemplateFiles
from mysafe_env.templating.line_ends import KeepLineEnds

MOST_CHARACTERS: Final = 16 * 2**20
# What Jinja2's own names mean, whatever the mapping has by these names.
_OWN_NAMES: Final = {TemplateReference: "self", LoopContext: "loop", BlockReference: "super"}


class PrintedError(Exception):
    """A template prints a whole mapping, in Python's notation, which no config file has."""


class OwnNameError(Exception):
    """A template prints what a name of the template language means there: `self`, `loop`, a macro or a function."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(name)


class Fields(dict[str, Any]):
    """A mapping whose keys are names that an error may show: variables, or the fields of an item."""

    def __repr__(self) -> str:
        raise PrintedError


class ItemFields(Fields):
    """The fields of an item. Using one that the item has and that can't be read raises its reason."""

    __slots__ = ("_refusals",)

    def __init__(self, values: Mapping[str, str], refusals: Mapping[str, Exception]) -> None:
        super().__init__(values)
        self._refusals = refusals

    def __missing__(self, name: str) -> str:
        raise self._refusals.get(name) or KeyError(name)


class MissingName(str):
    """A name that is not defined, with the names that are."""

    __slots__ = ("known",)

    known: tuple[str, ...] | None
    """The names that are defined there; None where the missing name is a variable of the template."""


class Inserted(str):
    """A piece of a rendered text that came from an expression; every other piece stands in the template."""

    __slots__ = ()

    def __str__(self) -> str:
        # Jinja2 calls str() on it, which would make it a plain piece again.
        return self


def _inserted(value: object) -> Inserted:
    if isinstance(value, Macro):
        raise OwnNameError(value.name or "caller")  # only the block of a call has no name
    if isinstance(value, FunctionType):
        raise OwnNameError(value.__name__)
    if type(value) in _OWN_NAMES:
        raise OwnNameError(_OWN_NAMES[type(value)])
    return Inserted(value)


class FilterError(Exception):
    """A filter refused what it was given."""

    def __init__(self, name: str, reason: UnfitError, value: object) -> None:
        self.name = name
        self.reason = reason
        self.value = value
        super().__init__(name)


class _Undefined(jinja2.StrictUndefined):
    """An undefined name, which is an error wherever it is used.

    Its error holds the missing name only, since a name can be computed from a value: `Failures` decides on the words.
    """

    __slots__ = ()

    # Or a list with nothing in it would be printed as [Undefined].
    __repr__ = jinja2.StrictUndefined.__str__

    @property
    def _undefined_message(self) -> str:
        name = MissingName(self._undefined_name)
        if self._undefined_obj is missing:
            name.known = None
        else:
            name.known = tuple(self._undefined_obj) if isinstance(self._undefined_obj, Fields) else ()
        return name


def too_much(what: str) -> TemplateError:
    """The error for a template that makes more than any config file holds."""
    return TemplateError(f"{what} makes more than any config file holds", "see whether a loop or a number is too large")


class _Environment(jinja2.sandbox.ImmutableSandboxedEnvironment):
    """The sandbox, with a limit for the result of `*` and `**`; Jinja2 itself has one of 100,000 for `range`."""

    intercepted_binops = frozenset({"*", "**"})

    def call_binop(self, context: jinja2.runtime.Context, operator: str, left: Any, right: Any) -> Any:  # noqa: ANN401  # whatever the template has
        """The result of `*` or `**`; raises `TemplateError`."""
        if _size(operator, left, right) > MOST_CHARACTERS:
            raise too_much(operator)
        return super().call_binop(context, operator, left, right)


def _size(operator: str, left: object, right: object) -> int:
    """About how many characters, elements or bits the result has; 0 where Python refuses the operands itself."""
    if isinstance(left, int) and isinstance(right, int):
        return left.bit_length() * right if operator == "**" else left.bit_length() + right.bit_length()
    repeated, times = (right, left) if isinstance(left, int) else (left, right)
    if isinstance(repeated, str | list | tuple) and isinstance(times, int):
        return len(repeated) * times
    return 0


def make_environment(files: TemplateFiles, old_text: str = "") -> jinja2.Environment:
    """An environment for one rendering; *old_text* is the content of the file that is rendered again, or empty."""
    environment = _Environment(
        undefined=_Undefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # config files are not HTML; each place has its own filter
        finalize=_inserted,
        loader=files,
        extensions=[KeepLineEnds],
    )
    environment.filters.update({name: _telling(name, each) for name, each in filters_for(old_text).items()})
    return environment


def _telling(name: str, function: Callable[..., str]) -> Callable[..., str]:
    """The same filter, whose refusal says which filter it was and what it was given."""
    called = telling_calls(name, filter_form(name, function), function)

    @wraps(function)
    def apply(value: Any, *arguments: Any, **options: Any) -> str:  # noqa: ANN401  # whatever the template gives
        try:
            return called(value, *arguments, **options)
        except UnfitError as error:
            raise FilterError(name, error, value) from None

    return apply
