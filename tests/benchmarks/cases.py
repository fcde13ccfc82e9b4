"""What is measured: start-up, items over the network at two latencies, and how it grows."""

import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import trustme

from tests.benchmarks.measure import Figure, Run, measure, timed
from tests.benchmarks.peers.known import Found
from tests.benchmarks.rivals import Conditions, Rival, rival

BIN = Path(sys.executable).parent
CLIENTS = Path(__file__).parent / "clients"
LATENCIES = (0, 20)
SCALE = (125, 250, 500, 1000)
VARIABLES_OF_AN_ITEM = 5
# The command takes the place of mysafe-run, so its own high-water mark is that of the whole run.
PEAK = (sys.executable, "-c", "import resource; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)")
_RUN = str(BIN / "mysafe-run")
_PATH = {"PATH": "/usr/bin:/bin"}


def start_up(rounds: int, folder: Path) -> Iterator[Figure]:
    """Commands that fetch nothing, against a console script that does nothing."""
    noop = folder / "noop"
    noop.write_text(
        f"#!{sys.executable}\nimport re\nimport sys\nfrom mysafe_env import __version__\nsys.exit(not __version__)\n"
    )
    noop.chmod(0o755)
    literal, vaulted, vault = folder / "literal.toml", folder / "vaulted.toml", folder / "vault.toml"
    literal.write_text('[env]\nGREETING = "hello"\n')
    vaulted.write_text('[env]\nITEM = "mysafe://secretapi/item-0"\n')
    vault.write_text('[[secretapi]]\nname = "x"\nidentifier_code = "item-0"\nclient_secret = "made up"\n')
    vault.chmod(0o600)
    commands = {
        "no-op console script": (str(noop),),
        "python -I -c pass": (sys.executable, "-I", "-c", "pass"),
        "python -I -c 'import click'": (sys.executable, "-I", "-c", "import click"),
        "mysafe-run --help": (_RUN, "--help"),
        "mysafe-run, literals": (_RUN, "-m", str(literal), "--", "true"),
        "mysafe-run, local vault": (_RUN, "-m", str(vaulted), "--vault", f"file:{vault}", "--", "true"),
    }
    yield from measure("start-up", {name: Run(command, _PATH) for name, command in commands.items()}, rounds)


@dataclass(frozen=True, slots=True)
class Network:
    """The cases over the network: every number of items, for everybody."""

    counts: Sequence[int]
    peers: Sequence[Found]
    rounds: int

    def figures(self, scheme: str, latency: int, folder: Path) -> Iterator[Figure]:
        """All cases of one scheme and latency."""
        certificate, bundle = _certificate(folder) if scheme == "https" else (None, None)
        with _emulator(max(self.counts), latency, certificate) as settings:
            environ = {**_PATH, "HOME": str(folder), **settings}
            if bundle is not None:
                environ["MYSAFE_CA_BUNDLE"] = str(bundle)
            for count in self.counts:
                case = f"{count} items, {scheme}, {latency} ms"
                yield from self._case(case, environ, Conditions(count, latency, certificate, bundle), folder)

    def _case(self, case: str, environ: Mapping[str, str], conditions: Conditions, folder: Path) -> Iterator[Figure]:
        with ExitStack() as servers:
            rivals = {each.name: servers.enter_context(rival(each, conditions, _own(folder))) for each in self.peers}
            runs = _ours(conditions.count, environ, folder)
            runs |= {name: each.run for name, each in rivals.items() if not each.reason}
            figures = list(measure(case, runs, self.rounds))
        # The proof and the warm-up are runs, too.
        yield from (_noted(figure, rivals, self.rounds + 2) for figure in figures)
        for name, each in rivals.items():
            if each.reason:
                yield Figure(case, name, None, None, f"failed: {each.reason}")


def scale(rounds: int, folder: Path) -> Iterator[Figure]:
    """Five variables of each item, over http without latency; the ratio is to the smallest number."""
    print("measuring: scale", file=sys.stderr)
    first: float | None = None
    for items in SCALE:
        with _emulator(items, 0, None) as settings:
            mapping, variables = folder / "scale.toml", VARIABLES_OF_AN_ITEM * items
            lines = (f'V_{number} = "mysafe://secretapi/item-{number % items}"\n' for number in range(variables))
            mapping.write_text("[env]\n" + "".join(lines))
            command = (_RUN, "-m", str(mapping), "--no-locator-cache", "--", *PEAK)
            runs = [timed(Run(command, {**_PATH, **settings})) for _ in range(rounds)]
        taken, peak = median(milliseconds for milliseconds, _ in runs), max(int(said) for _, said in runs)
        first = first or taken
        yield Figure("scale", f"{variables} variables", round(taken, 1), round(taken / first, 2), mebibytes=peak)


def _ours(count: int, environ: Mapping[str, str], folder: Path) -> dict[str, Run]:
    mapping = folder / f"{count}.toml"
    lines = (f'ITEM_{number} = "mysafe://secretapi/item-{number}"\n' for number in range(count))
    mapping.write_text("[env]\n" + "".join(lines))
    script = (sys.executable, str(CLIENTS / "requests_threads.py"), str(count))
    commands = {
        "requests, 16 threads": (*script, "16"),
        "http.client, 16 threads": (sys.executable, str(CLIENTS / "http_client.py"), str(count), "16"),
        "mysafe-run, first run": (_RUN, "-m", str(mapping), "--no-locator-cache", "--", "true"),
        "mysafe-run, later run": (_RUN, "-m", str(mapping), "--", "true"),
    }
    if count > 1:
        commands["requests, one by one"] = (*script, "1")
    return {name: Run(command, environ) for name, command in commands.items()}


def _noted(figure: Figure, rivals: Mapping[str, Rival], runs: int) -> Figure:
    return rivals[figure.command].noted(figure, runs) if figure.command in rivals else figure


def _own(folder: Path) -> Path:
    own = folder / "peers" / str(sum(1 for _ in folder.glob("peers/*")))
    own.mkdir(parents=True)
    return own


def _certificate(folder: Path) -> tuple[Path, Path]:
    """A server's certificate for 127.0.0.1, and what trusts it."""
    authority = trustme.CA()
    certificate, bundle = folder / "server.pem", folder / "ca.pem"
    authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(str(certificate))
    authority.cert_pem.write_to_path(str(bundle))
    return certificate, bundle


@contextmanager
def _emulator(items: int, latency: int, certificate: Path | None) -> Iterator[dict[str, str]]:
    """The emulator in a process of its own, and the settings that lead to it."""
    arguments = [sys.executable, "-m", "tests.benchmarks.server", str(items), str(latency)]
    arguments += [str(certificate)] if certificate else []
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        lines = [server.stdout.readline().strip().partition("=") for _ in range(3)]
        try:
            yield {name: value for name, _, value in lines}
        finally:
            server.terminate()
