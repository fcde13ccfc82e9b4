"""The environment of the command: what it inherits, with the values laid over it, as the kernel takes it."""

import os
import resource
import sys
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from mysafe_env.errors import Report, UnfitEnvironmentError
from mysafe_env.secret import Secret

# fs/exec.c: MAX_ARG_STRLEN is 32 pages of 4 KiB, the final NUL included. Other systems limit the total only.
_LONGEST_STRING: Final = 131_071 if sys.platform == "linux" else sys.maxsize
_POINTER: Final = 8
_AS_FILE: Final = 'write as = "file" in its entry; the variable then holds a path to read it from'


def child_environment(inherited: Mapping[str, str], values: Mapping[str, Secret]) -> dict[bytes, bytes]:
    """The environment of the command: *inherited* in its order, then the new names of *values* in theirs.

    *inherited* is text decoded with surrogateescape, and keeps its bytes; values become UTF-8 whatever the locale.
    Raises `UnfitEnvironmentError` naming every variable that can't be carried.
    """
    problems = [problem for name, value in values.items() if (problem := _problem(name, value.reveal()))]
    if problems:
        raise UnfitEnvironmentError(problems)
    # An empty name, as in the entry "=x", is refused by os.execve.
    kept = {_original_bytes(name): _original_bytes(text) for name, text in inherited.items() if name}
    return kept | {_original_bytes(name): value.reveal().encode() for name, value in values.items()}


def _original_bytes(text: str) -> bytes:
    return text.encode(errors="surrogateescape")


def _problem(name: str, text: str) -> Report | None:
    try:
        size = len(_original_bytes(name)) + len(b"=") + len(text.encode())
    except UnicodeEncodeError:
        return Report(f"the value of {name} holds half of a surrogate pair, which is not text", "correct the item")
    if "\0" in text:
        return Report(f"the value of {name} holds a NUL character, which an environment can't carry", _AS_FILE)
    if size > _LONGEST_STRING:
        return Report(f"{name} takes {size} bytes with its name, more than the {_LONGEST_STRING} of Linux", _AS_FILE)
    return None


def check_size(environment: Mapping[bytes, bytes], argv: Sequence[str], injected: Collection[str]) -> None:
    """Raise `UnfitEnvironmentError` if the system can't start a command with these, as far as that is known before.

    It names each argument that is too long, and for a total over the limit the largest variables of *injected*.
    """
    arguments = [os.fsencode(argument) for argument in argv]
    problems = [_argument_problem(*place) for place in enumerate(arguments) if len(place[1]) > _LONGEST_STRING]
    size, limit = launch_size(environment, arguments), _total_limit()
    if size > limit:
        problems.append(_total_problem(size, limit, _largest(environment, injected)))
    if problems:
        raise UnfitEnvironmentError(problems)


def launch_size(environment: Mapping[bytes, bytes], argv: Sequence[bytes]) -> int:
    """The bytes that execve(2) counts: strings with their NULs, the path, and one pointer a string.

    The path is counted as the command was typed, since PATH is not searched yet: a few bytes too little at most,
    so nothing is refused here that the kernel would start.
    """
    path = len(argv[0]) + len(b"\0")
    arguments = sum(len(argument) + len(b"\0") for argument in argv)
    variables = sum(len(name) + len(b"=") + len(value) + len(b"\0") for name, value in environment.items())
    return path + arguments + variables + _POINTER * (len(argv) + len(environment))


def _total_limit() -> int:
    """The kernel's rule of `man 2 execve`: a quarter of the stack, between 128 KiB and 6 MiB."""
    if sys.platform != "linux":
        return os.sysconf("SC_ARG_MAX")
    # musl's sysconf gives 128 KiB whatever the stack, glibc's knows no upper bound.
    stack, _ = resource.getrlimit(resource.RLIMIT_STACK)
    upper = 6 * 1024 * 1024
    return upper if stack == resource.RLIM_INFINITY else max(128 * 1024, min(upper, stack // 4))


def _argument_problem(position: int, argument: bytes) -> Report:
    return Report(
        f"argument {position} of the command takes {len(argument)} bytes, more than the {_LONGEST_STRING} of Linux",
        "hand it over in a file or on standard input",
    )


def _largest(environment: Mapping[bytes, bytes], injected: Collection[str]) -> str:
    sizes = {name: len(environment.get(_original_bytes(name), b"")) for name in injected}
    largest = sorted(sizes, key=lambda name: -sizes[name])[:3]
    return ", ".join(f"{name} ({sizes[name]} bytes)" for name in largest)


def _total_problem(size: int, limit: int, largest: str) -> Report:
    drop = "leave inherited variables out with --drop or --pristine"
    return Report(
        f"the environment and the arguments take {size} bytes together, more than the system's {limit}",
        f'write as = "file" in the entries of the largest values: {largest}; or {drop}' if largest else drop,
    )
