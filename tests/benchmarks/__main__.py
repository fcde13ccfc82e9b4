"""`python -m tests.benchmarks`: mysafe-run beside the smallest scripts that do the same, in one run.

Every round runs all commands of a case one after the other, so that a slow moment of the machine hits all of them;
the ratios are those of the medians.
"""

import argparse
import json
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import trustme

BIN = Path(sys.executable).parent
CLIENTS = Path(__file__).parent / "clients"
COUNTS = (1, 10, 50, 200)
LATENCIES = (0, 20)
SCALE = (250, 500, 1000)
# The command takes the place of mysafe-run, so its own high-water mark is that of the whole run.
PEAK = (sys.executable, "-c", "import resource; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)")


@dataclass(frozen=True, slots=True)
class Figure:
    """What one command took in one case: the median of its wall clock times, in milliseconds."""

    case: str
    command: str
    milliseconds: float
    ratio: float
    """To the first command of the case."""


def main() -> None:
    """Measure, print the table, and write JSON and SVG if asked for."""
    options = _options()
    with tempfile.TemporaryDirectory() as folder:
        figures = [*_start_up(options.rounds, Path(folder))]
        for scheme in options.schemes:
            for latency in LATENCIES:
                figures += _network(scheme, latency, options, Path(folder))
        figures += _scale(Path(folder))
    print(_table(figures))
    if options.json:
        machine = f"{platform.machine()}, {platform.system()} {platform.release()}, Python {platform.python_version()}"
        document = {
            "date": datetime.now(UTC).date().isoformat(),
            "machine": machine,
            "rounds": options.rounds,
            "figures": [asdict(figure) for figure in figures],
        }
        options.json.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=9, help="runs of each command, after one warm-up")
    parser.add_argument("--counts", type=int, nargs="+", default=list(COUNTS), help="numbers of items")
    parser.add_argument("--schemes", nargs="+", choices=("http", "https"), default=["http", "https"])
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    return parser.parse_args()


def _start_up(rounds: int, folder: Path) -> Iterator[Figure]:
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
    run = str(BIN / "mysafe-run")
    yield from _measure(
        "start-up",
        {
            "no-op console script": [str(noop)],
            "python -I -c pass": [sys.executable, "-I", "-c", "pass"],
            "python -I -c 'import click'": [sys.executable, "-I", "-c", "import click"],
            "mysafe-run --help": [run, "--help"],
            "mysafe-run, literals": [run, "-m", str(literal), "--", "true"],
            "mysafe-run, local vault": [run, "-m", str(vaulted), "--vault", f"file:{vault}", "--", "true"],
        },
        {"PATH": "/usr/bin:/bin"},
        rounds,
    )


def _network(scheme: str, latency: int, options: argparse.Namespace, folder: Path) -> Iterator[Figure]:
    with _server(scheme, max(options.counts), latency, folder) as environ:
        for count in options.counts:
            mapping = folder / f"{count}.toml"
            lines = (f'ITEM_{number} = "mysafe://secretapi/item-{number}"\n' for number in range(count))
            mapping.write_text("[env]\n" + "".join(lines))
            run = str(BIN / "mysafe-run")
            script = [sys.executable, str(CLIENTS / "requests_threads.py"), str(count)]
            commands = {
                "requests, 16 threads": [*script, "16"],
                "http.client, 16 threads": [sys.executable, str(CLIENTS / "http_client.py"), str(count), "16"],
                "mysafe-run, first run": [run, "-m", str(mapping), "--no-locator-cache", "--", "true"],
                "mysafe-run, later run": [run, "-m", str(mapping), "--", "true"],
            }
            if count > 1:
                commands["requests, one by one"] = [*script, "1"]
            yield from _measure(f"{count} items, {scheme}, {latency} ms", commands, environ, options.rounds)


def _scale(folder: Path) -> Iterator[Figure]:
    """Five variables of each item, over http without latency; the ratio is to a quarter as many."""
    taken: list[float] = []
    for items in SCALE:
        with _server("http", items, 0, folder) as environ:
            mapping = folder / "scale.toml"
            lines = (f'V_{number} = "mysafe://secretapi/item-{number % items}"\n' for number in range(5 * items))
            mapping.write_text("[env]\n" + "".join(lines))
            command = [str(BIN / "mysafe-run"), "-m", str(mapping), "--no-locator-cache", "--", *PEAK]
            started = time.perf_counter()
            peak = subprocess.run(command, env=environ, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
            taken.append((time.perf_counter() - started) * 1000)
            ratio = round(taken[-1] / taken[0], 2)
            yield Figure("scale", f"{5 * items} variables, {peak} MiB", round(taken[-1], 1), ratio)


@contextmanager
def _server(scheme: str, items: int, latency: int, folder: Path) -> Iterator[dict[str, str]]:
    """The emulator, and the settings that lead to it."""
    environ = {"PATH": "/usr/bin:/bin", "HOME": str(folder)}
    arguments = [sys.executable, "-m", "tests.benchmarks.server", str(items), str(latency)]
    if scheme == "https":
        authority = trustme.CA()
        certificate, bundle = folder / "server.pem", folder / "ca.pem"
        authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(str(certificate))
        authority.cert_pem.write_to_path(str(bundle))
        environ["MYSAFE_CA_BUNDLE"] = str(bundle)
        arguments.append(str(certificate))
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        for _ in range(3):
            name, _, value = server.stdout.readline().strip().partition("=")
            environ[name] = value
        try:
            yield environ
        finally:
            server.terminate()


def _measure(
    case: str, commands: dict[str, Sequence[str]] | dict[str, list[str]], environ: dict[str, str], rounds: int
) -> Iterator[Figure]:
    print(f"measuring: {case}", file=sys.stderr)
    times: dict[str, list[float]] = {name: [] for name in commands}
    for number in range(rounds + 1):
        for name, command in commands.items():
            seconds = _time(command, environ)
            if number > 0:
                times[name].append(seconds * 1000)
    medians = {name: median(taken) for name, taken in times.items()}
    first = next(iter(medians.values()))
    for name, milliseconds in medians.items():
        yield Figure(case, name, round(milliseconds, 1), round(milliseconds / first, 2))


def _time(command: Sequence[str], environ: dict[str, str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, env=environ, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


def _table(figures: Sequence[Figure]) -> str:
    lines = [f"{'case':26}  {'command':28}  {'ms':>8}  {'ratio':>6}"]
    lines += [f"{each.case:26}  {each.command:28}  {each.milliseconds:8.1f}  {each.ratio:6.2f}" for each in figures]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
