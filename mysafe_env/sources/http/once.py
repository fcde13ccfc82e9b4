"""Answers to calls that are sent once: whether they tell that the call was done, that it was not, or neither."""

from collections.abc import Callable
from typing import Final, TypeVar

from mysafe_env.errors import CredentialsError, OutageError, UncertainError
from mysafe_env.sources.http.calls import Answer

_Read = TypeVar("_Read")

_REFUSALS: Final = range(400, 500)


def read_once(answer: Answer, read: Callable[[Answer], _Read]) -> _Read:
    """What *read* makes of the answer; raises `UncertainError` for one that leaves it open whether the call was done.

    A refusal does not, and keeps its error: a status of 4xx, or `CredentialsError`.
    """
    try:
        return read(answer)
    except OutageError as error:
        if isinstance(error, CredentialsError) or answer.status in _REFUSALS:
            raise
        raise UncertainError(error.message, error.hint) from None
