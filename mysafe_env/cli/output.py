"""Requested output, on standard output or in a file.

What servers and files say may hold sequences that control a terminal. A terminal is shown none of them, as `ls` does;
files and pipes get every byte.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from mysafe_env.cli.voice import Voice, is_terminal
from mysafe_env.errors import SinkError, UsageError, printable, visible
from mysafe_env.sinks.files import write_atomically


def require_reveal(*, reveal: bool, what: str) -> None:
    """Refuse to show *what* on a terminal unless that was asked for."""
    if is_terminal(sys.stdout) and not reveal:
        raise UsageError(
            f"standard output is a terminal, which would show {what}", "say --reveal to see it, or redirect the output"
        )


def write_text(text: str, path: str | None = None) -> None:
    """Write text as UTF-8 whatever the locale, to the file *path* or to standard output."""
    if path is not None and path != "-":
        write_atomically(path, _encoded(text))
        return
    _put_out(visible(text) if is_terminal(sys.stdout) else text)


def write_heading(title: str) -> None:
    """Write a line that stands out on a terminal."""
    line = printable(title)
    _put_out(f"\x1b[1m{line}\x1b[0m\n" if is_terminal(sys.stdout) else f"{line}\n")


def write_json(document: object) -> None:
    """Write JSON for programs to standard output."""
    write_text(json_text(document, indent=2) + "\n")


@contextmanager
def showing(what: str, hint: str, speaker: Voice) -> Iterator[None]:
    """Say *what* has been done where it can't be shown: a failure of the output alone would read as if nothing was."""
    try:
        yield
    except (SinkError, BrokenPipeError):
        speaker.warning(what, hint)
        raise


def json_text(value: object, indent: int | None = None) -> str:
    """JSON in which every letter stands for itself, and what can't be shown is escaped, lone surrogates included."""
    import json  # noqa: PLC0415  # slow to import, and most commands print none

    text = json.dumps(value, indent=indent, ensure_ascii=False)
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() or char == "\n" else json.dumps(char)[1:-1] for char in text)


def _encoded(text: str) -> bytes:
    """UTF-8; bytes of file names and of the environment that are none stay as they are."""
    try:
        return text.encode(errors="surrogateescape")
    except UnicodeEncodeError:
        pass
    # Raised out here, for the caught error holds the text.
    raise SinkError("the output holds half a character (a lone surrogate)", "correct the value that it comes from")


def _put_out(text: str) -> None:
    data = _encoded(text)
    if sys.stdout is None:
        raise SinkError("standard output is closed", "leave >&- out, or write >/dev/null")
    try:
        write_all(sys.stdout, data)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise unwritable(error) from None


def unwritable(error: OSError) -> SinkError:
    """The error for a standard output that can't be written, which is given up with it."""
    sys.stdout = None  # or the interpreter flushes it again
    return SinkError(f"can't write to standard output: {error.strerror}", "is the disk full?")


def write_all(stream: TextIO, data: bytes) -> None:
    """Write every byte to a stream, however few it takes at once; raises `OSError`.

    With PYTHONUNBUFFERED, Python makes one system call, and the rest of a text is lost in silence.
    """
    stream.flush()
    rest = memoryview(data)
    while rest:
        try:
            rest = rest[os.write(stream.fileno(), rest) :]
        except BlockingIOError:
            _wait_for_room(stream)


def _wait_for_room(stream: TextIO) -> None:
    from select import select  # noqa: PLC0415  # few streams do not block

    select([], [stream], [])
