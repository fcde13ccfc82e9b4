"""What the settings lack to reach a system, found without reaching for it."""

from mysafe_env.settings import Settings
from mysafe_env.sources.opening import open_source


def check_settings(settings: Settings, system: str) -> None:
    """Raise the `SettingsError` or `VaultFileError` with which a source of the system would not open.

    Nothing is asked of a server, nor of a person at a terminal.
    """
    if system != "secretsafe":
        open_source(settings, system)
        return
    from mysafe_env.sources.secretsafe.prompt import require_somebody  # noqa: PLC0415  # needed here only
    from mysafe_env.sources.secretsafe.settings import read_secretsafe_settings  # noqa: PLC0415  # the same

    found = read_secretsafe_settings(settings)
    if not (found.is_organization or found.master_password):
        require_somebody()
