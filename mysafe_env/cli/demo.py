"""`mysafe-env demo`: the whole tool on a vault that ships with it."""

import os
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import click

from mysafe_env.cli.output import write_heading, write_text

# Each step: what it shows, the program, and its arguments as a user would type them.
_STEPS: Final = (
    (
        "1. The mapping: which secrets a program needs. It holds none, so it can be committed.",
        "cat",
        ("mysafe.toml",),
    ),
    (
        "2. Can everything in it be had? Names only, never a value.",
        "mysafe-env",
        ("check",),
    ),
    (
        "3. A command with the secrets in its environment. mysafe-run replaces itself by it.",
        "mysafe-run",
        ("-c", 'echo "user $DB_USER, URL $DATABASE_URL"; head -n 1 "$TLS_KEY"; ls -l "$TLS_KEY"'),
    ),
    (
        "4. The same command with another profile.",
        "mysafe-run",
        ("--profile", "staging", "--", "printenv", "STRIPE_KEY"),
    ),
    (
        "5. An export for a tool that can't be started by mysafe-run.",
        "mysafe-env",
        ("export", "--format", "shell", "--mapping", "export.toml"),
    ),
    (
        "6. A config file with secrets in it.",
        "mysafe-env",
        ("render", "app.yaml.j2"),
    ),
    (
        "7. What is not there is an error before anything starts.",
        "mysafe-run",
        ("--mapping", "typo.toml", "--", "echo", "never started"),
    ),
)


@click.command("demo")
def command() -> None:
    """Show what this tool does: a check, a wrapped command, an export, a rendered file.

    Everything comes from a local vault with made-up values; no server is needed.
    """
    # The programs that are shown are this very package, wherever it is.
    environ = {**_without_settings(), "MYSAFE_URL": "file:vault.toml", "PYTHONPATH": os.pathsep.join(sys.path)}
    with _demo_files() as (folder, where):
        for title, program, arguments in _STEPS:
            write_heading(title)
            write_text(f"\n$ {_typed(program, arguments)}\n")
            _show(program, arguments, folder, environ)
            write_text("\n")
    write_heading(f"The files of this demo are in {where}")


@contextmanager
def _demo_files() -> Iterator[tuple[str, str]]:
    """A folder with the files, and where they are kept: not in a folder if the package is in a zip archive."""
    kept = files("mysafe_env.demo")
    if os.path.isdir(str(kept)):  # noqa: PTH112  # it may be no path
        yield str(kept), str(kept)
        return
    with TemporaryDirectory() as folder:
        for file in kept.iterdir():
            if file.is_file():
                Path(folder, file.name).write_bytes(file.read_bytes())
        yield folder, str(kept)


def _show(program: str, arguments: tuple[str, ...], folder: str, environ: dict[str, str]) -> None:
    done = subprocess.run(  # noqa: S603  # the demo's own commands, without a shell
        [*_START[program], *arguments],
        cwd=folder,
        env=environ,
        stderr=subprocess.STDOUT,
        stdout=subprocess.PIPE,
        check=False,
    )
    write_text(done.stdout.decode(errors="replace"))
    if done.returncode:
        write_text(f"(exit code {done.returncode})\n")


_START: Final = {
    "cat": ["cat"],
    "mysafe-env": [sys.executable, "-m", "mysafe_env"],
    "mysafe-run": [
        sys.executable,
        "-c",
        "import sys; from mysafe_env.cli.main import mysafe_run; sys.exit(mysafe_run())",
    ],
}


def _typed(program: str, arguments: tuple[str, ...]) -> str:
    return shlex.join([program, *arguments])


def _without_settings() -> dict[str, str]:
    prefixes = ("MYSAFE_", "SENHASEGURA_", "SECRETSAFE_")
    return {name: value for name, value in os.environ.items() if not name.startswith(prefixes)}
