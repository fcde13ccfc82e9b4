"""Everything that a user asks for, read and planned: settings, mapping files, env files, the inherited environment."""

import os.path
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from mysafe_env.mapping.files import read_mapping_file
from mysafe_env.mapping.inherited import read_inherited
from mysafe_env.mapping.model import Layer
from mysafe_env.mapping.places import Document, Place, Problems
from mysafe_env.plan import Plan, make_plan
from mysafe_env.settings import CREDENTIALS, Flags, Settings, read_settings
from mysafe_env.suggest import did_you_mean

_DEFAULT_MAPPING: Final = "mysafe.toml"


class Inputs(NamedTuple):
    """What a user may name: the inherited environment, env files and mapping files; later ones win."""

    environ: Mapping[str, str]
    """The inherited environment, as far as it passes."""
    mappings: tuple[str, ...] = ()
    """Empty: `mysafe.toml` of the working folder, if there is one."""
    profile: str = ""
    mappings_by: str = "--mapping"
    """What named the mapping files, for messages."""
    profile_by: str = "--profile"
    """What named the profile."""
    env_files: tuple[str, ...] = ()
    keep: frozenset[str] = frozenset()
    """Names whose inherited value stays, if there is one."""
    inherited_references: bool = True
    """Whether references in the inherited environment are resolved."""
    keep_credentials: bool = False
    """Whether env files may set the variables of our own credentials."""


def load_settings(flags: Flags, environ: Mapping[str, str], settings_file: str | None) -> Settings:
    """The connection settings; raises `SettingsError`, or `MappingError` for a faulty settings file."""
    found = _settings_file(settings_file, environ) if settings_file else {}
    return read_settings(flags, environ, found, settings_file or "")


def plan_inputs(inputs: Inputs) -> Plan:
    """Read all inputs and plan them; raises `MappingError` with every problem of all of them."""
    problems = Problems()
    plan = make_plan(_layers(inputs, problems), problems, {name: inputs.environ[name] for name in kept_names(inputs)})
    problems.raise_any()
    return plan


def mapping_paths(inputs: Inputs) -> tuple[str, ...]:
    """The mapping files: those that were named, or that of the working folder."""
    return inputs.mappings or ((_DEFAULT_MAPPING,) if os.path.exists(_DEFAULT_MAPPING) else ())  # noqa: PTH110  # slow


def kept_names(inputs: Inputs) -> frozenset[str]:
    """The names whose inherited value stays, because there is one."""
    return inputs.keep & inputs.environ.keys()


def _settings_file(path: str, environ: Mapping[str, str]) -> dict[str, str]:
    from mysafe_env.mapping.env_files import read_settings_file  # noqa: PLC0415  # python-dotenv is slow to import

    problems = Problems()
    settings = read_settings_file(path, environ, problems)
    problems.raise_any()
    return settings


def _layers(inputs: Inputs, problems: Problems) -> Iterator[Layer]:
    later = [_env_file(path, inputs, problems) for path in inputs.env_files]
    later += _mapping_layers(inputs, problems)
    if inputs.inherited_references:
        yield read_inherited(_undecided(inputs.environ, later), kept_names(inputs), problems)
    yield from later


def _undecided(environ: Mapping[str, str], later: Iterable[Layer]) -> dict[str, str]:
    """The inherited variables, without those that a later input sets in any case, whatever stands in them."""
    decided = {entry.name for layer in later for entry in layer.entries if not entry.may_be_absent}
    return {name: value for name, value in environ.items() if name not in decided}


def _env_file(path: str, inputs: Inputs, problems: Problems) -> Layer:
    from mysafe_env.mapping.env_files import read_env_file  # noqa: PLC0415  # python-dotenv is slow to import

    layer = read_env_file(path, inputs.environ, problems)
    if inputs.keep_credentials:
        return layer
    # The same file often serves as settings file; what it says for us is not for the child.
    return layer._replace(entries=tuple(entry for entry in layer.entries if entry.name not in CREDENTIALS))


def _mapping_layers(inputs: Inputs, problems: Problems) -> Iterator[Layer]:
    paths = mapping_paths(inputs)
    files = [read_mapping_file(path, problems, named_by=inputs.mappings_by) for path in paths]
    profiles = {name for file in files for name in file.profiles}
    if inputs.profile and inputs.profile not in profiles:
        place = Place(Document(", ".join(paths) or _DEFAULT_MAPPING), ())
        meant = did_you_mean(inputs.profile, profiles)
        problems.add(place, f'there is no profile "{inputs.profile}", which {inputs.profile_by} names; {meant}')
    yield from (file.layer(inputs.profile) for file in files)
