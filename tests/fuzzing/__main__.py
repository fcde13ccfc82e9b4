"""Fuzzing led by coverage, for as long as one likes; needs the extra `fuzz`.

    python -m tests.fuzzing                        # every target, one after the other
    python -m tests.fuzzing mapping http --seconds 600

An input that breaks something is kept in the working folder as `crash-...`; it belongs into tests/grammar or
tests/fuzzing/inputs, where the tests run it ever after. Ends with 1 if there was one.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.fuzzing.targets import TARGETS, Target

# The limits are the kernel's to keep here: what is instrumented takes more than the bombs of the tests may.
_LIMITS = ("-timeout=20", "-rss_limit_mb=512", "-max_len=65536")
_ONE = "import sys; from tests.fuzzing.atheris_one import main; main(sys.argv)"


def main() -> int:
    """Run the targets that were named, or all of them."""
    parser = argparse.ArgumentParser(description="Fuzz what reads files and answers.")
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=f"one of: {', '.join(TARGETS)}")
    parser.add_argument("--seconds", type=int, default=60, help="for each target; default 60")
    options = parser.parse_args()
    unknown = set(options.targets) - TARGETS.keys()
    if unknown:
        parser.error(f"no such target: {', '.join(sorted(unknown))}")
    codes = [_fuzz(TARGETS[name], options.seconds) for name in options.targets or TARGETS]
    return int(any(codes))


def _fuzz(target: Target, seconds: int) -> int:
    with tempfile.TemporaryDirectory() as corpus:
        for number, data in enumerate(target.seeds()):
            Path(corpus, f"seed-{number}").write_bytes(data)
        command = (sys.executable, "-c", _ONE, target.name, corpus, f"-max_total_time={seconds}", *_LIMITS)
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    told = done.stderr.splitlines()
    end = next((line for line in reversed(told) if line.startswith(("Done", "stat::", "#"))), "")
    print(f"{target.name}: {'ok' if done.returncode == 0 else 'BROKEN'}  {end}", flush=True)  # noqa: T201  # its output
    if done.returncode:
        print("\n".join(told[-40:]), flush=True)  # noqa: T201  # its output
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
