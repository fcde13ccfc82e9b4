"""Warnings: what is suspicious, but no error."""

from collections.abc import Iterable

from mysafe_env.cli.voice import Voice
from mysafe_env.mapping.model import Entry
from mysafe_env.mapping.names import DANGER
from mysafe_env.resolution import Resolution
from mysafe_env.sinks.ciphertext import looks_encrypted


def warn_of_dangerous_names(voice: Voice, entries: Iterable[Entry]) -> None:
    """Name those of the variables of env files that a program takes code from; inherited ones are the user's own."""
    suspects = [entry for entry in entries if entry.suspect]
    for entry in suspects:
        voice.warning(f"{entry.place} {DANGER}")
    if suspects:
        voice.hint("if that is meant, write it in the mapping, with allow_dangerous = true; if not, take the line out")


def warn_of_ciphertext(voice: Voice, resolution: Resolution) -> None:
    """Name the variables whose values look encrypted by the server."""
    names = looks_encrypted(resolution.fetched())
    if names:
        voice.warning(
            f"the value of {', '.join(names)} looks like ciphertext",
            "if the access key has encryption of sensitive data switched on, switch it off: it can't be decrypted here",
        )
