"""The file of a local vault, written for its owner."""

from collections.abc import Callable

from mysafe_env.cli.voice import Voice
from mysafe_env.sinks.kept_owners import write_for_owner
from mysafe_env.sinks.owners import Owner


def vault_saver(speaker: Voice) -> Callable[[str, bytes, int, Owner], None]:
    """What writes the file, given its path, content, mode and owner; an owner that could not stay is told."""

    def save(path: str, data: bytes, mode: int, owner: Owner) -> None:
        now = write_for_owner(path, data, mode, owner)
        if now != owner:
            speaker.warning(
                f"{path} belongs to {_numbers(now)} now, and no longer to {_numbers(owner)}",
                f"only root gives files away; it does with: chown {_numbers(owner)} {path}",
            )

    return save


def _numbers(owner: Owner) -> str:
    user, group = owner
    return f"{user}:{group}"
