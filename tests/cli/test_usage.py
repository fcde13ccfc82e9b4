"""What is wrong with a command line is told in our words, whatever click says."""

import pytest

from mysafe_env.cli.commands import call
from mysafe_env.cli.voice import Voice
from mysafe_env.errors import UsageError
from tests.cli.programs import program
from tests.support.process import run

CANARY = "canary-zQ7"
# By what is typed behind the program's name.
FAULTS = {
    "run --mappin x -- true": 'there is no option "--mappin"; did you mean "--mapping"?',
    "run --oops -- true": 'there is no option "--oops"',
    "run -vx -- true": 'there is no option "-x"',
    "run -m": "-m needs a value",
    "run --supervise=canary-zQ7 -- true": "--supervise takes no value",
    "run --concurrency canary-zQ7 -- true": "--concurrency is no whole number from 1 up to 64",
    "emulate --vault x --token-lifetime 0": "--token-lifetime is no number above 0 up to 86400",
    "secretsafe events --interval 0": "--interval is no number from 1",
    "emulate --vault x --edition canary-zQ7": "--edition is none of: v3-33, v3-32",
    "secretsafe import /no/such/file": "FILE can't be used: '/no/such/file': No such file or directory",
    "chekc": 'there is no command "chekc"; did you mean "check"?',
}
FORMS = {
    "": ("a COMMAND is missing", "write mysafe-env [OPTIONS] COMMAND [ARGS]...; see mysafe-env --help"),
    "get": ("KIND is missing", "write mysafe-env get [OPTIONS] KIND IDENTIFIER; see mysafe-env get --help"),
    "get password": (
        "IDENTIFIER is missing",
        "write mysafe-env get [OPTIONS] KIND IDENTIFIER; see mysafe-env get --help",
    ),
    "get password 1 canary-zQ7": (
        "there are too many arguments",
        "write mysafe-env get [OPTIONS] KIND IDENTIFIER; see mysafe-env get --help",
    ),
    "export": ("--format is missing", "write mysafe-env export --format FORMAT; see mysafe-env export --help"),
    "emulate": ("--vault is missing", "write mysafe-env emulate --vault FILE; see mysafe-env emulate --help"),
}


def _fault(typed: str) -> UsageError:
    with pytest.raises(UsageError) as caught:
        call("mysafe-env", typed.split(), Voice("mysafe-env"))
    return caught.value


@pytest.mark.parametrize("typed", FAULTS)
def test_a_fault_is_told_in_words(typed: str) -> None:
    """The message names the option, and not what was typed for it; the hint leads to the help of the command."""
    fault = _fault(typed)
    assert FAULTS[typed] == fault.message
    assert fault.hint.startswith("see mysafe-env ")
    assert CANARY not in fault.message + fault.hint


@pytest.mark.parametrize("typed", FORMS)
def test_a_line_that_is_not_whole(typed: str) -> None:
    """What is missing, or too much, is told with how the command is written."""
    fault = _fault(typed)
    assert FORMS[typed] == (fault.message, fault.hint)


@pytest.mark.parametrize("asked", ["bash_complete", "tcsh_source", "1"])
def test_a_completion_that_no_shell_asks_for(asked: str) -> None:
    """It is an error in words, and not a silent end."""
    finished = run(program("mysafe-env"), "list", environment={"_MYSAFE_ENV_COMPLETE": asked})
    assert (2, b"") == (finished.code, finished.stdout)
    assert b"_MYSAFE_ENV_COMPLETE is set, and not by a shell that completes a word" in finished.stderr
