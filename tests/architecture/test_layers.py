"""The shape of the house: who imports whom, who owns a package, where values are revealed, what a start costs."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import mysafe_env
from tests.support.emulator import running_emulator
from tests.support.process import Finished, run

PACKAGE = Path(mysafe_env.__file__).parent
FILES = sorted(PACKAGE.rglob("*.py"))

_LEAVES = {"secret", "errors", "deadline", "suggest", "small_files", "late_imports", "locking"}
_NOUNS = _LEAVES | {"absence", "items", "references"}
# Each room with the rooms it may import, besides itself; a room is a file or a folder of the package.
ALLOWED: dict[str, set[str]] = {
    **{leaf: set() for leaf in _LEAVES},
    "toml": {"suggest"},
    "items": {"errors", "secret"},
    "references": set(),
    "absence": {"errors", "references"},
    "server_url": {"errors"},
    "settings": {"errors", "secret", "server_url", "small_files"},
    "mapping": _NOUNS | {"settings", "toml"},
    "scope": {"errors", "items", "references", "secret"},
    "filters": {"toml"},
    "templating": _NOUNS | {"filters", "mapping", "scope"},
    "plan": _NOUNS | {"mapping", "templating"},
    "fetching": _NOUNS | {"sources.base"},
    "resolution": _NOUNS | {"mapping", "plan", "scope", "templating"},
    "changes": {"items", "secret"},
    "crypto": {"errors", "secret"},
    "vault": _NOUNS | {"toml"},
    "sources": _NOUNS | {"changes", "crypto", "server_url", "settings", "toml", "vault"},
    "sinks": _NOUNS | {"filters", "mapping.model", "mapping.places", "scope", "templating"},
    "emulator": _NOUNS | {"crypto", "vault"},
    "inputs": _NOUNS | {"mapping", "plan", "settings"},
    "resolver": _NOUNS | {"fetching", "plan", "resolution", "scope", "settings", "sources"},
    "api": _NOUNS | {"inputs", "mapping", "resolution", "resolver", "settings", "sinks", "sources.mysafe.client"},
    "importing": _NOUNS | {"changes", "mapping", "sources.outgoing", "sources.writing", "toml", "vault"},
    "__init__": {
        "api",
        "changes",
        "deadline",
        "errors",
        "items",
        "late_imports",
        "secret",
        "settings",
        "sources.mysafe.client",
        "sources.mysafe.records",
        "sources.secretsafe.client",
        "sources.secretsafe.records",
    },
    "__main__": {"cli"},
}
OWNERS = {
    "click": "cli/",
    "certifi": "sources/http/tls.py",
    "requests": "sources/http/",
    "urllib3": "sources/http/",
    "argon2": "crypto/",
    "cryptography": "crypto/",
    "bcrypt": "filters/",
    "jinja2": "templating/",
    "dotenv": "mapping/dotenv.py",
}
# Where values go out, and where somebody presents a credential of its own.
REVEALING = ("sinks/", "sources/", "templating/", "emulator/mysafe/server.py", "emulator/secretsafe/")

# Slow to import, and of no use for what is typed most.
SLOW = {
    "requests",
    "urllib3",
    "ssl",
    "http",
    "http.client",
    "jinja2",
    "dotenv",
    "json",
    "logging",
    "subprocess",
    "dataclasses",
    "pathlib",
}


def _name(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def _imports(path: Path) -> Iterator[str]:
    """Every module that a file imports, early or late, as it is written."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert 0 == node.level, f"{_name(path)} imports relatively"
            yield node.module or ""


def _ours(path: Path) -> set[str]:
    """The modules of the package that a file imports, without the package's name."""
    return {module.removeprefix("mysafe_env.") for module in _imports(path) if module.startswith("mysafe_env.")}


def _room(path: Path) -> str:
    return _name(path).partition("/")[0].removesuffix(".py")


@pytest.mark.parametrize("path", FILES, ids=_name)
def test_imports_point_one_way(path: Path) -> None:
    """A room imports only the rooms that stand before it on the way of the data."""
    room = _room(path)
    if room in {"cli", "demo"}:
        return
    allowed = ALLOWED[room] | {room}
    wrong = {module for module in _ours(path) if not any(f"{module}.".startswith(f"{each}.") for each in allowed)}
    assert set() == wrong


def test_the_table_of_rooms_has_no_circle() -> None:
    """No two rooms may import each other, not even by way of others."""
    done: set[str] = set()
    left = {
        room: {each.partition(".")[0] for each in allowed if each != "sources.base"}
        for room, allowed in ALLOWED.items()
    }
    del left["__init__"], left["__main__"]
    while left:
        ready = {room for room, needed in left.items() if needed <= done}
        assert ready, f"circle among {sorted(left)}"
        done |= ready
        left = {room: needed for room, needed in left.items() if room not in ready}


def test_the_table_names_every_room() -> None:
    """A new room has to be put in its place here."""
    assert {_room(path) for path in FILES} <= {*ALLOWED, "cli", "demo"}


@pytest.mark.parametrize("path", FILES, ids=_name)
def test_packages_have_one_owner(path: Path) -> None:
    """Only the owner of a third-party package imports it."""
    roots = {module.partition(".")[0] for module in _imports(path)} - {"mysafe_env", ""}
    foreign = {root for root in roots if root not in sys.stdlib_module_names}
    assert set() == {root for root in foreign if not _name(path).startswith(OWNERS.get(root, "nobody's"))}


@pytest.mark.parametrize("path", FILES, ids=_name)
def test_values_are_revealed_where_they_go_out(path: Path) -> None:
    """`reveal` is used in sinks, in templates, and where a credential of our own is presented."""
    nodes = ast.walk(ast.parse(path.read_text("utf-8")))
    lines = [node.lineno for node in nodes if isinstance(node, ast.Attribute) and node.attr == "reveal"]
    assert [] == lines or _name(path).startswith(REVEALING), f"reveal in lines {lines}"


@pytest.mark.parametrize("path", FILES, ids=_name)
def test_nobody_looks_into_a_secret(path: Path) -> None:
    """The text inside a `Secret` is touched by `Secret` alone, so that `reveal` is the one way out."""
    nodes = ast.walk(ast.parse(path.read_text("utf-8")))
    touched = [node for node in nodes if isinstance(node, ast.Attribute) and node.attr == "_text"]
    outside = [
        node.lineno for node in touched if not (isinstance(node.value, ast.Name) and node.value.id in {"self", "other"})
    ]
    assert [] == outside


def _started(folder: Path, *arguments: str, environment: dict[str, str] | None = None) -> Finished:
    """A command of ours, run by the interpreter with its imports told on stderr, in a clean environment."""
    script = Path(sys.executable).with_name(arguments[0])
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(folder), **(environment or {})}
    command = (sys.executable, "-X", "importtime", str(script), *arguments[1:])
    return run(*command, environment=environment, folder=folder, measured=False)


def _imported(finished: Finished) -> set[str]:
    lines = [line.split("|") for line in finished.stderr.decode().splitlines() if line.startswith("import time:")]
    return {module.strip() for _, _, module in lines}


COMMANDS = [
    ("mysafe-run", "-m", "literal.toml", "--", "env"),
    ("mysafe-run", "-m", "vault.toml", "--vault", "file:local.toml", "--", "env"),
    ("mysafe-env", "run", "-m", "vault.toml", "--vault", "file:local.toml", "--", "env"),
]
# What is answered by the command line alone, with the exit code.
WORDS = [
    (0, "mysafe-run", "--help"),
    (0, "mysafe-run", "--version"),
    (0, "mysafe-env", "--help"),
    (0, "mysafe-env", "--version"),
    (125, "mysafe-run", "--oops"),
    (125, "mysafe-env", "run", "--oops"),
    (2, "mysafe-env", "oops"),
]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_start_imports_nothing_slow(command: tuple[str, ...], tmp_path: Path) -> None:
    """Literals and the local vault import no click, no HTTP, no TLS, no templates and none of our rooms for them."""
    (tmp_path / "literal.toml").write_text('[env]\nLEVEL = "info"\n')
    (tmp_path / "vault.toml").write_text(
        '[env]\nLEVEL = "info"\nKEY = "mysafe://note/key"\n[[tagged]]\ntag = "t"\nkind = "note"\nname = "T_{name}"\n'
    )
    (tmp_path / "local.toml").write_text(
        'demo = true\n[[note]]\nidentifier = 1\nname = "key"\nnote = "n"\ntags = "t"\n'
    )
    finished = _started(tmp_path, *command)
    assert b"LEVEL=info\n" in finished.stdout, finished.stderr
    assert 0 == finished.code
    modules = _imported(finished)
    assert "mysafe_env.cli.main" in modules
    ours = {
        "mysafe_env.templating",
        "mysafe_env.emulator",
        "mysafe_env.sources.http",
        "mysafe_env.sources.mysafe",
        "mysafe_env.fetching.workers",
        "mysafe_env.toml.lines",
    }
    assert set() == modules & (SLOW | ours | {"click", "inspect", "threading", "urllib.parse", "base64"})


@pytest.mark.parametrize(("items", "imported"), [(1, set()), (2, {"requests", "urllib3", "encodings.idna"})])
def test_one_item_of_a_server_needs_no_requests(items: int, imported: set[str], tmp_path: Path) -> None:
    """A login and an item go over one connection; two connections are for requests, which is slow to import."""
    numbers = range(items)
    vault = "".join(f'[[secretapi]]\nname = "n"\nidentifier_code = "c{number}"\nurl = "u"\n' for number in numbers)
    mapping = "".join(f'V{number} = "mysafe://secretapi/c{number}#url"\n' for number in numbers)
    (tmp_path / "items.toml").write_text(f"[env]\n{mapping}")
    # Answers that take longer than the import, or the second item might find the first connection free again.
    with running_emulator(vault, latency=0.5 * (items - 1)) as emulator:
        settings = {name: value for name, _, value in (line.partition("=") for line in emulator.settings.splitlines())}
        finished = _started(tmp_path, "mysafe-run", "-m", "items.toml", "--", "env", environment=settings)
    assert 0 == finished.code, finished.stderr
    assert imported == _imported(finished) & {"requests", "urllib3", "encodings.idna", "jinja2", "dotenv", "click"}


@pytest.mark.parametrize("command", WORDS, ids=lambda command: " ".join(command[1:]))
def test_words_import_no_work(command: tuple[int, str, *tuple[str, ...]], tmp_path: Path) -> None:
    """Help, the version and usage errors are told without anything that reads, fetches or starts."""
    code, *line = command
    finished = _started(tmp_path, *line)
    assert code == finished.code
    _assert_only_words(_imported(finished))


@pytest.mark.parametrize("program", ["mysafe-run", "mysafe-env"])
def test_completion_imports_no_work(program: str, tmp_path: Path) -> None:
    """A shell asks for completions at every key, so they are told as quickly as help is."""
    variable = f"_{program.upper().replace('-', '_')}_COMPLETE"
    words = "mysafe-run --ma" if program == "mysafe-run" else "mysafe-env run --ma"
    asked = {variable: "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(words.count(" "))}
    finished = _started(tmp_path, program, environment=asked)
    assert b"plain,--mapping\n" == finished.stdout
    _assert_only_words(_imported(finished))


def _assert_only_words(modules: set[str]) -> None:
    ours = {module.removeprefix("mysafe_env.") for module in modules if module.startswith("mysafe_env.")}
    assert "cli.main" in ours
    # The word that was probably meant is looked for after a mistake.
    assert {"cli", "errors", "secret", "settings"} == {module.partition(".")[0] for module in ours} - {"suggest"}
    assert set() == modules & (SLOW | {"tomllib", "urllib.parse"})


def test_help_imports_no_command(tmp_path: Path) -> None:
    """The table of commands is shown without importing one of them."""
    commands = {f"mysafe_env.cli.{path.stem}" for path in (PACKAGE / "cli").glob("*.py")}
    shown = _imported(_started(tmp_path, "mysafe-env", "--help")) & commands
    front = {f"mysafe_env.cli.{name}" for name in ("commands", "exit_codes", "group", "main", "plain", "voice")}
    assert front >= shown


def test_the_package_costs_nothing(tmp_path: Path) -> None:
    """Importing the package imports nothing else of ours, and nothing slow."""
    command = (sys.executable, "-X", "importtime", "-c", "import mysafe_env")
    modules = _imported(run(*command, folder=tmp_path, measured=False))
    assert {"mysafe_env"} == {module for module in modules if module.startswith("mysafe_env")}
    assert set() == modules & (SLOW - {"pathlib"} | {"typing", "importlib"})
