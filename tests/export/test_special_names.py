"""The names that programs keep for themselves, found by asking the programs."""

import os
from pathlib import Path

import pytest

from mysafe_env.sinks.export.registry import make_format
from tests.export.consumers import Consumer, sourced, terraform

# More parameters than a plain start of zsh has.
ZSH_NAMES = """
zmodload zsh/complist zsh/datetime zsh/parameter zsh/sched zsh/termcap zsh/terminfo zsh/watch zsh/zle zsh/zleparameter
print -l ${(k)parameters}
"""
SHELLS = {
    "bash": "compgen -v",
    "zsh": ZSH_NAMES,
    "ksh": "set | sed 's/=.*//'",
    "mksh": "typeset | sed 's/.* //; s/=.*//'",
    "dash": "set | sed 's/=.*//'",
    "fish": "set --names",
}
# Whether they can be assigned depends on the value, which no export can know; the shell says so itself.
BY_VALUE = {"LANG", "LC_ALL", "LC_CTYPE", "LC_COLLATE", "LC_MESSAGES", "LC_NUMERIC"}
VALUE = "x y"


def names_of(shell: str, folder: Path) -> list[str]:
    """The variables that the program has by itself."""
    script = f"{SHELLS[shell]} > names"
    sourced(shell, script)(folder / "none", {})
    return [name for name in (folder / "names").read_text().split() if name.isidentifier()]


@pytest.mark.parametrize("shell", SHELLS)
def test_a_name_that_a_shell_keeps_is_refused(shell: str, tmp_path: Path) -> None:
    """Of all the variables that a shell has, those that it does not set and hand on as asked are refused."""
    format_name = "fish" if shell == "fish" else "shell"
    script = "source $FILE" if shell == "fish" else '. "$FILE"'
    Consumer(shell, format_name, sourced(shell, script), (shell,)).require()
    chosen = make_format(format_name)
    names = [name for name in names_of(shell, tmp_path) if not chosen.refusal(name, VALUE) and name not in BY_VALUE]
    values = dict.fromkeys(names, VALUE)
    # The reader's last step is a command that has to be found.
    (tmp_path / "exported").write_text(chosen.write(values | {"PATH": os.environ["PATH"]}))

    assert values | {"PATH": os.environ["PATH"]} == sourced(shell, script)(
        tmp_path / "exported", {"PATH": "", **values}
    )


@pytest.mark.parametrize("name", ["count", "depends_on", "for_each", "lifecycle", "locals", "providers", "source"])
def test_a_name_that_terraform_keeps_is_refused(name: str, tmp_path: Path) -> None:
    """Terraform itself refuses a module with such a variable."""
    Consumer("terraform", "tfvars", terraform, ("terraform",), everywhere=False).require()
    chosen = make_format("tfvars")
    (tmp_path / "exported").write_text(chosen.write({name: "x"}))

    assert chosen.refusal(name, "x")
    with pytest.raises(AssertionError):
        terraform(tmp_path / "exported", {name: "x"})
