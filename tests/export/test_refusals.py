"""What each format refuses: exactly what its line in `--list-formats` says, together and with a way out."""

import re
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given

from mysafe_env.errors import ExportError, UnfitValuesError
from mysafe_env.secret import Secret
from mysafe_env.sinks.export.registry import FORMATS, export_text, make_format
from tests.export.corpus import TEXT, VALUES


def nothing(_: str) -> bool:
    """Every text is carried."""
    return False


def nul(text: str) -> bool:
    """Only a NUL character is refused."""
    return "\0" in text


# The whole of it, by format: the line that users see, and the rule for a variable with a short and ordinary name.
REFUSED: dict[str, tuple[str, Callable[[str], bool]]] = {
    "json": ("", nothing),
    "shell": ("NUL; names that shells keep for themselves, such as UID or path", nul),
    "fish": ("NUL; names that fish keeps for itself, such as status; empty folders in PATH or CDPATH", nul),
    "powershell": ("NUL, the empty value; names that differ only in case", lambda text: nul(text) or not text),
    "docker-env": (
        "NUL, newlines, a carriage return at the end, lines of 64 KiB",
        lambda text: bool(re.search(r"[\0\n]|\r\Z", text)) or len(f"V={text}".encode()) >= 65_536,
    ),
    "compose-env": ("NUL", nul),
    "systemd-env": (
        "control characters but tab and newline, Unicode noncharacters",
        lambda text: any(
            (unicodedata.category(char) == "Cc" and char not in "\t\n" and not "\x80" <= char <= "\x9f")
            or ord(char) & 0xFFFE == 0xFFFE
            or "\ufdd0" <= char <= "\ufdef"
            for char in text
        ),
    ),
    "node-env": (
        "NUL, carriage returns; values with ', ` and either \" or \\n in them",
        lambda text: (
            bool(re.search("[\0\r]", text)) or ("'" in text and "`" in text and ('"' in text or "\\n" in text))
        ),
    ),
    "python-dotenv": ("NUL", nul),
    "dotenv": (
        (
            "all but ASCII letters, digits and _ . / : @ % + , - =; an = in front; lines of 64 KiB; "
            "names that shells keep for themselves, such as UID or path"
        ),
        lambda text: not re.fullmatch(r"([\w./:@%+,-][\w./:@%+,=-]*)?", text, re.ASCII) or len(text) > 65_533,
    ),
    "github-env": (
        "NUL, a carriage return at the end; NODE_OPTIONS, GITHUB_*, RUNNER_*",
        lambda text: nul(text) or text.endswith("\r"),
    ),
    "gitlab-dotenv": (
        "NUL, newlines, $, white space at either end; 5 KiB or 150 variables in all",
        lambda text: bool(re.search(r"[\0\n$]|\A[\t-\r ]|[\t-\r ]\Z", text)) or len(f"V={text}\n".encode()) >= 5120,
    ),
    "azure-pipelines": (
        "NUL, newlines, carriage returns; names that start with ENDPOINT, INPUT, PATH, SECRET, SECUREFILE",
        lambda text: bool(re.search("[\0\r\n]", text)),
    ),
    "java-properties": ("", nothing),
    "yaml": ("names of more than 1022 characters", nothing),
    "csv": ("NUL", nul),
    "tfvars": (
        "text that is not in NFC; names that no variable can have, such as count",
        lambda text: text != unicodedata.normalize("NFC", text),
    ),
    "k8s-secret": ("more than 1 MiB in all; names of more than 253 characters", nothing),
}


def refused(format_name: str, values: dict[str, str]) -> list[tuple[str, str]]:
    """The message and the hint of each refusal."""
    secrets = {name: Secret(text) for name, text in values.items()}
    try:
        export_text(make_format(format_name), secrets)
    except UnfitValuesError as error:
        return [(report.message, report.hint) for report in error.reports]
    return []


def instead(hint: str) -> str:
    """The format that a hint names."""
    found = re.search(r"--format ([a-z0-9-]+)", hint)
    assert found
    return found[1]


def test_every_format_has_its_rule() -> None:
    """The table is complete, and in the order of the formats."""
    assert list(REFUSED) == list(FORMATS)


@pytest.mark.parametrize("format_name", FORMATS)
def test_users_are_told_the_rule(format_name: str) -> None:
    """What `--list-formats` says is what the table says."""
    assert REFUSED[format_name][0] == make_format(format_name).cannot


@pytest.mark.parametrize("format_name", FORMATS)
def test_nothing_else_of_the_corpus_is_refused(format_name: str) -> None:
    """The refused values are those that the rule names, and no others."""
    rule = REFUSED[format_name][1]

    assert [text for text in VALUES if rule(text)] == [text for text in VALUES if refused(format_name, {"V": text})]


@pytest.mark.parametrize("format_name", FORMATS)
@given(text=TEXT)
def test_nothing_else_is_refused(format_name: str, text: str) -> None:
    """That holds for any text."""
    assert REFUSED[format_name][1](text) == bool(refused(format_name, {"V": text}))


@pytest.mark.parametrize("format_name", FORMATS)
def test_a_refusal_names_the_variable_and_a_format_that_can(format_name: str) -> None:
    """The named format carries the value, and the value is not shown."""
    for number, text in enumerate(VALUES):
        for message, hint in refused(format_name, {f"VALUE_{number}": text}):
            assert f"{format_name} can't carry VALUE_{number}: " in message
            assert [] == refused(instead(hint), {f"VALUE_{number}": text})
            assert len(text) < 8 or text not in message + hint


def test_all_refusals_are_told_together() -> None:
    """Two values that can't be carried are two reports, and nothing is written."""
    assert [
        ("docker-env can't carry KEY: it holds a newline", "use --format compose-env, which can"),
        ("docker-env can't carry ODD: it holds a NUL character", "use --format json, which can"),
    ] == refused("docker-env", {"KEY": "a\nb", "GOOD": "x", "ODD": "a\0b"})


@pytest.mark.parametrize(
    ("format_name", "text", "message"),
    [
        ("docker-env", "a\r", "it ends with a carriage return"),
        ("docker-env", "a" * 65_534, "its line would have 64 KiB or more"),
        ("powershell", "", "assigning the empty value would remove the variable"),
        ("systemd-env", "\x1b", "it holds a control character, for which older systemds drop the variable"),
        ("systemd-env", "\uffff", "it holds a Unicode noncharacter, for which systemd refuses the whole file"),
        ("node-env", "\r", "it holds a carriage return, which node removes"),
        ("node-env", "'`\"", "it holds all the quotes that node knows, and they can't be escaped"),
        ("dotenv", "a b", "readers of .env files don't agree on a character in it"),
        ("dotenv", "a" * 65_534, "its line would have 64 KiB or more"),
        ("github-env", "a\r", "it ends with a carriage return, which runners on Windows lose"),
        ("gitlab-dotenv", "a\nb", "it holds a newline"),
        ("gitlab-dotenv", "$x", "it holds a $, which the runner of the next job expands"),
        ("gitlab-dotenv", " x", "it starts or ends with white space, which GitLab removes"),
        ("azure-pipelines", "a\nb", "it holds a newline, and the agent refuses secrets of several lines"),
        ("tfvars", "e\u0301", "it is not in Unicode's form NFC, to which Terraform would change it"),
    ],
)
def test_a_refusal_tells_the_reason(format_name: str, text: str, message: str) -> None:
    """One line that says what is in the way."""
    assert [f"{format_name} can't carry V: {message}"] == [told for told, _ in refused(format_name, {"V": text})]


@pytest.mark.parametrize("size", [65_533, 65_532])
def test_a_line_that_docker_just_reads(size: int) -> None:
    """The limit is docker's, to the byte."""
    assert [] == refused("docker-env", {"V": "a" * size})


def test_gitlab_counts_variables_and_bytes() -> None:
    """Too many variables, or too large a file, name the variable to leave out."""
    many = {f"V{number}": "x" for number in range(151)}
    large = {"SMALL": "x", "LARGE": "x" * 2600, "OTHER": "x" * 2500}

    assert ["gitlab-dotenv can't carry V150: GitLab takes 150 variables at most, and fewer on smaller plans"] == [
        message for message, _ in refused("gitlab-dotenv", many)
    ]
    assert [
        "gitlab-dotenv can't carry LARGE: the whole file must be smaller than 5 KiB, and this is its largest value"
    ] == [message for message, _ in refused("gitlab-dotenv", large)]
    assert [] == refused("gitlab-dotenv", {"LARGE": "x" * (5119 - len("LARGE=\n"))})


def test_a_secret_of_kubernetes_holds_one_mebibyte() -> None:
    """All values together count, and the largest one is named."""
    half = "x" * (512 * 1024)

    assert [] == refused("k8s-secret", {"A": half, "B": half})
    assert ["k8s-secret can't carry B: a Secret holds 1 MiB at most, and this is its largest value"] == [
        message for message, _ in refused("k8s-secret", {"A": half, "B": half + "x"})
    ]


@pytest.mark.parametrize("format_name", FORMATS)
@pytest.mark.parametrize("variable", ["", "1A", "A-B", "A B", "A;id", "A\n", "\u00c9", "-n", "A=B", "A<<B"])
def test_a_name_that_is_no_variable_is_refused(format_name: str, variable: str) -> None:
    """No consumer ever sees a name that it could take for something else."""
    with pytest.raises(ExportError, match="is not the name of a variable"):
        export_text(make_format(format_name), {variable: Secret("x")})


@pytest.mark.parametrize("format_name", FORMATS)
def test_a_value_that_is_not_text_is_refused(format_name: str) -> None:
    """Half of a surrogate pair has no UTF-8; the variable is named and the value is not shown."""
    assert [
        ("no format can carry HALF: its value holds half of a surrogate pair, which is not text", "correct the item")
    ] == refused(format_name, {"GOOD": "x", "HALF": "canary\ud800"})


@pytest.mark.parametrize(
    ("format_name", "variable", "reason"),
    [
        ("shell", "UID", "shells keep this variable for themselves"),
        ("shell", "path", "shells keep this variable for themselves"),
        ("fish", "status", "fish keeps this variable for itself"),
        ("github-env", "NODE_OPTIONS", "the runner refuses this variable"),
        ("github-env", "node_options", "the runner refuses this variable"),
        ("github-env", "GITHUB_SHA", "GitHub keeps GITHUB_* and RUNNER_* for itself"),
        ("github-env", "RUNNER_TEMP", "GitHub keeps GITHUB_* and RUNNER_* for itself"),
        ("azure-pipelines", "SECRET_KEY", "Azure Pipelines keeps names that start like this from tasks"),
        ("azure-pipelines", "Path_X", "Azure Pipelines keeps names that start like this from tasks"),
        ("tfvars", "count", "no variable of Terraform can have this name"),
        ("gitlab-dotenv", "X" * 256, "its name has more than 255 characters"),
        ("k8s-secret", "X" * 254, "its name has more than 253 characters"),
        ("yaml", "X" * 1023, "its name has more than 1022 characters"),
    ],
)
def test_a_name_that_the_consumer_keeps(format_name: str, variable: str, reason: str) -> None:
    """The advice is another name."""
    hint = "give it another name, for example with --prefix, or leave it out with --exclude"

    assert [(f"{format_name} can't carry {variable}: {reason}", hint)] == refused(format_name, {variable: "x"})


@pytest.mark.parametrize("variable", ["PATH", "CDPATH"])
@pytest.mark.parametrize("text", ["", ":/bin", "/bin:", "/bin::/sbin"])
def test_an_empty_folder_of_fish(variable: str, text: str) -> None:
    """A list of folders is refused where fish would write a dot into it, and in no other variable."""
    assert [
        (f"fish can't carry {variable}: fish writes a . for an empty folder in it", "use --format json, which can")
    ] == refused("fish", {variable: text})
    assert [] == refused("fish", {variable: "/bin:/sbin", "MANPATH": text})


@pytest.mark.parametrize("variable", ["UID", "path", "COMP_WORDBREAKS"])
def test_a_name_that_one_of_many_readers_keeps(variable: str) -> None:
    """The format of a reader that takes it is named, too, and carries it."""
    hint = "give it another name, for example with --prefix, or use the format of its reader, such as docker-env"

    assert [(f"dotenv can't carry {variable}: shells keep this variable for themselves", hint)] == refused(
        "dotenv", {variable: "x"}
    )
    assert [] == refused("docker-env", {variable: "x"})


@pytest.mark.parametrize("format_name", ["powershell", "github-env", "azure-pipelines"])
def test_names_that_windows_can_not_tell_apart(format_name: str) -> None:
    """The second of two names that differ only in case is refused."""
    assert [f"{format_name} can't carry token: its reader can't tell it from TOKEN"] == [
        message for message, _ in refused(format_name, {"TOKEN": "1", "token": "2", "OTHER": "3"})
    ]
