"""The environment of this process itself, for `mysafe_env.load_env()`."""

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

from mysafe_env.secret import Secret
from mysafe_env.sinks.environment import child_environment
from mysafe_env.sinks.value_files import ValueFiles

if TYPE_CHECKING:
    from mysafe_env.mapping.model import TargetFile


def put_into_environ(values: Mapping[str, Secret], targets: "Mapping[str, TargetFile | None]") -> None:
    """Set the variables in `os.environ`, those of *targets* to a path; all of them or none.

    Raises `SinkError` for a value that an environment can't carry.
    """
    with ValueFiles() as files:
        os.environb.update(child_environment({}, files.deliver(values, targets)))
