"""`shell`: POSIX `export` lines, read back by real shells."""

import shutil
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mysafe_env.errors import ExportError
from mysafe_env.secret import Secret
from mysafe_env.sinks.export.registry import export_text
from tests.support.process import run

SHELLS = [
    pytest.param(name, marks=pytest.mark.skipif(shutil.which(name) is None, reason=f"no {name} here"))
    for name in ("sh", "bash", "dash", "zsh", "ksh")
]
# A prefix keeps invented names away from those that shells use themselves.
NAMES = st.from_regex(r"T_[A-Za-z0-9_]{0,8}", fullmatch=True)
# What shells treat specially comes up often, everything else sometimes.
TEXT = st.text(st.sampled_from("'\"\\$`!#&;|<>(){}[]*?~=- \t\n\r") | st.characters(exclude_categories=["Cs"])).map(
    lambda text: text.replace("\0", "")
)


def exported(values: Mapping[str, str]) -> str:
    """The export lines of *values*."""
    return export_text("shell", {name: Secret(text) for name, text in values.items()})


def read_back(shell: str, script: str, text: str) -> dict[str, str]:
    """The variables named T_... that a command started by *shell* gets, when *script* reads *text*."""
    finished = run(shell, "-c", f"{script}; exec env -0", stdin=text.encode())
    assert (0, b"") == (finished.code, finished.stderr)
    pairs = (pair.decode().partition("=") for pair in finished.stdout.split(b"\0") if pair.startswith(b"T_"))
    return {name: value for name, _, value in pairs}


def test_one_line_a_variable() -> None:
    """A value stands between single quotes, whatever it is."""
    assert "export B='1'\nexport A='it'\\''s'\nexport EMPTY=''\n" == exported({"B": "1", "A": "it's", "EMPTY": ""})


def test_nothing_is_no_line() -> None:
    """Without variables there is nothing to evaluate."""
    assert "" == exported({})


def test_a_nul_character_is_refused() -> None:
    """The variable is named, with the reason and a format that can."""
    with pytest.raises(ExportError) as caught:
        exported({"GOOD": "x", "NUL": "a\0b"})

    assert ("shell can't carry NUL: a shell has no NUL character", "use --format json, which can") == (
        caught.value.message,
        caught.value.hint,
    )


HOSTILE = {
    "T_QUOTES": "'\"'\\''`",
    "T_COMMANDS": "$(touch /nonexistent/x) `id` ${HOME} $HOME $((1+1)) !! !$",
    "T_LINES": "\nfirst\n\nlast\n\n",
    "T_RETURN": "a\rb\r\n\r",
    "T_BACKSLASHES": "\\\\\\n\\",
    "T_END": "x'; exit 3; '",
    "T_GLOBS": "* ? [a-z] ~ {a,b}",
    "T_SPACES": "  \t both sides \t ",
    "T_DASH": "-n -e",
    "T_COMMENT": "# not a comment",
    "T_CONTROLS": "".join(map(chr, range(1, 32))) + "\x7f",
    "T_HIGH": "".join(map(chr, range(0x80, 0x100))) + "\u2028\ufeff🔑",
    "T_PEM": "-----BEGIN KEY-----\nAAAA+/==\n-----END KEY-----\n",
}


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("script", ['eval "$(cat)"', "set -a; . /dev/stdin", "set -eu; . /dev/stdin"])
def test_hostile_values_are_read_back(shell: str, script: str) -> None:
    """Evaluated or sourced, every value arrives as it is, and none is executed."""
    assert HOSTILE == read_back(shell, script, exported(HOSTILE))


@pytest.mark.parametrize("shell", SHELLS)
@settings(max_examples=30, deadline=None)
@given(values=st.dictionaries(NAMES, TEXT, max_size=20))
def test_every_text_is_read_back(shell: str, values: dict[str, str]) -> None:
    """Whatever the text, a shell gives it to its children unchanged."""
    assert values == read_back(shell, 'eval "$(cat)"', exported(values))
