"""KIND of the command line: which kinds of item a command takes."""

from collections.abc import Mapping
from typing import Final

from mysafe_env.errors import UsageError
from mysafe_env.items import KINDS, SECRETSAFE_ITEM, SECRETSAFE_KINDS, Kind
from mysafe_env.suggest import did_you_mean

_READABLE: Final[Mapping[str, Kind]] = {**KINDS, SECRETSAFE_ITEM.name: SECRETSAFE_ITEM}


def writable_kind(name: str) -> Kind:
    """The kind of MySafe, whose items can be changed; raises `UsageError` when there is none of that name."""
    if name == SECRETSAFE_ITEM.name:
        raise UsageError("items of SecretSafe are read here, and not changed", "use SecretSafe's own client")
    return _known(name, KINDS)


def readable_kind(name: str) -> Kind:
    """The kind of item, of either system; raises `UsageError` when there is none of that name."""
    return _known(name, _READABLE)


def _known(name: str, kinds: Mapping[str, Kind]) -> Kind:
    if name in kinds:
        return kinds[name]
    if name in SECRETSAFE_KINDS:
        raise UsageError(f'"{name}" is no kind of item', f"see mysafe-env secretsafe {name} --help")
    raise UsageError(f'there is no kind "{name}"', did_you_mean(name, kinds))
