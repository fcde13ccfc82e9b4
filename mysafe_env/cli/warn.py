"""What is suspicious about values that can be had."""

from mysafe_env.cli.voice import Voice
from mysafe_env.resolution import Resolution
from mysafe_env.sinks.ciphertext import looks_encrypted


def warn_of_ciphertext(voice: Voice, resolution: Resolution) -> None:
    """Name the variables whose values look encrypted by the server."""
    names = looks_encrypted(resolution.fetched())
    if names:
        voice.warning(
            f"the value of {', '.join(names)} looks like ciphertext",
            "if the access key has encryption of sensitive data switched on, switch it off: it can't be decrypted here",
        )
