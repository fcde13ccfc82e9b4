"""The commands, and their command lines read by click, whose exceptions stop here."""

import os
import sys
from typing import Final

import click

from mysafe_env import __version__
from mysafe_env.cli.exit_codes import INTERRUPTED
from mysafe_env.cli.group import LazyGroup
from mysafe_env.cli.voice import Voice
from mysafe_env.errors import UsageError

_SHELLS: Final = ("bash", "zsh", "fish")
COMMANDS: Final = (
    ("run", "mysafe_env.cli.run", "Run a command with secrets in its environment."),
    ("export", "mysafe_env.cli.export", "Print the variables in the format of another tool."),
    ("render", "mysafe_env.cli.render", "Render config files with secrets in them."),
    ("check", "mysafe_env.cli.check", "Check that everything in the mapping can be had."),
    ("list", "mysafe_env.cli.list", "List passwords, notes or API secrets."),
    ("get", "mysafe_env.cli.get", "Show one item, its secrets masked."),
    ("create", "mysafe_env.cli.create", "Create a password, note or API secret."),
    ("update", "mysafe_env.cli.update", "Change an item."),
    ("activate", "mysafe_env.cli.activate", "Make an item usable again."),
    ("deactivate", "mysafe_env.cli.deactivate", "Make an item unusable; it can be undone."),
    ("import", "mysafe_env.cli.import_file", "Create many items from a .env, JSON or CSV file."),
    ("secretsafe", "mysafe_env.cli.secretsafe", "Manage an organisation of SecretSafe."),
    ("demo", "mysafe_env.cli.demo", "Show what this tool does, on a vault that ships with it."),
    ("emulate", "mysafe_env.cli.emulate", "Serve a local vault as MySafe's REST API."),
)


def call(program: str, arguments: list[str], voice: Voice) -> int:
    """Run what the command line says; raises `UsageError` for one that can't be understood."""
    _check_completion(program)
    command = click.version_option(__version__, message="%(prog)s %(version)s")(_command(program))
    try:
        result = command.main(arguments, program, standalone_mode=False, obj=voice)
    except click.ClickException as error:
        from mysafe_env.cli.usage import usage_error  # noqa: PLC0415  # paid for by mistakes only

        raise usage_error(error, program) from None
    except click.Abort as abort:
        if abort.__cause__ is None:
            # Out of a question, after whose end click leaves the line as it is.
            voice.end_line()
        if isinstance(abort.__context__, EOFError):
            raise _unanswered() from None
        return INTERRUPTED
    except OSError as error:
        if not _is_of_click(error):
            raise
        from mysafe_env.cli.output import unwritable  # noqa: PLC0415  # seldom needed

        raise unwritable(error) from None
    except SystemExit as error:
        # Click ends so when the reader of its output has gone, and after shell completion.
        return _reader_gone() if error.code else 0
    return result if isinstance(result, int) else 0


def _unanswered() -> UsageError:
    """What Ctrl-D at a question is."""
    return UsageError(
        "the input ended where an answer was asked for", "answer it, or say it by an option; --help shows them"
    )


def _command(program: str) -> click.Command:
    if program == "mysafe-run":
        from mysafe_env.cli.run import command  # noqa: PLC0415  # the other program imports what was chosen

        return command
    return LazyGroup(COMMANDS, help="Secrets of senhasegura MySafe for the programs that need them.")


def _check_completion(program: str) -> None:
    """Refuse what no shell asks for; click would end without a word, or with a traceback."""
    variable = f"_{program.replace('-', '_').upper()}_COMPLETE"
    shell, _, wanted = os.environ.get(variable, "").partition("_")
    if shell and not (
        shell in _SHELLS and (wanted == "source" or (wanted == "complete" and "COMP_WORDS" in os.environ))
    ):
        raise UsageError(
            f"{variable} is set, and not by a shell that completes a word",
            f"unset it, or write {variable}=bash_source (zsh, fish)",
        )


def _is_of_click(error: Exception) -> bool:
    """Whether click raised it: it prints help and version itself, and nothing else."""
    frame = error.__traceback__
    while frame and frame.tb_next:
        frame = frame.tb_next
    return frame is not None and str(frame.tb_frame.f_globals["__name__"]).startswith("click.")


def _reader_gone() -> int:
    """End as a program does that SIGPIPE would have killed, without complaining at exit."""
    sys.stdout = None  # or the interpreter flushes it again
    return 128 + 13
