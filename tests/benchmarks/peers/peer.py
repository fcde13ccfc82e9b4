"""What a peer is: a tool that hands secrets to a command, and the loopback server that it is measured against."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from mysafe_env.emulator.handler import Api


@dataclass(frozen=True, slots=True)
class Place:
    """Where a peer finds its values."""

    url: str
    """The loopback server, without a slash at the end."""
    bundle: Path | None
    """The certificate to trust, under https."""
    count: int
    """How many values it has, and how many the command must get."""
    folder: Path
    """An empty folder for what the peer reads; its home, too."""


@dataclass(frozen=True, slots=True)
class Start:
    """How a peer is started: the wrapped command follows the arguments."""

    arguments: tuple[str, ...]
    environ: Mapping[str, str] = field(default_factory=dict)
    """Besides PATH and HOME."""


@dataclass(frozen=True, slots=True)
class Peer:
    """One tool: how it is asked for its version, what it talks to, and how it is started."""

    program: str
    """Its name on PATH."""
    version: tuple[str, ...]
    """The arguments that print its version."""
    backend: Callable[[int], Api]
    """What answers it, made for a number of values."""
    start: Callable[[Place], Start]
    unlike: str
    """What differs from a run of mysafe-run, besides that no peer has to log in first."""
    proven: bool
    """Whether its authors here have seen it run; else it is written from documentation alone."""


def trusting(bundle: Path | None, name: str) -> dict[str, str]:
    """The variable *name* with the certificate to trust, if there is one."""
    return {} if bundle is None else {name: str(bundle)}
