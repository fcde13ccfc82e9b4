"""The environment of this very process."""

import os
from collections.abc import Collection, Mapping

from mysafe_env.secret import Secret
from mysafe_env.sinks.environment import child_environment
from mysafe_env.sinks.files import deliver_files


def put_into_environ(values: Mapping[str, Secret], file_names: Collection[str]) -> None:
    """Set the variables in `os.environ`, those of *file_names* to a path; all of them or none.

    Raises `SinkError` for a value that an environment can't carry.
    """
    os.environb.update(child_environment({}, deliver_files(values, file_names)))
