"""No secret on a command line, on a screen, in an error or in a log."""

import signal
from contextlib import AbstractContextManager

import pytest

from mysafe_env.cli.generated_values import strong_value
from tests.cli.programs import program
from tests.manage.commands import System
from tests.support.terminal import CTRL_D, Terminal, terminal

TYPED = "hunter2-canary"
WAYS = "use --{0}-file, --{0}-stdin or --{0}-prompt; if what you typed is in use, change it"


@pytest.mark.parametrize("verb", [("create", "password"), ("update", "password", "1")])
@pytest.mark.parametrize("option", ["password", "secret-key", "note", "client-secret"])
@pytest.mark.parametrize("form", ["{0} {1}", "{0}={1}", "{0}"])
def test_a_secret_is_no_argument(local: System, verb: tuple[str, ...], option: str, form: str) -> None:
    """It is refused with what to do instead, and not repeated."""
    code, (error, hint) = local.refusal(*verb, *form.format(f"--{option}", TYPED).split())
    assert 2 == code
    assert f"error: --{option} takes no value: what stands on a command line" in error
    assert f"hint: {WAYS.format(option)}" == hint
    assert TYPED not in error + hint


@pytest.mark.parametrize(
    "argv",
    [
        ("create", "password", "--password-stdin", TYPED),
        ("create", "password", TYPED),
        ("update", "password", "1", "--password-stdin", TYPED),
        ("import", "f.env", TYPED),
        ("create", "password", f"--passwort={TYPED}"),
        ("create", "password", f"-p{TYPED}"),
    ],
)
def test_a_value_in_the_wrong_place_is_not_repeated(local: System, argv: tuple[str, ...]) -> None:
    """Whoever takes an option for one that takes a value has typed a secret."""
    code, lines = local.refusal(*argv)
    assert 2 == code
    assert TYPED not in "\n".join(lines)


@pytest.mark.parametrize("data", [b"\xff\xfe", TYPED.encode("utf-16")])
def test_a_value_that_is_not_text_is_not_repeated(local: System, data: bytes) -> None:
    """The error says what it is not."""
    code, (error, _) = local.refusal("create", "note", "--name", "n", "--note-stdin", stdin=data)
    assert (2, "error: the note is not UTF-8 text") == (code, error)


def typed_at(local: System, *argv: str) -> AbstractContextManager[Terminal]:
    """A command on a terminal."""
    return terminal(program("mysafe-env"), *argv, folder=local.folder, environment=local.environment)


def test_a_secret_is_asked_for_unseen_and_twice(local: System) -> None:
    """A slip is noticed, and nothing that is typed is shown."""
    argv = ("create", "password", "--name", "n", "--username", "u")
    with typed_at(local, *argv) as screen:
        shown = ""
        for keys in (TYPED, "a slip", TYPED, TYPED):
            shown += screen.expect(r"(?s).*password( again| \(not shown\)): ?")[0]
            screen.type(f"{keys}\n")
        shown += screen.expect(r"(?s).*groups_allowed")[0]
        assert 0 == screen.end()
    assert "warning: what was typed for the password differs" in shown
    assert TYPED not in shown
    assert TYPED == local.value("password", "3", "password")


def test_an_update_asks_on_request(local: System) -> None:
    """--password-prompt."""
    argv = ("update", "password", "1", "--password-prompt")
    with typed_at(local, *argv) as screen:
        for _ in range(2):
            screen.expect(r": ?$")
            screen.type(f"{TYPED}\n")
        assert 0 == screen.end()
    assert TYPED == local.value("password", "1", "password")


def test_an_api_secret_may_be_without(local: System) -> None:
    """An empty answer leaves it out: only one generation of the documentation requires it."""
    argv = ("create", "secretapi", "--name", "n", "--url", "u", "--client-id", "c")
    with typed_at(local, *argv) as screen:
        screen.expect(r"empty for none\): ?")
        screen.type("\n")
        screen.expect(r"again: ?")
        screen.type("\n")
        assert 0 == screen.end()
    assert "client_secret" not in (local.folder / "vault.toml").read_text().rpartition("[[secretapi]]")[2]


def test_an_api_secret_may_be_without_where_nobody_is_asked(local: System) -> None:
    """In a script, too."""
    made = local.json("create", "secretapi", "--name", "n", "--url", "u", "--client-id", "c")
    assert "client_secret" not in made


def test_ctrl_c_at_the_question_creates_nothing(local: System) -> None:
    """And ends as a shell expects."""
    argv = ("create", "note", "--name", "n")
    before = (local.folder / "vault.toml").read_text()
    with typed_at(local, *argv) as screen:
        screen.expect(r"note \(not shown\): ?")
        assert -signal.SIGINT == screen.interrupt()
    assert before == (local.folder / "vault.toml").read_text()


@pytest.mark.parametrize("argv", [("create", "note", "--name", "n"), ("deactivate", "note", "1")])
def test_ctrl_d_at_a_question_is_no_answer(local: System, argv: tuple[str, ...]) -> None:
    """It is said on a line of its own, and nothing is done."""
    before = (local.folder / "vault.toml").read_text()
    with typed_at(local, *argv) as screen:
        screen.expect("note .*: ")
        screen.type(CTRL_D)
        screen.expect("^\nmysafe-env: error: the input ended where an answer was asked for\n")
        assert 2 == screen.end()
    assert before == (local.folder / "vault.toml").read_text()


def test_standard_input_that_is_a_terminal_is_refused(local: System) -> None:
    """It would show what is typed."""
    argv = ("create", "note", "--name", "n", "--note-stdin")
    with typed_at(local, *argv) as screen:
        screen.expect("standard input is a terminal, which would show what you type")
        assert 2 == screen.end()


@pytest.mark.parametrize(("keys", "code", "state"), [("y\n", 0, "is inactive now"), ("\n", 1, "was left as it is")])
def test_deactivating_asks_at_a_terminal(local: System, keys: str, code: int, state: str) -> None:
    """With the item's name, for a number is easily mistyped; no is the answer of a mere return key."""
    argv = ("deactivate", "password", "1")
    with typed_at(local, *argv) as screen:
        screen.expect(r'Deactivate password 1 "db"\? Programs that need it will not start \[y/N\]: ?')
        screen.type(keys)
        screen.expect(f"password 1 {state}")
        assert code == screen.end()


def test_an_answer_that_is_none_is_asked_for_again(local: System) -> None:
    """In words of ours; the next answer counts."""
    with typed_at(local, "deactivate", "password", "1") as screen:
        screen.expect(r"\[y/N\]: ?")
        screen.type("maybe\n")
        screen.expect("mysafe-env: warning: the answer is neither yes nor no\nmysafe-env: hint: type y or n\n")
        screen.expect(r"\[y/N\]: ?")
        screen.type("YES\n")
        screen.expect("password 1 is inactive now")
        assert 0 == screen.end()


def test_a_number_of_nothing_is_asked_about_without_a_name(local: System) -> None:
    """The server says the rest."""
    with typed_at(local, "deactivate", "note", "99") as screen:
        screen.expect(r"Deactivate note 99\?")
        screen.type("y\n")
        screen.expect("there is no note with identifier 99")
        assert 1 == screen.end()


def test_yes_asks_nobody(local: System) -> None:
    """--yes, at a terminal."""
    with typed_at(local, "deactivate", "note", "1", "--yes") as screen:
        screen.expect("note 1 is inactive now")
        assert 0 == screen.end()


@pytest.mark.parametrize("length", [12, 32, 512])
def test_a_made_value_is_strong(length: int) -> None:
    """Of its length, with all classes, safe in every shell, URL and file, and never twice the same."""
    values = {strong_value(length).reveal() for _ in range(50)}
    assert 50 == len(values)
    for value in values:
        assert length == len(value)
        assert value[0].isalnum()
        assert all(
            (
                any(map(str.islower, value)),
                any(map(str.isupper, value)),
                any(map(str.isdigit, value)),
                set(value) & set("-_.~"),
            )
        )
        assert set(value) <= set("-_.~") | {char for char in value if char.isascii() and char.isalnum()}
