"""Which source the settings name, and whether it can be opened.

A source is imported when it is chosen, since some are slow to import.
"""

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from mysafe_env.errors import SettingsError
from mysafe_env.late_imports import IMPORTING
from mysafe_env.settings import Settings
from mysafe_env.sources.base import Source

if TYPE_CHECKING:
    from mysafe_env.sources.writing import WritableSource


def open_source(settings: Settings, system: str = "mysafe") -> Source:
    """The source of a system that the settings name; raises `SettingsError` or `VaultFileError`."""
    if system == "secretsafe":
        with IMPORTING:
            from mysafe_env.sources.secretsafe.source import SecretSafeSource  # noqa: PLC0415  # see above
        return SecretSafeSource(settings)
    if settings.vault_file:
        with IMPORTING:
            from mysafe_env.sources.local import open_local  # noqa: PLC0415  # see above
        return open_local(settings.vault_file, settings.told("MYSAFE_URL"))
    return _open_server(settings)


def open_for_many(settings: Settings, system: str = "mysafe") -> tuple[Source, Callable[[], None]]:
    """A system's source for a whole resolution, and what to call at its end to make the next one faster.

    Raises `SettingsError` or `VaultFileError`.
    """
    source = open_source(settings, system)
    if system == "secretsafe" or settings.vault_file or not settings.locator_cache:
        return source, lambda: None
    with IMPORTING:
        from mysafe_env.sources.locators import LocatingSource, open_locators  # noqa: PLC0415  # see above
    locators = open_locators(settings, os.environ)
    return LocatingSource(source, locators), locators.save


def check_settings(settings: Settings, system: str) -> None:
    """Raise the `SettingsError` or `VaultFileError` with which the source of a system would not open.

    Neither a server nor a person at a terminal is asked for anything.
    """
    if system != "secretsafe":
        open_source(settings, system)
        return
    from mysafe_env.sources.secretsafe.prompt import require_somebody  # noqa: PLC0415  # see above
    from mysafe_env.sources.secretsafe.settings import read_secretsafe_settings  # noqa: PLC0415  # see above

    found = read_secretsafe_settings(settings)
    if not (found.is_organization or found.master_password):
        require_somebody()


def open_writable(settings: Settings, save: Callable[[str, bytes, int, tuple[int, int]], None]) -> "WritableSource":
    """The source of MySafe's items that the settings name, to change them; raises `SettingsError` or `VaultFileError`.

    *save* writes a vault file, given its path, its content, its mode, and the numbers of its user and group.
    """
    if settings.vault_file:
        from mysafe_env.sources.local_writing import open_local_writer  # noqa: PLC0415  # see above

        return open_local_writer(settings.vault_file, save, settings.told("MYSAFE_URL"))
    return _open_server(settings)


def _open_server(settings: Settings) -> "WritableSource":
    if not settings.url:
        raise SettingsError(
            "it is not said where MySafe is: MYSAFE_URL is not set",
            "set MYSAFE_URL, MYSAFE_CLIENT_ID and MYSAFE_CLIENT_SECRET; or try it with MYSAFE_URL=file:vault.toml",
        )
    with IMPORTING:
        from mysafe_env.sources.mysafe.source import MySafeSource  # noqa: PLC0415  # see above
    return MySafeSource(settings)
