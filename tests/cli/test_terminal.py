"""What is different when a person looks at the output."""

from pathlib import Path

import pytest

from mysafe_env.emulator.faults import read_fault
from mysafe_env.emulator.mysafe.server import Emulator
from tests.cli.programs import at_terminal, in_folder, play
from tests.support.emulator import running_emulator

MAPPING = '[env]\nDB = { kind = "password", tag = "t" }\n'
HINT = "mysafe-env: hint: say --reveal to see it, or redirect the output\n"


def test_export_does_not_show_values_on_a_terminal(tmp_path: Path) -> None:
    """Without --reveal it refuses before it fetches anything."""
    environment = in_folder(tmp_path, MAPPING)
    code, shown, _ = at_terminal(tmp_path, environment, "mysafe-env", "export", "--format", "json")
    refusal = "mysafe-env: error: standard output is a terminal, which would show the values\n"
    assert (2, refusal + HINT) == (code, shown)


def test_export_shows_values_that_are_asked_for(tmp_path: Path) -> None:
    """With --reveal the terminal gets what a file would get."""
    environment = in_folder(tmp_path, MAPPING)
    argv = ("mysafe-env", "export", "--format", "shell")
    code, shown, _ = at_terminal(tmp_path, environment, *argv, "--reveal")
    assert (0, play(tmp_path, environment, *argv).output + "\n") == (code, shown)


def test_export_to_a_file_needs_no_reveal(tmp_path: Path) -> None:
    """A terminal that gets nothing is no reason to refuse."""
    argv = ("mysafe-env", "export", "--format", "json", "--output", "out.json")
    assert (0, "", "") == at_terminal(tmp_path, in_folder(tmp_path, MAPPING), *argv)
    assert "s3cret" in (tmp_path / "out.json").read_text()


@pytest.mark.parametrize("field", ["password", "secret_key", "token"])
def test_a_secret_field_is_not_shown_on_a_terminal(tmp_path: Path, field: str) -> None:
    """Password, seed and code need --reveal."""
    argv = ("mysafe-env", "get", "password", "1", "--field", field)
    code, shown, _ = at_terminal(tmp_path, in_folder(tmp_path), *argv)
    assert (2, f"mysafe-env: error: standard output is a terminal, which would show the {field}\n{HINT}") == (
        code,
        shown,
    )


def test_a_secret_field_is_shown_when_asked_for(tmp_path: Path) -> None:
    """With --reveal the value is printed, alone on its line."""
    argv = ("mysafe-env", "get", "password", "1", "--field", "password", "--reveal")
    assert (0, "s3cret\n", "") == at_terminal(tmp_path, in_folder(tmp_path), *argv)


def test_another_field_is_shown_at_once(tmp_path: Path) -> None:
    """A user name is no secret."""
    argv = ("mysafe-env", "get", "password", "1", "--field", "username")
    assert (0, "me\n", "") == at_terminal(tmp_path, in_folder(tmp_path), *argv)


@pytest.mark.parametrize("form", [(), ("--json",)])
def test_an_item_is_masked(tmp_path: Path, form: tuple[str, ...]) -> None:
    """The whole item can be shown on a terminal, since its secrets are masked there and elsewhere."""
    environment = in_folder(tmp_path)
    argv = ("mysafe-env", "get", "password", "1", *form)
    code, shown, _ = at_terminal(tmp_path, environment, *argv)
    assert (0, shown) == (code, play(tmp_path, environment, *argv).output + "\n")
    assert 3 == shown.count("********")
    assert not any(secret in shown for secret in ("s3cret", "JBSW", "012345"))


def test_the_demo_has_titles_in_bold(tmp_path: Path) -> None:
    """Bold is for a terminal; a file has the text alone."""
    environment = in_folder(tmp_path)
    code, shown, _ = at_terminal(tmp_path, environment, "mysafe-env", "demo")
    assert (0, True) == (code, "\x1b[1m1. The mapping" in shown)
    assert "\x1b" not in play(tmp_path, environment, "mysafe-env", "demo").output


COUNT = 15
NOTES = "".join(f'[[note]]\nname = "n{number}"\nnote = "v{number}"\n' for number in range(COUNT))
MANY = "[env]\n" + "".join(f'V{number} = "mysafe://note/n{number}"\n' for number in range(COUNT))
FEW = '[env]\nA = "mysafe://note/n1"\n'
CLEARED = "\r\x1b[K"


def connected(environment: dict[str, str], emulator: Emulator) -> dict[str, str]:
    """The same environment, with a server instead of the file."""
    secret = emulator.client_secret.reveal()
    return environment | {
        "MYSAFE_URL": emulator.url,
        "MYSAFE_CLIENT_ID": emulator.client_id,
        "MYSAFE_CLIENT_SECRET": secret,
    }


def test_long_work_shows_a_bar_that_goes_away(tmp_path: Path) -> None:
    """The bar counts calls, and the line is empty when the command starts."""
    with running_emulator(NOTES) as emulator:
        environment = connected(in_folder(tmp_path, MANY), emulator)
        code, shown, output = at_terminal(tmp_path, environment, "mysafe-run", "printenv", "V3", streams=("stderr",))
    assert (0, "v3\n") == (code, output)
    assert f"\rmysafe-run: fetched 30 of 30 [{24 * '#'}]{CLEARED}" in shown
    assert shown.endswith(CLEARED)


def test_an_error_stands_on_a_line_of_its_own(tmp_path: Path) -> None:
    """A bar that was interrupted is cleared before the message."""
    faults = [read_fault("503@/api/mysafe/note/7")]
    with running_emulator(NOTES, faults=faults) as emulator:
        environment = connected(in_folder(tmp_path, MANY), emulator)
        environment["MYSAFE_TIMEOUT"] = "2"
        code, shown, _ = at_terminal(tmp_path, environment, "mysafe-run", "true")
    assert 125 == code
    assert f"{CLEARED}mysafe-run: error: " in shown or not shown.startswith("\r")


def test_short_work_shows_no_bar(tmp_path: Path) -> None:
    """A few calls are over before anybody reads."""
    with running_emulator(NOTES) as emulator:
        environment = connected(in_folder(tmp_path, FEW), emulator)
        assert (0, "", "") == at_terminal(tmp_path, environment, "mysafe-run", "true")


def test_no_bar_in_a_file(tmp_path: Path) -> None:
    """Whatever is not a terminal gets no bar, even when standard output is one."""
    with running_emulator(NOTES) as emulator:
        environment = connected(in_folder(tmp_path, MANY), emulator)
        assert (0, "v3\n", "") == at_terminal(
            tmp_path, environment, "mysafe-run", "printenv", "V3", streams=("stdout",)
        )
