"""The OpenAPI description that the emulator serves, and whether it keeps its promises."""

import json
import os
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import jsonschema  # type: ignore[import-untyped]  # it has no stubs of its own
import pytest

from mysafe_env.items import KINDS
from mysafe_env.vault.editions import EDITIONS
from tests.emulator.caller import calling
from tests.support.emulator import running_emulator, vault_of

SHIPPED = json.loads(files("mysafe_env.emulator.mysafe").joinpath("openapi.json").read_text(encoding="utf-8"))
DEMO = Path(__file__).parents[2] / "mysafe_env" / "demo" / "vault.toml"
# The gateway answers 404 to any method without a route, and MySafe 400 to any number without an item.
_UNLIKE_OTHERS = "unsupported_method,positive_data_acceptance"


def test_it_is_served_to_everybody() -> None:
    """Without a token, at a path that tools look for."""
    with running_emulator() as emulator, calling(emulator, logged_in=False) as caller:
        answer = caller.call("GET", "/openapi.json")
        assert (200, SHIPPED) == (answer.status, answer.json)
        assert 404 == caller.call("POST", "/openapi.json").status


def test_it_describes_all_calls() -> None:
    """Both ways to a token and the 18 calls of the three kinds."""
    calls = {(method, path) for path, methods in SHIPPED["paths"].items() for method in methods}
    expected = {("get", "/api/oauth2/token"), ("post", "/api/oauth2/token")}
    for kind in KINDS:
        path = f"/api/mysafe/{kind}"
        expected |= {("get", path), ("post", path), ("get", path + "/{identifier}")}
        expected |= {("put", path + "/update/{identifier}"), ("post", path + "/active/{identifier}")}
        expected |= {("post", path + "/inactive/{identifier}")}
    assert "3.1.0" == SHIPPED["openapi"]
    assert expected == calls


@pytest.mark.parametrize("edition", list(EDITIONS))
@pytest.mark.parametrize("kind", list(KINDS))
def test_both_editions_are_within_it(edition: str, kind: str) -> None:
    """What either edition answers fits the one description."""
    vault = vault_of(DEMO.read_text(encoding="utf-8"), EDITIONS[edition])
    with running_emulator(vault) as emulator, calling(emulator) as caller:
        for method, path, called in (
            ("get", "", ""),
            ("get", "/{identifier}", "/1"),
            ("get", "/{identifier}", "/99"),
            ("put", "/update/{identifier}", "/update/1"),
            ("post", "/inactive/{identifier}", "/inactive/1"),
            ("post", "/active/{identifier}", "/active/1"),
        ):
            body = {"tags": "x"} if method == "put" else None
            answer = caller.call(method.upper(), f"/api/mysafe/{kind}{called}", body)
            described = SHIPPED["paths"][f"/api/mysafe/{kind}{path}"][method]["responses"][str(answer.status)]
            schema = described["content"]["application/json"]["schema"]
            jsonschema.validate(answer.json, {**schema, "components": SHIPPED["components"]})


@pytest.mark.parametrize("edition", list(EDITIONS))
def test_schemathesis_finds_nothing(edition: str, tmp_path: Path) -> None:
    """Thousands of shapes of requests, good and bad: every answer is one that the description names."""
    vault = vault_of(DEMO.read_text(encoding="utf-8"), EDITIONS[edition])
    with running_emulator(vault) as emulator, calling(emulator) as caller:
        options = {
            "--header": f"Authorization: Bearer {caller.log_in()}",
            "--checks": "all",
            "--exclude-checks": _excluded(edition),
            "--max-examples": "10",
            "--seed": "1",
            "--generation-database": "none",
            "--warnings": "off",
            # How long something takes says how busy the machine is.
            "--suppress-health-check": "too_slow",
            "--request-timeout": "60",
        }
        program = Path(sys.executable).parent / "schemathesis"
        done = subprocess.run(
            [program, "run", f"{emulator.url}/openapi.json", *(word for pair in options.items() for word in pair)],
            cwd=tmp_path,
            env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "LANG": "C.UTF-8"},
            capture_output=True,
            timeout=900,
            check=False,
        )
    assert 0 == done.returncode, done.stdout.decode()


def _excluded(edition: str) -> str:
    # The older pages refuse less than the description, which is of the newer ones.
    return _UNLIKE_OTHERS if edition == "v3-33" else f"{_UNLIKE_OTHERS},negative_data_rejection"
