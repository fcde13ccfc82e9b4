"""A hidden prompt for the master password, where there is a terminal."""

import sys
from getpass import getpass

from mysafe_env.errors import SettingsError
from mysafe_env.secret import Secret
from mysafe_env.settings import typed_secret


def ask_master_password() -> Secret:
    """What is typed at a hidden prompt; raises `SettingsError` where nobody can be asked, or nothing was typed."""
    require_somebody()
    try:
        typed = getpass("SecretSafe master password: ", sys.stderr)
    except EOFError:
        typed = ""
    if not typed:
        raise _not_set()
    return typed_secret("the master password", typed)


def require_somebody() -> None:
    """Raise `SettingsError` where nobody can be asked."""
    if not all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stderr)):
        raise _not_set()


def _not_set() -> SettingsError:
    return SettingsError(
        "not set: SECRETSAFE_MASTER_PASSWORD",
        "vault items are decrypted here: set it, or SECRETSAFE_MASTER_PASSWORD_FILE to a file that holds it",
    )
