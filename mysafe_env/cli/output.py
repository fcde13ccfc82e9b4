"""Where requested output goes: standard output or a file."""

import sys

from mysafe_env.errors import UsageError
from mysafe_env.sinks.files import write_atomically


def require_reveal(*, reveal: bool, what: str) -> None:
    """Refuse to show *what* on a terminal unless that was asked for."""
    if sys.stdout.isatty() and not reveal:
        raise UsageError(
            f"standard output is a terminal, which would show {what}", "say --reveal to see it, or redirect the output"
        )


def write_text(text: str, path: str | None = None) -> None:
    """Write text as UTF-8 whatever the locale, to the file *path* or to standard output."""
    data = text.encode()
    if path is not None and path != "-":
        write_atomically(path, data)
        return
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()
