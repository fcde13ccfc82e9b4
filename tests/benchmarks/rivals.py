"""A peer in a case: its own loopback server, one run that proves it delivers, and the run to measure."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from tests.benchmarks.measure import Figure, Run, RunError, timed
from tests.benchmarks.peers.known import Found
from tests.benchmarks.peers.peer import Place

_DELIVERED = Path(__file__).parent / "peers" / "delivered.py"


@dataclass(frozen=True, slots=True)
class Conditions:
    """What a case asks of everybody."""

    count: int
    latency: int
    """Milliseconds for a way there and back."""
    certificate: Path | None
    """The server's, under https."""
    bundle: Path | None
    """What trusts it."""


@dataclass(slots=True)
class Rival:
    """A peer whose server is up."""

    found: Found
    run: Run
    reason: str = ""
    """Why it is not measured, if it is not."""
    requests: int = 0
    """How many its server had, once that has ended."""

    def noted(self, figure: Figure, runs: int) -> Figure:
        """The figure with what a reader has to know; *runs* is how many there were, the proof included."""
        if figure.milliseconds is None:
            return figure
        notes = [f"{self.requests / runs:.0f} requests" if self.requests != runs else "1 request"]
        notes.append(self.found.peer.unlike)
        if not self.found.peer.proven:
            notes.append("its adapter was never run by the authors")
        return replace(figure, note="; ".join(notes))


@contextmanager
def rival(found: Found, conditions: Conditions, folder: Path) -> Iterator[Rival]:
    """A peer that is ready to be measured, or says why not; *folder* is its own."""
    arguments = [found.peer.program, str(conditions.count), str(conditions.latency)]
    arguments += [str(conditions.certificate)] if conditions.certificate else []
    command = [sys.executable, "-m", "tests.benchmarks.peers.serve", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        place = Place(server.stdout.readline().strip(), conditions.bundle, conditions.count, folder)
        ready = _ready(found, place)
        try:
            yield ready
        finally:
            server.terminate()
            ready.requests = int(server.stdout.read() or 0)


def _ready(found: Found, place: Place) -> Rival:
    start = found.peer.start(place)
    command = (found.path, *start.arguments)
    environ = {"PATH": "/usr/bin:/bin", "HOME": str(place.folder), **start.environ}
    proof = Run((*command, sys.executable, str(_DELIVERED), str(place.count)), environ)
    ready = Rival(found, Run((*command, "true"), environ, may_fail=True))
    try:
        _, said = timed(proof)
    except RunError as error:
        ready.reason = str(error)
    else:
        delivered = said.splitlines()[-1] if said else "none"
        ready.reason = "" if delivered == str(place.count) else f"delivers {delivered} of {place.count} values"
    return ready
