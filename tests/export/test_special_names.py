"""The names that programs keep for themselves, found by asking the programs."""

from pathlib import Path

import pytest

from mysafe_env.sinks.export.registry import make_format
from tests.export.consumers import Consumer, sourced, terraform

# More parameters than a plain start of zsh has.
ZSH_NAMES = """\
zmodload zsh/complist zsh/datetime zsh/parameter zsh/sched zsh/termcap zsh/terminfo zsh/watch zsh/zle zsh/zleparameter
print -l ${(k)parameters}"""
SHELLS = {
    "bash": "compgen -v",
    "zsh": ZSH_NAMES,
    "ksh": "set | sed 's/=.*//'",
    "mksh": "typeset | sed 's/.* //; s/=.*//'",
    "dash": "set | sed 's/=.*//'",
    "fish": "set --names",
}
# What shells keep without telling it in their lists.
UNLISTED = ["ARGV0", "A__z", "ZLE_RPROMPT_INDENT"]
# How each format is read, with a value that is no number, no list of one word, and longer than zsh's histchars.
READINGS = {
    "shell": ('. "$FILE"', "x y z"),
    "dotenv": ('set -a; . "$FILE"', "x-y-z"),
    "fish": ("source $FILE", "x y z"),
}
READERS = [
    (shell, format_name) for format_name in READINGS for shell in SHELLS if (shell == "fish") == (format_name == "fish")
]
# Whether they can be assigned depends on the value, which no export can know; the shell says so itself. And the last
# step of a reading is a command that has to be found.
NOT_ASKED = {"LANG", "LC_ALL", "LC_CTYPE", "LC_COLLATE", "LC_MESSAGES", "LC_NUMERIC", "PATH"}


def names_of(shell: str, folder: Path) -> list[str]:
    """The variables that the program has by itself."""
    script = f"{SHELLS[shell]} > names"
    sourced(shell, script)(folder / "none", {})
    listed = [name for name in (folder / "names").read_text().split() if name.isidentifier()]
    assert listed
    return listed + UNLISTED


@pytest.mark.parametrize(("shell", "format_name"), READERS)
def test_a_name_that_a_shell_keeps_is_refused(shell: str, format_name: str, tmp_path: Path) -> None:
    """Of all the variables that a shell has, those that it does not set and hand on as asked are refused."""
    script, value = READINGS[format_name]
    Consumer(shell, format_name, sourced(shell, script), (shell,)).require()
    chosen = make_format(format_name)
    names = [name for name in names_of(shell, tmp_path) if not chosen.refusal(name, value) and name not in NOT_ASKED]
    values = dict.fromkeys(names, value)
    (tmp_path / "exported").write_text(chosen.write(values))

    assert values == sourced(shell, script)(tmp_path / "exported", values)


@pytest.mark.parametrize("name", ["count", "depends_on", "for_each", "lifecycle", "locals", "providers", "source"])
def test_a_name_that_terraform_keeps_is_refused(name: str, tmp_path: Path) -> None:
    """Terraform itself refuses a module with such a variable."""
    Consumer("terraform", "tfvars", terraform, ("terraform",), everywhere=False).require()
    chosen = make_format("tfvars")
    (tmp_path / "exported").write_text(chosen.write({name: "x"}))

    assert chosen.refusal(name, "x")
    with pytest.raises(AssertionError):
        terraform(tmp_path / "exported", {name: "x"})
