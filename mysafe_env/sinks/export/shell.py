"""`shell`: POSIX `export` lines, for `eval` and `.`."""

from collections.abc import Iterable, Mapping
from typing import Final

from mysafe_env.errors import Report
from mysafe_env.sinks.export.base import Format
from mysafe_env.sinks.export.scanner import Scanner

# Variables that some shell computes, types or keeps for itself: assigning to one fails, or changes the value or the
# shell. From the manuals of bash, zsh, ksh93 and mksh; each is tried on them in the tests.
_SPECIAL: Final = frozenset(
    """
    ARGC BASHOPTS BASHPID BASH_ALIASES BASH_ARGC BASH_ARGV BASH_ARGV0 BASH_CMDS BASH_COMMAND BASH_LINENO BASH_SOURCE
    BASH_SUBSHELL BASH_VERSINFO BASH_XTRACEFD COLUMNS DIRSTACK EGID EPOCHREALTIME EPOCHSECONDS ERRNO EUID FUNCNAME
    FUNCNEST GID GROUPS HISTCMD HISTSIZE IFS JOBMAX KEYBOARD_HACK KEYTIMEOUT KSHEGID KSHGID KSHUID KSH_VERSION
    LINENO LINES LISTMAX LOGCHECK MAILCHECK OPTIND PGRP PIPESTATUS PPID RANDOM SAVEHIST SECONDS SHELLOPTS SHLVL
    SRANDOM TMOUT TRY_BLOCK_ERROR TRY_BLOCK_INTERRUPT TTYIDLE UID USERNAME USER_ID WATCH ZSH_EVAL_CONTEXT
    ZSH_SUBSHELL _ aliases argv builtins cdpath commands dirstack dis_aliases dis_builtins dis_functions
    dis_functions_source dis_galiases dis_patchars dis_reswords dis_saliases fignore fpath funcfiletrace
    funcsourcetrace funcstack functions functions_source functrace galiases history historywords jobdirs jobstates
    jobtexts keymaps langinfo mailpath manpath mapfile module_path modules nameddirs options parameters patchars
    path pipestatus psvar reswords saliases signals status termcap terminfo userdirs usergroups watch widgets
    zsh_eval_context zsh_scheduled_events
    """.split()  # noqa: SIM905  # names are easier to compare without quotes
)


class ShellFormat(Format):
    """One `export NAME='...'` a variable: between single quotes a shell changes nothing."""

    name = "shell"
    reader = 'sh, dash, bash, zsh, ksh: eval "$(mysafe-env export -f shell)"'
    cannot = "NUL; names that shells keep for themselves, such as UID or path"

    def refusal(self, variable: str, text: str) -> Report | None:
        """A NUL character, or a variable that belongs to a shell."""
        if variable in _SPECIAL:
            return self.cannot_name(variable, "shells keep this variable for themselves")
        return self.nul(variable, text)

    def write(self, values: Mapping[str, str]) -> str:
        """The lines in order; a newline in a value stays a newline between the quotes."""
        return "".join(f"export {variable}={_quoted(text)}\n" for variable, text in values.items())

    def read(self, text: str) -> dict[str, str]:
        """The assignments, by the quoting rules of POSIX (XCU 2.2)."""
        return Scanner(text).assignments("=", _word, before="export ")


def unset_lines(variables: Iterable[str]) -> str:
    """The lines that take the variables away again."""
    return "".join(f"unset {variable}\n" for variable in variables)


def _quoted(text: str) -> str:
    # Nothing can be escaped between single quotes, so the quote itself stands between two strings.
    return "'" + text.replace("'", "'\\''") + "'"


def _word(scanner: Scanner) -> str:
    """One word up to the end of its line, with its quotes removed."""
    pieces = []
    while scanner.peek() != "\n":
        character = scanner.character()
        if character == "'":
            pieces.append(scanner.until("'"))
        elif character == "\\":
            pieces.append(scanner.character())
        else:
            raise ValueError("a shell could expand what is not quoted")
    return "".join(pieces)


FORMAT = ShellFormat
