"""The limits that are checked beforehand, against those of the kernel that runs these tests."""

import errno
import os
import resource
import sys

import pytest

from mysafe_env.errors import UnfitEnvironmentError
from mysafe_env.secret import Secret
from mysafe_env.sinks.environment import check_size, child_environment
from tests.support.process import run_python

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the limits are those of Linux")

KIB = 1024
UNLIMITED = resource.RLIM_INFINITY

# Prints, for totals around the limit, whether the kernel starts the command and whether the check lets it pass.
AROUND_THE_LIMIT = """
import os, resource, sys
from mysafe_env.errors import UnfitEnvironmentError
from mysafe_env.sinks.environment import check_size, launch_size

stack, limit, count = map(int, sys.argv[1:4])
argv = sys.argv[4:]
resource.setrlimit(resource.RLIMIT_STACK, (stack, resource.getrlimit(resource.RLIMIT_STACK)[1]))

def environment_of(total):
    environment = {b"V%04d" % number: b"" for number in range(count)}
    missing = total - launch_size(environment, [os.fsencode(argument) for argument in argv])
    for name in environment:
        environment[name] = b"x" * min(missing, 130_000)
        missing -= len(environment[name])
    assert not missing
    return environment

def kernel_starts(environment):
    try:
        pid = os.posix_spawn(argv[0], argv, environment)
    except OSError:
        return "no"
    return "yes" if os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0 else "no"

def check_passes(environment):
    try:
        check_size(environment, argv, ())
    except UnfitEnvironmentError:
        return "no"
    return "yes"

for total in (limit - 1, limit, limit + 1):
    print(kernel_starts(environment_of(total)), check_passes(environment_of(total)))
"""


@pytest.mark.parametrize("arguments", [(), ("", "word", "")], ids=["command alone", "some empty arguments"])
@pytest.mark.parametrize(
    ("stack", "limit", "variables"),
    [
        pytest.param(256 * KIB, 128 * KIB, 2, id="never less than 128 KiB"),
        pytest.param(1024 * KIB, 256 * KIB, 3, id="a quarter of the stack"),
        pytest.param(1024 * KIB, 256 * KIB, 2000, id="pointers count"),
        pytest.param(64 * 1024 * KIB, 6 * 1024 * KIB, 60, id="never more than 6 MiB"),
        pytest.param(UNLIMITED, 6 * 1024 * KIB, 60, id="6 MiB of an unlimited stack"),
    ],
)
def test_the_total_is_the_kernels(stack: int, limit: int, variables: int, arguments: tuple[str, ...]) -> None:
    """At the limit the command starts and the check passes; one byte more, and neither does."""
    hard = resource.getrlimit(resource.RLIMIT_STACK)[1]
    if hard != UNLIMITED and (stack == UNLIMITED or stack > hard):
        pytest.skip("the hard limit of the stack is too low here")
    shell = ("/bin/sh", "-c", ":", *arguments)

    finished = run_python(AROUND_THE_LIMIT, str(stack), str(limit), str(variables), *shell)

    assert "yes yes\nyes yes\nno no" == finished.output


def kernel_starts(argv: list[str], environment: dict[bytes, bytes]) -> bool:
    """Whether execve(2) takes them."""
    try:
        pid = os.posix_spawn("/bin/sh", argv, environment)
    except OSError as error:
        assert error.errno == errno.E2BIG  # noqa: PT017  # any other would be a broken test
        return False
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


@pytest.mark.parametrize(("size", "starts"), [(131_070, True), (131_071, True), (131_072, False), (131_073, False)])
def test_the_longest_variable_is_the_kernels(size: int, starts: bool) -> None:  # noqa: FBT001  # a table's column
    """NAME=VALUE of 131,071 bytes starts, 131,072 does not, and the check says the same."""
    text = "x" * (size - len("A="))
    try:
        child_environment({}, {"A": Secret(text)})
    except UnfitEnvironmentError:
        passes = False
    else:
        passes = True

    assert (starts, starts) == (passes, kernel_starts(["sh", "-c", ":"], {b"A": text.encode()}))


@pytest.mark.parametrize(("size", "starts"), [(131_071, True), (131_072, False)])
def test_the_longest_argument_is_the_kernels(size: int, starts: bool) -> None:  # noqa: FBT001  # a table's column
    """An argument of 131,071 bytes starts, 131,072 does not, and the check says the same."""
    argv = ["sh", "-c", ":", "x" * size]
    try:
        check_size({}, argv, ())
    except UnfitEnvironmentError:
        passes = False
    else:
        passes = True

    assert (starts, starts) == (passes, kernel_starts(argv, {}))
