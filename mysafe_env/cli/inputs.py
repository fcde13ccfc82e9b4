"""From the flags that several commands share to settings, inputs and a plan."""

from collections.abc import Mapping
from typing import Any, Final

from mysafe_env.errors import UsageError
from mysafe_env.inputs import Inputs, load_settings, mapping_paths, plan_inputs
from mysafe_env.mapping.inherited import current_environment
from mysafe_env.plan import Plan
from mysafe_env.settings import CONCURRENCY, Flags, Settings

_NAMING: Final = ("vault", "settings", "ca_bundle", "timeout", "profile")


def settings_from(options: Mapping[str, Any]) -> Settings:
    """The connection settings out of those of the shared flags that the command has.

    Raises `SettingsError`, and `UsageError` for a flag that is there and says nothing.
    """
    _refuse_empty(options)
    flags = Flags(
        vault=options.get("vault"),
        ca_bundle=options["ca_bundle"],
        timeout=options["timeout"],
        insecure_http=options["insecure_http"],
        concurrency=options.get("concurrency", CONCURRENCY),
        locator_cache=not options.get("no_locator_cache", True),
        token_cache=options["token_cache"],
    )
    return load_settings(flags, current_environment(), options["settings"])


def _refuse_empty(options: Mapping[str, Any]) -> None:
    """A variable of a script that is not set must not lead to another server, or profile, than it names."""
    for name in _NAMING:
        if options.get(name) == "":
            flag = f"--{name.replace('_', '-')}"
            raise UsageError(f"{flag} is empty", "give it a value, or leave it out; an unset shell variable?")


def inputs_from(options: Mapping[str, Any], settings: Settings, environ: Mapping[str, str]) -> Inputs:
    """The inputs that the shared flags name, or else the settings."""
    return Inputs(
        environ=environ,
        mappings=options["mapping"] or ((settings.mapping,) if settings.mapping else ()),
        mappings_by="--mapping" if options["mapping"] else settings.told("MYSAFE_MAPPING"),
        profile=options["profile"] or settings.profile,
        profile_by="--profile" if options["profile"] else settings.told("MYSAFE_PROFILE"),
        env_files=options["env_file"],
    )


def plan_of(inputs: Inputs, nothing: str) -> Plan:
    """The plan of the inputs; raises `MappingError`, or `UsageError` with the message *nothing* if it is empty."""
    plan = plan_inputs(inputs)
    if plan.is_empty:
        raise UsageError(nothing, _how_to_ask(inputs))
    return plan


def _how_to_ask(inputs: Inputs) -> str:
    """What to do where no input asks for anything."""
    paths = mapping_paths(inputs)
    if paths:
        return f"write variables into [env] of {paths[-1]}, or choose one of its profiles with --profile"
    return "write a mysafe.toml here, or name one with --mapping FILE"
