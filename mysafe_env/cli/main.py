"""What the two console scripts call: run a command, turn every failure into words and an exit code."""

import sys
from typing import Final

import click

from mysafe_env.cli.group import LazyGroup
from mysafe_env.cli.voice import Voice
from mysafe_env.errors import CommandNotFoundError, MySafeEnvError, NotExecutableError, Report, UsageError

INTERRUPTED: Final = 130
_RUN_FAILED: Final = 125
_NOT_EXECUTABLE: Final = 126
_NOT_FOUND: Final = 127
_FAILED: Final = 1
_USAGE: Final = 2

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


def mysafe_run() -> int:
    """Run as `mysafe-run`."""
    from mysafe_env.cli.run import command  # noqa: PLC0415  # the other script does not need it

    return _call(command, "mysafe-run", sys.argv[1:])


def mysafe_env() -> int:
    """Run as `mysafe-env`."""
    group = LazyGroup(COMMANDS, help="Secrets of senhasegura MySafe for the programs that need them.")
    return _call(group, "mysafe-env", sys.argv[1:])


def _call(command: click.Command, program: str, arguments: list[str]) -> int:
    voice = Voice(program)
    runs = program == "mysafe-run" or arguments[:1] == ["run"]
    try:
        result = _version_option(command).main(arguments, program, standalone_mode=False, obj=voice)
    except click.ClickException as error:
        voice.errors([_usage_report(error, program)])
        return _RUN_FAILED if runs else _USAGE
    except MySafeEnvError as error:
        voice.errors(error.reports)
        return _exit_code(error, runs=runs)
    except (KeyboardInterrupt, click.Abort):
        return INTERRUPTED
    except SystemExit as error:
        # Click ends so when the reader of its output has gone, and after shell completion.
        return _reader_gone() if error.code else 0
    except Exception as error:  # noqa: BLE001  # a traceback could show values
        voice.errors([_internal_report(error)])
        return _RUN_FAILED if runs else _FAILED
    return result if isinstance(result, int) else 0


def _version_option(command: click.Command) -> click.Command:
    from mysafe_env import __version__  # noqa: PLC0415  # not needed before a command runs

    return click.version_option(__version__, message="%(prog)s %(version)s")(command)


def _exit_code(error: MySafeEnvError, *, runs: bool) -> int:
    if not runs:
        return _USAGE if isinstance(error, UsageError) else _FAILED
    if isinstance(error, CommandNotFoundError):
        return _NOT_FOUND
    return _NOT_EXECUTABLE if isinstance(error, NotExecutableError) else _RUN_FAILED


def _usage_report(error: click.ClickException, program: str) -> Report:
    context = getattr(error, "ctx", None)
    path = context.command_path if context else program
    message = error.format_message()
    return Report(message[:1].lower() + message[1:].rstrip("."), f"see {path} --help")


def _internal_report(error: Exception) -> Report:
    """What went wrong inside, without the exception's own words: they may quote a value."""
    frame = error.__traceback__
    while frame and frame.tb_next:
        frame = frame.tb_next
    place = f"{frame.tb_frame.f_code.co_qualname}, line {frame.tb_lineno}" if frame else "an unknown place"
    return Report(
        f"internal error: {type(error).__name__} in {place}", "this is a bug of mysafe-env; please report this line"
    )


def _reader_gone() -> int:
    """End as a program does that SIGPIPE would have killed, without complaining at exit."""
    sys.stdout = None  # or the interpreter flushes it again
    return 128 + 13
