"""Which source the settings mean. A source is imported when it is chosen, since some are slow to import."""

from mysafe_env.errors import SettingsError
from mysafe_env.settings import Settings
from mysafe_env.sources.base import Source


def open_source(settings: Settings) -> Source:
    """The source that the settings name; raises `SettingsError` or `VaultFileError`."""
    if settings.vault_file:
        from mysafe_env.sources.local import open_local  # noqa: PLC0415  # see above

        return open_local(settings.vault_file)
    if not settings.url:
        raise SettingsError(
            "it is not said where MySafe is: MYSAFE_URL is not set",
            "set MYSAFE_URL, MYSAFE_CLIENT_ID and MYSAFE_CLIENT_SECRET; or try it with MYSAFE_URL=file:vault.toml",
        )
    from mysafe_env.sources.mysafe.source import MySafeSource  # noqa: PLC0415  # see above

    return MySafeSource(settings)
