"""What the clients of both systems for Python programs have in common: settings make them, `with` closes them."""

import os
from types import TracebackType
from typing import Self

from mysafe_env.settings import Flags, Settings, read_settings


class Client:
    """A client that keeps its connections until it is closed."""

    def __init__(self, settings: Settings) -> None:
        """Raise `SettingsError` when something is missing to reach the system."""
        raise NotImplementedError

    @classmethod
    def from_environment(cls) -> Self:
        """The client that the environment variables of this process describe; raises `SettingsError`."""
        return cls(read_settings(Flags(), os.environ, {}))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        raise NotImplementedError
