"""Where requested output goes: standard output or a file."""

import sys

from mysafe_env.cli.voice import is_terminal
from mysafe_env.errors import SinkError, UsageError
from mysafe_env.sinks.files import write_atomically


def require_reveal(*, reveal: bool, what: str) -> None:
    """Refuse to show *what* on a terminal unless that was asked for."""
    if is_terminal(sys.stdout) and not reveal:
        raise UsageError(
            f"standard output is a terminal, which would show {what}", "say --reveal to see it, or redirect the output"
        )


def write_text(text: str, path: str | None = None) -> None:
    """Write text as UTF-8 whatever the locale, to the file *path* or to standard output."""
    data = text.encode()
    if path is not None and path != "-":
        write_atomically(path, data)
        return
    if sys.stdout is None:
        raise SinkError("standard output is closed", "leave >&- out, or write >/dev/null")
    try:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        sys.stdout = None  # or the interpreter flushes it again
        raise SinkError(f"can't write to standard output: {error.strerror}", "is the disk full?") from None
