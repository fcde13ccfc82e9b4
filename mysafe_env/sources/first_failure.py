"""A failed login that is remembered, so that many threads do not make it many times."""

from collections.abc import Callable
from typing import TypeVar

from mysafe_env.deadline import Deadline
from mysafe_env.errors import OutageError

_Login = TypeVar("_Login")


class FirstFailure:
    """The failure of a login, which holds for its whole resolution, as 16 wrong logins might lock an account.

    Two resolutions are told apart by their deadlines. Who asks holds the login's lock.
    """

    def __init__(self) -> None:
        self._failed: tuple[Deadline, OutageError] | None = None

    def once(self, log_in: Callable[[Deadline], _Login], deadline: Deadline) -> _Login:
        """What *log_in* gives; raises its `OutageError`, and the same one again without another attempt."""
        if self._failed is not None and self._failed[0] is deadline:
            earlier = self._failed[1]
            raise type(earlier)(earlier.message, earlier.hint)
        try:
            return log_in(deadline)
        except OutageError as error:
            self._failed = (deadline, error)
            raise
