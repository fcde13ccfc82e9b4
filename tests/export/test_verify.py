"""A text is read back as its reader would, before it is written: what a faulty writer makes is caught."""

from pathlib import Path

import pytest

from mysafe_env.errors import ExportError
from mysafe_env.secret import Secret
from mysafe_env.sinks.export.registry import FORMATS, export_text, make_format, verify_text
from tests.support.process import Finished, run_python

VALUES = {"FIRST": Secret("Quite-plain1"), "SECOND": Secret("also/plain2")}


def complaint(format_name: str, text: str) -> str:
    """What is said of a text that should hold VALUES."""
    with pytest.raises(ExportError) as caught:
        verify_text(make_format(format_name), VALUES, text)
    assert caught.value.hint == "this is a bug of mysafe-env; please report it, with the name of the format"
    return caught.value.message


@pytest.mark.parametrize("format_name", FORMATS)
def test_a_changed_value_is_caught(format_name: str) -> None:
    """A single letter is enough, and the variable is named."""
    text = export_text(make_format(format_name), VALUES)
    # In Base64 the value looks different.
    value, other = ("cGxhaW4x", "cGxhaW4y") if format_name == "k8s-secret" else ("Quite", "quite")
    changed = text.replace(value, other)

    assert f"{format_name} would not be read back as it is: FIRST" == complaint(format_name, changed)


@pytest.mark.parametrize("format_name", FORMATS)
def test_a_missing_variable_is_caught(format_name: str) -> None:
    """So is a text that the reader can't make sense of at all."""
    assert complaint(format_name, export_text(make_format(format_name), {})).endswith(": FIRST, SECOND")
    assert complaint(format_name, "} nonsense").endswith(": FIRST, SECOND")


def test_a_variable_too_many_is_caught() -> None:
    """A value that brings a variable of its own with it does not get through."""
    text = export_text(make_format("docker-env"), VALUES) + "INJECTED=1\n"

    assert "docker-env would not be read back as it is: INJECTED" == complaint("docker-env", text)


@pytest.mark.parametrize(
    ("format_name", "text"),
    [
        ("json", "[1]"),
        ("json", '{"V": 1}'),
        ("shell", "export V=$(id)\n"),
        ("shell", "export V='open\n"),
        ("shell", "export V='no end of the line'"),
        ("docker-env", "V\n"),
        ("compose-env", 'V="$X"\n'),
        ("compose-env", 'V="\\07"\n'),
        ("node-env", "V=bare\n"),
        ("python-dotenv", 'V="${HOME}"\n'),
        ("dotenv", "V=$X\n"),
        ("github-env", "V=x<<y\n"),
        ("github-env", "V<<\nx\n\n"),
        ("gitlab-dotenv", "V=$X\n"),
        ("gitlab-dotenv", "V\n"),
        ("gitlab-dotenv", "V=" + "x" * 5120 + "\n"),
        ("java-properties", "V=\u00e9\n"),
        ("yaml", '"V": "\u00e9"\n'),
        ("yaml", '"V": "\\q"\n'),
        ("csv", "name;value\n"),
        ("tfvars", 'V = "${x}"\n'),
        ("tfvars", 'V = "\\q"\n'),
        ("tfvars", 'V = "a\nb"\n'),
        ("k8s-secret", 'kind: Secret\ndata:\n  "V": "no base64"\n'),
    ],
)
def test_a_model_does_not_guess(format_name: str, text: str) -> None:
    """Where the consumer would expand, execute, refuse or warn, its model stops."""
    with pytest.raises(ValueError):  # noqa: PT011  # the words are for no user
        make_format(format_name).read(text)


@pytest.mark.parametrize(
    ("format_name", "text", "value"),
    [
        ("fish", "set -gx V 'a\\b'\n", "a\\b"),
        ("powershell", "$env:V = 'a\u2018\u2019b'\n", "a\u2019b"),
        ("docker-env", "# comment\n\nV= 'a' \r\n", " 'a' "),
        ("compose-env", 'V="\\q\\t"\n', "\\q\t"),
        ("systemd-env", 'V="a\\\nb\\q"\n', "ab\\q"),
        ("node-env", 'V="a\\nb"\n', "a\nb"),
        ("python-dotenv", 'V="\\q\\t"\n', "\\q\t"),
        ("gitlab-dotenv", " V = a \n", "a"),
        ("java-properties", "V=  a\\:b\n", "a:b"),
        ("tfvars", 'V = "$${a} $$ %"\n', "${a} $$ %"),
    ],
)
def test_a_model_follows_the_reader_and_not_the_writer(format_name: str, text: str, value: str) -> None:
    """It knows what no writer of ours makes."""
    assert {"V": value} == make_format(format_name).read(text)


@pytest.mark.parametrize(("format_name", "text"), [("powershell", "$env:V = ''\n"), ("systemd-env", 'V="\x01"\n')])
def test_a_model_drops_what_the_reader_drops(format_name: str, text: str) -> None:
    """Such a variable would not be there."""
    assert {} == make_format(format_name).read(text)


SABOTAGED = """
import sys
from mysafe_env.cli.main import mysafe_env
from mysafe_env.sinks.export.shell import ShellFormat
ShellFormat.write = lambda self, values: "".join(f"export {name}='{text}'\\n" for name, text in values.items())
sys.exit(mysafe_env())
"""


def sabotaged(folder: Path, *arguments: str) -> Finished:
    """An export by a writer that does not escape quotes."""
    (folder / "mysafe.toml").write_text('[env]\nPLAIN = "x"\nQUOTED = "it\'s canary"\n')
    return run_python(SABOTAGED, "export", "--format", "shell", *arguments, folder=folder)


def test_a_faulty_writer_writes_no_file(tmp_path: Path) -> None:
    """With --output the check is on: the error names the variables, not their values, and there is no file."""
    finished = sabotaged(tmp_path, "--output", "out.sh")

    assert (1, b"") == (finished.code, finished.stdout)
    assert b"mysafe-env: error: shell would not be read back as it is: PLAIN, QUOTED\n" in finished.stderr
    assert b"canary" not in finished.stderr
    assert ["mysafe.toml"] == [path.name for path in tmp_path.iterdir()]


def test_a_faulty_writer_prints_nothing(tmp_path: Path) -> None:
    """On standard output the check is asked for."""
    finished = sabotaged(tmp_path, "--verify")

    assert (1, b"") == (finished.code, finished.stdout)


@pytest.mark.parametrize("arguments", [("--output", "out.sh", "--no-verify"), ()])
def test_the_check_can_be_left_out(arguments: tuple[str, ...], tmp_path: Path) -> None:
    """It is off on standard output, and can be switched off."""
    assert 0 == sabotaged(tmp_path, *arguments).code
