"""Replace this process by the command, as execvp(3) of the C library does."""

# ruff: noqa: PTH110, PTH112, PTH118, PTH123
# pathlib is slow to import, and every run passes here

import errno
import os
import signal
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Final, Never

from mysafe_env.errors import CommandNotFoundError, LaunchError, NotExecutableError
from mysafe_env.sinks.environment import launch_size

_SHELL: Final = b"/bin/sh"
# CPython ignores both when it starts, and an ignored signal stays ignored in the new program.
_IGNORED_BY_PYTHON: Final = (signal.SIGPIPE, signal.SIGXFSZ)
# execvp(3) goes on to the next folder of PATH after these, and gives up after any other.
_TRY_NEXT: Final = frozenset({errno.EACCES, errno.ENOENT})


def replace_process(argv: Sequence[str], environment: Mapping[bytes, bytes]) -> Never:
    """Run *argv* in place of this process; the command is searched in the PATH of *environment*.

    Raises `CommandNotFoundError`, `NotExecutableError`, or `LaunchError` for a system limit;
    SIGPIPE then ends this process silently, as it would have ended the command.
    """
    arguments = [os.fsencode(argument) for argument in argv]
    if not arguments[0]:
        raise CommandNotFoundError("the command is empty", "write it after the options; an unset shell variable?")
    flush_streams()
    for number in _IGNORED_BY_PYTHON:
        signal.signal(number, signal.SIG_DFL)
    raise _start(arguments, environment)


def flush_streams() -> None:
    """Write what waits in our buffers."""
    for stream in (sys.stdout, sys.stderr):
        # A stream that was closed before Python started is None; one whose reader has gone is no obstacle.
        if stream is not None:
            with suppress(OSError):
                stream.flush()


def _start(arguments: list[bytes], environment: Mapping[bytes, bytes]) -> LaunchError:
    """Start the command; if no candidate starts, the reason: that of the first one that is there, if any is."""
    refusal: LaunchError | None = None
    for path in _candidates(arguments[0], environment):
        error = _execute(path, arguments, environment)
        if not _is_there(path, arguments[0], error):
            continue
        if error.errno not in _TRY_NEXT:
            return _refusal(path, error, launch_size(environment, arguments))
        refusal = refusal or _permission_or_interpreter(path, error)
    return refusal or _not_found(os.fsdecode(arguments[0]))


def _candidates(command: bytes, environment: Mapping[bytes, bytes]) -> Iterator[bytes]:
    if b"/" in command:
        yield command
        return
    for folder in environment.get(b"PATH", os.fsencode(os.defpath)).split(b":"):
        yield os.path.join(folder or b".", command)


def _execute(path: bytes, arguments: list[bytes], environment: Mapping[bytes, bytes]) -> OSError:
    """The reason why *path* did not start."""
    try:
        os.execve(path, arguments, environment)  # noqa: S606  # starting a command without a shell is the point
    except OSError as error:
        if error.errno != errno.ENOEXEC or _is_binary(path):
            return error
    try:
        os.execve(_SHELL, [_SHELL, path, *arguments[1:]], environment)  # noqa: S606  # see above
    except OSError as error:
        return error


def _is_there(path: bytes, command: bytes, error: OSError) -> bool:
    # What a folder of PATH hides from us is nobody's command; a path that was written out is.
    hidden = error.errno == errno.EACCES and b"/" in command
    return hidden or os.path.exists(path)


def _refusal(path: bytes, error: OSError, size: int) -> LaunchError:
    name = os.fsdecode(path)
    if error.errno == errno.E2BIG:
        return LaunchError(
            f"{name} was not started: the environment and the arguments take {size} bytes, more than the system allows",
            'write as = "file" in the entries of large values, or leave variables out with --drop or --pristine',
        )
    if error.errno == errno.ENOEXEC:
        return NotExecutableError(
            f"{name} is not a program for this machine",
            f"compare what `file {name}` and `uname -m` say of the processor",
        )
    return NotExecutableError(f"can't execute {name}: {error.strerror}", "the words are the system's own")


def _permission_or_interpreter(path: bytes, error: OSError) -> NotExecutableError:
    name = os.fsdecode(path)
    if os.path.isdir(path):
        return NotExecutableError(f"{name} is a directory", "name the program that is in it")
    if error.errno == errno.ENOENT:
        return _missing_interpreter(name, _head(path))
    if os.access(path, os.X_OK, effective_ids=os.access in os.supports_effective_ids):
        return NotExecutableError(
            f"the interpreter of {name} may not be executed", "look at the first line of the file and its permissions"
        )
    return NotExecutableError(
        f"{name} may not be executed: {error.strerror}",
        f"make it executable (chmod +x {name}), or move it if its file system is mounted noexec",
    )


def _missing_interpreter(name: str, head: bytes) -> NotExecutableError:
    if b"\0" in head or not head:
        return NotExecutableError(
            f"{name} can't be started: the loader or interpreter that it needs is not there",
            "it may be built for another C library (glibc, musl) or processor; install a build for this system",
        )
    line = head.split(b"\n")[0] if head.startswith(b"#!") else _SHELL
    interpreter = os.fsdecode(b" ".join(line.removeprefix(b"#!").split()[:1]))
    if line.endswith(b"\r"):
        hint = f"the file has Windows line ends; convert it: sed -i 's/\\r$//' {name}"
    else:
        hint = "install it, or correct the first line of the file"
    return NotExecutableError(f"{name} can't be started: its interpreter {interpreter} is not there", hint)


def _is_binary(path: bytes) -> bool:
    # POSIX lets a shell refuse such a file; running a program of another machine as a script does harm.
    return b"\0" in _head(path)


def _head(path: bytes) -> bytes:
    """The first bytes, as many as the kernel looks at; none where the file may be executed and not read."""
    try:
        with open(path, "rb") as file:
            return file.read(256)
    except OSError:
        return b""


def _not_found(command: str) -> CommandNotFoundError:
    if "/" in command:
        hint = "check its spelling; a relative path starts at the current directory"
    elif " " in command:
        hint = "write the command and its arguments as separate words, or give the line to a shell with -c"
    else:
        hint = "check its spelling, and PATH as the command would get it"
    return CommandNotFoundError(f'command "{command}" was not found', hint)
