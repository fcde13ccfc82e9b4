"""The package as a library: resolve a mapping, or load it into the environment."""

import os
from collections.abc import Iterable, Mapping
from contextlib import closing
from types import MappingProxyType

import mysafe_env  # noqa: TC001  # get_type_hints finds a class by it, which is imported only then
from mysafe_env.errors import SettingsError
from mysafe_env.inputs import Inputs, load_settings, plan_inputs
from mysafe_env.late_imports import IMPORTING
from mysafe_env.mapping.grammar import is_reference
from mysafe_env.mapping.inherited import current_environment
from mysafe_env.resolution import Resolution
from mysafe_env.resolver import Resolver
from mysafe_env.secret import Secret
from mysafe_env.settings import Flags, Settings
from mysafe_env.sinks.this_process import put_into_environ

Path = str | os.PathLike[str]


def resolve(
    mapping: Path | Iterable[Path] | None = None, profile: str | None = None, *, settings: Path | None = None
) -> Mapping[str, Secret]:
    """The values of a mapping by variable, in mapping order.

    *mapping* is one TOML file or several, of which later ones win; without it, `MYSAFE_MAPPING` or `mysafe.toml`.
    *settings* is a `.env` file with connection settings; the environment's `MYSAFE_*` variables beat it.
    An optional variable whose item is absent is left out; an entry with `as = "file"` gives the value itself.

    Raises `MappingError`, `SettingsError`, `OutageError`, or `ResolveError` with everything that can't be had.
    """
    return MappingProxyType(_resolution(mapping, profile, settings, frozenset()).values())


def load_env(
    mapping: Path | Iterable[Path] | None = None,
    profile: str | None = None,
    *,
    override: bool = False,
    settings: Path | None = None,
) -> bool:
    """Put the values of a mapping into `os.environ`; true if there was any.

    As `dotenv.load_dotenv` does, a variable that is set already is left alone (and not fetched) unless *override*
    is true. References among the inherited values are replaced by what they mean, too.

    Raises what `resolve` raises, and `SinkError` for a value that an environment can't carry.
    """
    kept = frozenset() if override else frozenset(_plain_names())
    resolution = _resolution(mapping, profile, settings, kept)
    values = {name: value for name, value in resolution.values().items() if name not in kept}
    put_into_environ(values, resolution.file_targets())
    return bool(values)


def connect(settings: Path | None = None) -> "mysafe_env.MySafe":
    """A client of the MySafe server that the environment's `MYSAFE_*` variables name; use it in a `with` block.

    *settings* is a `.env` file with connection settings; the environment beats it.

    Raises `SettingsError` when something is missing or wrong, or when it names a local vault, which has no server.
    """
    with IMPORTING:
        from mysafe_env.sources.mysafe.client import MySafe  # noqa: PLC0415  # the local vault needs no HTTP

    found = _settings(current_environment(), settings)
    if found.vault_file:
        raise SettingsError(
            f"{found.told('MYSAFE_URL')} names a local vault, and the client talks to a server",
            "serve the vault with: mysafe-env emulate --vault FILE",
        )
    return MySafe(found)


def _resolution(
    mapping: Path | Iterable[Path] | None, profile: str | None, settings_file: Path | None, kept: frozenset[str]
) -> Resolution:
    environ = current_environment()
    settings = _settings(environ, settings_file)
    inputs = Inputs(
        environ,
        _paths(mapping) or _paths(settings.mapping),
        profile or settings.profile,
        mappings_by="mapping" if mapping else settings.told("MYSAFE_MAPPING"),
        profile_by="profile" if profile else settings.told("MYSAFE_PROFILE"),
        keep=kept,
    )
    with IMPORTING:  # Jinja2, for templates
        plan = plan_inputs(inputs)
    with closing(Resolver(settings)) as resolver:
        return resolver.resolve(plan, environ)


def _settings(environ: Mapping[str, str], file: Path | None) -> Settings:
    with IMPORTING:  # python-dotenv, for the file
        return load_settings(Flags(), environ, None if file is None else os.fspath(file))


def _paths(mapping: Path | Iterable[Path] | None) -> tuple[str, ...]:
    if not mapping:
        return ()
    paths = [mapping] if isinstance(mapping, str | os.PathLike) else mapping
    return tuple(os.fspath(path) for path in paths)


def _plain_names() -> Iterable[str]:
    """The variables that are set already and hold no reference."""
    return (name for name, value in current_environment().items() if not is_reference(value))
