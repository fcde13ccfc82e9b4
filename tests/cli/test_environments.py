"""The command gets the environment it would have without us, plus what is mapped, byte for byte."""

import os
import subprocess
from pathlib import Path

import pytest

from mysafe_env import __version__
from tests.cli.programs import in_folder, play, program, shell
from tests.support.process import run

MAPPING = '[env]\nN = "mysafe://note/n"\nL = "ünï ☃"\n'
VALUE = "häßlich ☃"
LOCALES = {
    "C": {"LC_ALL": "C"},
    "C without coercion": {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
    "POSIX": {"LC_ALL": "POSIX", "PYTHONCOERCECLOCALE": "0"},
    "latin-1": {"LC_ALL": "en_US.ISO-8859-1", "PYTHONIOENCODING": "latin-1"},
    "latin-1 streams": {"LC_ALL": "C.UTF-8", "PYTHONIOENCODING": "latin-1"},
    "none": {"LANG": ""},
    "unknown": {"LC_ALL": "xx_XX.nowhere"},
}


@pytest.mark.parametrize("name", LOCALES)
def test_the_locale_does_not_change_values(tmp_path: Path, name: str) -> None:
    """Values are UTF-8 in the environment of the command, whatever the locale says."""
    environment = in_folder(tmp_path, MAPPING) | LOCALES[name]
    done = play(tmp_path, environment, "mysafe-run", "printenv", "N", "L")
    assert (0, f"{VALUE}\nünï ☃\n".encode(), b"") == (done.code, done.stdout, done.stderr)


@pytest.mark.parametrize("name", LOCALES)
def test_the_locale_does_not_change_an_export(tmp_path: Path, name: str) -> None:
    """Exports and single fields are UTF-8, too."""
    environment = in_folder(tmp_path, MAPPING) | LOCALES[name]
    exported = play(tmp_path, environment, "mysafe-env", "export", "--format", "shell")
    assert VALUE.encode() in exported.stdout
    assert (
        f"{VALUE}\n".encode() == play(tmp_path, environment, "mysafe-env", "get", "note", "1", "--field", "note").stdout
    )


@pytest.mark.parametrize("name", LOCALES)
def test_the_locale_does_not_break_a_message(tmp_path: Path, name: str) -> None:
    """A message with letters that the locale does not have still comes, and is no traceback."""
    environment = in_folder(tmp_path, '[env]\nN = "mysafe://note/gr%C3%BC%C3%9Fe"\n') | LOCALES[name]
    done = play(tmp_path, environment, "mysafe-run", "true")
    assert (125, True) == (done.code, b'no item matches note name "gr' in done.stderr)


def test_an_empty_environment_gets_the_mapped_names_only(tmp_path: Path) -> None:
    """Python sets LC_CTYPE for itself when there is no locale; the command does not see it."""
    in_folder(tmp_path, MAPPING)
    line = ("env", "-i", program("mysafe-run"), "--vault", "file:vault.toml", "--", "/usr/bin/env")
    done = run(*line, folder=tmp_path, measured=False)
    assert (0, {f"N={VALUE}", "L=ünï ☃"}) == (done.code, set(done.stdout.decode().splitlines()))


def test_a_locale_that_was_set_stays(tmp_path: Path) -> None:
    """What the caller set is the caller's, even when it looks as Python's own setting does."""
    environment = in_folder(tmp_path, MAPPING) | {"LC_CTYPE": "C.UTF-8"}
    assert "C.UTF-8" == play(tmp_path, environment, "mysafe-run", "printenv", "LC_CTYPE").output


def test_inherited_bytes_stay_as_they_are(tmp_path: Path) -> None:
    """A value that is no UTF-8 passes untouched."""
    environment = {os.fsencode(name): os.fsencode(text) for name, text in in_folder(tmp_path, MAPPING).items()}
    done = subprocess.run(
        [program("mysafe-run"), "printenv", "BYTES"],
        cwd=tmp_path,
        env={**environment, b"BYTES": b"\xff\xfe\x80"},
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert (0, b"\xff\xfe\x80\n", b"") == (done.returncode, done.stdout, done.stderr)


ARGUMENTS = (
    b"",
    b" ",
    b"a b",
    b"*",
    b"$HOME",
    b"'",
    b'"',
    b"\\",
    b"\xff\xe9",
    "☃".encode(),
    b"--",
    b"-v",
    b"--help",
    b"\n",
)


@pytest.mark.parametrize("name", ["C", "C without coercion", "none"])
@pytest.mark.parametrize("separator", [(), ("--",)])
def test_arguments_pass_byte_for_byte(tmp_path: Path, name: str, separator: tuple[str, ...]) -> None:
    """The command line is neither joined nor expanded, and needs no encoding."""
    environment = in_folder(tmp_path, MAPPING) | LOCALES[name]
    done = play(tmp_path, environment, "mysafe-run", *separator, "printf", r"%s\0", *ARGUMENTS)
    assert [*ARGUMENTS, b""] == done.stdout.split(b"\0"), done


def test_a_second_separator_is_the_command_s(tmp_path: Path) -> None:
    """Only the first -- is ours."""
    done = play(tmp_path, in_folder(tmp_path, MAPPING), "mysafe-run", "--", "printf", "%s,", "--", "a", "--")
    assert "--,a,--," == done.output


def test_a_script_gets_its_arguments(tmp_path: Path) -> None:
    """After -c, arguments become $0 and $1, and variables are the script's to expand."""
    done = play(tmp_path, in_folder(tmp_path, MAPPING), "mysafe-run", "-c", 'echo "$0 $1 $N"', "zero", "o n e")
    assert f"zero o n e {VALUE}" == done.output


def test_the_command_has_our_process_id(tmp_path: Path) -> None:
    """The command replaces the wrapper: no process stays in between."""
    with subprocess.Popen(
        [program("mysafe-run"), "sh", "-c", "echo $$"],
        cwd=tmp_path,
        env=in_folder(tmp_path, MAPPING),
        stdout=subprocess.PIPE,
    ) as process:
        stdout, _ = process.communicate(timeout=60)
    assert process.pid == int(stdout)


def test_two_wrappers_can_be_nested(tmp_path: Path) -> None:
    """What the outer one set is inherited by the inner one, whose values win."""
    environment = in_folder(tmp_path, MAPPING)
    (tmp_path / "inner.toml").write_text('[env]\nL = "inner"\n')
    done = play(tmp_path, environment, "mysafe-run", "mysafe-run", "-m", "inner.toml", "printenv", "N", "L")
    assert f"{VALUE}\ninner" == done.output


COMPLETIONS = {
    "mysafe-run --prof": "plain,--profile",
    "mysafe-env ex": "plain,export",
    "mysafe-env export --form": "plain,--format",
}


@pytest.mark.parametrize("typed", COMPLETIONS)
def test_a_shell_can_complete(tmp_path: Path, typed: str) -> None:
    """Click's completion for bash works for both programs."""
    name = typed.partition(" ")[0]
    variable = f"_{name.upper().replace('-', '_')}_COMPLETE"
    environment = in_folder(tmp_path) | {
        variable: "bash_complete",
        "COMP_WORDS": typed,
        "COMP_CWORD": str(len(typed.split()) - 1),
    }
    assert COMPLETIONS[typed] == play(tmp_path, environment, name).output


@pytest.mark.parametrize("name", ["mysafe-run", "mysafe-env"])
def test_both_programs_tell_their_version(tmp_path: Path, name: str) -> None:
    """The version is the package's."""
    assert f"{name} {__version__}" == play(tmp_path, in_folder(tmp_path), name, "--version").output


def test_the_package_can_be_run_as_a_module(tmp_path: Path) -> None:
    """`python -m mysafe_env` is mysafe-env."""
    done = shell(tmp_path, in_folder(tmp_path), "python -m mysafe_env list note")
    assert "IDENTIFIER" in done.output
