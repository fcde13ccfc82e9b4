"""What can't be had of two systems is told together; what a single one lacks keeps the class of its error."""

from pathlib import Path

import pytest

from mysafe_env.emulator.faults import read_fault
from mysafe_env.errors import MySafeEnvError, ResolveError, SettingsError, TimedOutError, UnreachableError
from mysafe_env.inputs import Inputs, plan_inputs
from mysafe_env.resolver import Resolver
from tests.secretsafe.served import settings_of
from tests.support.emulator import environment_of, running_emulator

MYSAFE = 'A = "mysafe://note/a"\n'
SECRETSAFE = 'B = "secretsafe://item/b"\nC = { template = "{{ B }}" }\n'
VAULT = '[[note]]\nname = "a"\nnote = "x"\n'
NOT_SET = "not set: SECRETSAFE_URL, SECRETSAFE_CLIENT_ID, SECRETSAFE_CLIENT_SECRET"
NOBODY = {
    "SECRETSAFE_URL": "http://127.0.0.1:1",
    "SECRETSAFE_CLIENT_ID": "user.x",
    "SECRETSAFE_CLIENT_SECRET": "made up",
    "SECRETSAFE_MASTER_PASSWORD": "made up",
}


def _failure(folder: Path, mapping: str, environ: dict[str, str]) -> MySafeEnvError:
    path = folder / "mapping.toml"
    path.write_text(f"[env]\n{mapping}", encoding="utf-8")
    with pytest.raises(MySafeEnvError) as caught:
        Resolver(settings_of(environ)).resolve(plan_inputs(Inputs({}, (str(path),))), {}).values()
    return caught.value


def _messages(error: MySafeEnvError) -> list[str]:
    return [report.message.rpartition("/")[2] for report in error.reports]


def _local_vault(folder: Path, text: str) -> dict[str, str]:
    path = folder / "vault.toml"
    path.write_text(text, encoding="utf-8")
    path.chmod(0o600)
    return {"MYSAFE_URL": f"file:{path}"}


def test_one_system_has_nothing_and_the_other_fails(tmp_path: Path) -> None:
    """An item that is missing in the one does not wait for the other's settings."""
    error = _failure(tmp_path, MYSAFE + SECRETSAFE, _local_vault(tmp_path, ""))
    assert isinstance(error, ResolveError)
    assert [NOT_SET, 'mapping.toml:2: env.A: no item matches note name "a"'] == _messages(error)


def test_both_systems_fail(tmp_path: Path) -> None:
    """Each failure is told once, however many variables it concerns, and what follows from it is not."""
    error = _failure(tmp_path, MYSAFE + SECRETSAFE, {"MYSAFE_URL": f"file:{tmp_path}"})
    assert isinstance(error, ResolveError)
    assert [f"{tmp_path.name}: can't read the vault file: Is a directory", NOT_SET] == _messages(error)


@pytest.mark.parametrize("mapping", [MYSAFE + SECRETSAFE, SECRETSAFE])
def test_only_one_thing_is_wrong(tmp_path: Path, mapping: str) -> None:
    """A single failure keeps its class, whether another system was asked or not."""
    error = _failure(tmp_path, mapping, _local_vault(tmp_path, VAULT))
    assert isinstance(error, SettingsError)
    assert [NOT_SET] == _messages(error)


def test_an_outage_keeps_its_class(tmp_path: Path) -> None:
    """A program that uses the package can tell an outage from other failures."""
    error = _failure(tmp_path, MYSAFE + SECRETSAFE, _local_vault(tmp_path, VAULT) | NOBODY | {"MYSAFE_TIMEOUT": "5"})
    assert isinstance(error, UnreachableError)


def test_nobody_is_blamed_who_was_asked_too_late(tmp_path: Path) -> None:
    """When one system has used up the time, the other is not said to be slow."""
    with running_emulator(VAULT, faults=[read_fault("hang@/api/mysafe")]) as emulator:
        environ = environment_of(emulator) | NOBODY | {"MYSAFE_TIMEOUT": "0.5"}
        error = _failure(tmp_path, MYSAFE + SECRETSAFE, environ)
    assert isinstance(error, TimedOutError)
    assert "127.0.0.1:1 " not in error.message
