"""The variables that shells keep for themselves."""

from typing import Final

# Variables that some shell computes, types or keeps for itself: assigning to one fails, or changes the value or the
# shell. From the manuals of bash, zsh, ksh93 and mksh; each is tried on them in the tests.
SHELL_NAMES: Final = frozenset(
    """
    ARGC ARGV0 A__z BASHOPTS BASHPID BASH_ALIASES BASH_ARGC BASH_ARGV BASH_ARGV0 BASH_CMDS BASH_COMMAND BASH_LINENO
    BASH_SOURCE BASH_SUBSHELL BASH_VERSINFO BASH_XTRACEFD COLUMNS COMP_WORDBREAKS DIRSTACK EGID EPOCHREALTIME
    EPOCHSECONDS ERRNO EUID FUNCNAME FUNCNEST GID GROUPS HISTCHARS HISTCMD HISTSIZE IFS JOBMAX KEYBOARD_HACK
    KEYTIMEOUT KSHEGID KSHGID KSHUID KSH_VERSION LINENO LINES LISTMAX LOGCHECK MAILCHECK OPTIND PGRP PIPESTATUS PPID
    RANDOM SAVEHIST SECONDS SHELLOPTS SHLVL SRANDOM TMOUT TRY_BLOCK_ERROR TRY_BLOCK_INTERRUPT TTYIDLE UID USERNAME
    USER_ID WATCH ZLE_RPROMPT_INDENT ZSH_EVAL_CONTEXT ZSH_SUBSHELL _ aliases argv builtins cdpath commands dirstack
    dis_aliases dis_builtins dis_functions dis_functions_source dis_galiases dis_patchars dis_reswords dis_saliases
    fignore fpath funcfiletrace funcsourcetrace funcstack functions functions_source functrace galiases histchars
    history historywords jobdirs jobstates jobtexts keymaps langinfo mailpath manpath mapfile module_path modules
    nameddirs options parameters patchars path pipestatus psvar reswords saliases signals status termcap terminfo
    userdirs usergroups watch widgets zsh_eval_context zsh_scheduled_events
    """.split()  # noqa: SIM905  # names are easier to compare without quotes
)

KEPT: Final = "shells keep this variable for themselves"
"""Why such a name is refused."""
