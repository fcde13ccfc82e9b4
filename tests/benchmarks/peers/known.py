"""The peers that there is an adapter for, and which of them are on PATH."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.peers import chamber, doppler, envconsul, secrets_env, summon, vault_cli
from tests.benchmarks.peers.peer import Peer

PEERS = (chamber.PEER, summon.PEER, envconsul.PEER, doppler.PEER, vault_cli.PEER, secrets_env.PEER)
_NUMBER = re.compile(r"\d+(\.\d+)+")
_PATIENCE = 30.0


@dataclass(frozen=True, slots=True)
class Found:
    """A peer that is on PATH."""

    peer: Peer
    path: str
    version: str
    """`?` where it does not say."""

    @property
    def name(self) -> str:
        """What the table calls it."""
        return f"{self.peer.program} {self.version}"


def find(path: str, peers: Iterable[Peer] = PEERS) -> list[Found]:
    """The peers among the programs of *path*, or beside this Python."""
    places = f"{Path(sys.executable).parent}:{path}"
    programs = ((peer, shutil.which(peer.program, path=places)) for peer in peers)
    return [Found(peer, program, _version(program, peer)) for peer, program in programs if program]


def _version(program: str, peer: Peer) -> str:
    try:
        done = subprocess.run([program, *peer.version], capture_output=True, text=True, timeout=_PATIENCE, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return "?"
    number = _NUMBER.search(done.stdout + done.stderr)
    return number[0] if number else "?"
