"""What `mysafe-run` does: fetch the values, and start the command with them."""

import os
import signal
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, Never

from mysafe_env.cli.inputs import inputs_from, plan_of, settings_from
from mysafe_env.cli.voice import Voice
from mysafe_env.cli.warn import warn_of_ciphertext, warn_of_dangerous_names
from mysafe_env.errors import OwedCommandError, UsageError
from mysafe_env.inputs import Inputs, kept_names
from mysafe_env.mapping.inherited import Inheritance, current_environment, inherit
from mysafe_env.plan import Plan
from mysafe_env.resolver import Resolver
from mysafe_env.scope import Scope
from mysafe_env.secret import Secret
from mysafe_env.settings import Settings
from mysafe_env.sinks.environment import check_size, child_environment
from mysafe_env.sinks.execute import replace_process
from mysafe_env.sinks.prctl import hide_memory
from mysafe_env.sinks.value_files import ValueFiles

if TYPE_CHECKING:
    from mysafe_env.sinks.rendering.jobs import Job
    from mysafe_env.sinks.supervise import Supervision

_NOTHING: Final = (
    "there is nothing to inject: no mapping, no env file and no reference in the environment names a value"
)


def run(options: Mapping[str, Any], voice: Voice) -> Never:
    """Replace this process by the command, or supervise it; *options* are the parameters of `cli.run.command`."""
    argv = _argv(options["command_line"], options["script"])
    supervision = _supervision(options)
    _end_when_terminated()
    settings, environ = settings_from(options), _inherited(options)
    inputs = _inputs(options, settings, environ)
    plan = plan_of(inputs, _NOTHING)
    warn_of_dangerous_names(voice, plan.entries)
    resolver = Resolver(settings, voice)
    jobs = _render_jobs(plan) if plan.renders and not options["no_render"] else ()
    if plan.wanted or jobs:
        hide_memory()
    resolution = resolver.resolve(plan, environ, (lookup for job in jobs for lookup in job.lookups))
    values = resolution.values()
    warn_of_ciphertext(voice, resolution)
    with ValueFiles() as files:
        delivered = files.deliver(_without(values, kept_names(inputs)), resolution.file_targets())
        environment = child_environment(environ, delivered)
        check_size(environment, argv, delivered)
        if jobs:
            _render(jobs, resolver.scope(values, environ, resolution.absent()), voice)
        _start(argv, environment, supervision, files)


def _argv(command_line: tuple[str, ...], script: str | None) -> list[str]:
    if script is not None:
        return ["/bin/sh", "-c", script, *command_line]
    if not command_line:
        raise UsageError("there is no COMMAND to run", "put it at the end: mysafe-run -- COMMAND [ARG]...")
    return list(command_line)


def _supervision(options: Mapping[str, Any]) -> "Supervision | None":
    """How the command is supervised; None: it replaces this process."""
    if not options["supervise"]:
        _refuse_without_supervise(options)
        return None
    from mysafe_env.cli.supervision import read_supervision  # noqa: PLC0415  # nobody else needs it

    return read_supervision(options["kill_after"], options["rewrite"], single_child=options["single_child"])


def _refuse_without_supervise(options: Mapping[str, Any]) -> None:
    for name in ("kill_after", "rewrite", "single_child"):
        if options[name]:
            raise UsageError(f"--{name.replace('_', '-')} is for --supervise", "add --supervise, or leave it out")


def _end_when_terminated() -> None:
    # The kernel keeps signals without a handler from pid 1; `docker stop` would wait in vain while we fetch.
    if os.getpid() == 1 and signal.getsignal(signal.SIGTERM) is not signal.SIG_IGN:
        signal.signal(signal.SIGTERM, lambda number, _frame: os._exit(128 + number))


def _inherited(options: Mapping[str, Any]) -> dict[str, str]:
    """The inherited environment, as far as it passes."""
    inheritance = Inheritance(options["pristine"], options["passing"], options["drop"], options["keep_credentials"])
    return inherit(current_environment(), inheritance)


def _inputs(options: Mapping[str, Any], settings: Settings, environ: Mapping[str, str]) -> Inputs:
    return inputs_from(options, settings, environ)._replace(
        keep=frozenset(options["keep"]),
        inherited_references=not options["no_inherited_refs"],
        keep_credentials=options["keep_credentials"],
    )


def _without(values: Mapping[str, Secret], kept: frozenset[str]) -> dict[str, Secret]:
    # They are in the environment already, perhaps as bytes that are no text.
    return {name: value for name, value in values.items() if name not in kept}


def _start(
    argv: Sequence[str], environment: Mapping[bytes, bytes], supervision: "Supervision | None", files: ValueFiles
) -> Never:
    if supervision is None:
        replace_process(argv, environment)
    from mysafe_env.sinks.supervise import supervise  # noqa: PLC0415  # nobody else needs it

    supervise(argv, environment, supervision, files)


def _render_jobs(plan: Plan) -> "tuple[Job, ...]":
    from mysafe_env.sinks.rendering.jobs import read_jobs  # noqa: PLC0415  # Jinja2 is slow to import

    return read_jobs(plan.renders)


def _render(jobs: "tuple[Job, ...]", scope: Scope, voice: Voice) -> None:
    from mysafe_env.sinks.rendering.actions import render_jobs  # noqa: PLC0415  # Jinja2 is slow to import

    try:
        render_jobs(jobs, scope, voice.warning)
    except OwedCommandError as error:
        # It may be what reloads the program that starts now, and fails as long as that doesn't run.
        voice.warning(error.message, error.hint)
