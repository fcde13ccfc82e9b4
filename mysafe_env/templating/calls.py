"""Calls of filters and functions with wrong arguments, told in our words: Python's may quote a value."""

from collections.abc import Callable
from functools import wraps
from inspect import Parameter, signature
from typing import Any, TypeVar

_T = TypeVar("_T")


class CallError(Exception):
    """A filter or a function was called with wrong arguments; *form* is how it is called."""

    def __init__(self, name: str, form: str) -> None:
        self.name = name
        self.form = form
        super().__init__(name)


def telling_calls(name: str, form: str, function: Callable[..., _T]) -> Callable[..., _T]:
    """The same function, which raises `CallError` for arguments that it does not take, or that are missing."""

    @wraps(function)
    def call(*arguments: Any, **options: Any) -> _T:  # noqa: ANN401  # whatever the template gives
        try:
            return function(*arguments, **options)
        except TypeError:
            if _takes(function, arguments, options):
                raise
            raise CallError(name, form) from None

    return call


def filter_form(name: str, function: Callable[..., object]) -> str:
    """How a filter is called in a template: its name, and its parameters in brackets."""
    _, *others = signature(function).parameters.values()
    return f"{name}({', '.join(map(_shown, others))})" if others else name


def _shown(parameter: Parameter) -> str:
    return parameter.name if parameter.default is Parameter.empty else f"{parameter.name}={parameter.default!r}"


def _takes(function: Callable[..., object], arguments: tuple[object, ...], options: dict[str, object]) -> bool:
    try:
        signature(function).bind(*arguments, **options)
    except TypeError:
        return False
    return True
