"""Where nothing goes wrong, a value is only where it was asked for."""

import json

import pytest

from mysafe_env.secret import Secret
from tests.canary.cage import CLIENT_ID, CLIENT_SECRET, COMMANDS, MARK, SINKS, Cage
from tests.support.emulator import running_emulator


@pytest.mark.parametrize("system", ["local", "http"])
def test_values_go_to_their_sink_alone(cage: Cage, system: str) -> None:
    """Every command succeeds, and only those whose output is the value print it."""
    secret = Secret(CLIENT_SECRET)
    with running_emulator(cage.folder / "vault.toml", client_id=CLIENT_ID, client_secret=secret) as emulator:
        if system == "http":
            cage.use_server(emulator.url)
        for name, done in cage.run_all().items():
            assert 0 == done.code, (name, done)
            assert (name in SINKS) == (MARK.encode() in done.stdout), name


def test_files_hold_what_was_asked_for(cage: Cage) -> None:
    """An exported file and a rendered one hold the values, and nobody else may read them."""
    cage.run(*COMMANDS["export to file"])
    cage.run(*COMMANDS["render"])
    exported, rendered = cage.folder / "out.json", cage.folder / "app.conf"
    assert f"sk-{MARK}" == json.loads(exported.read_text())["STRIPE"]
    assert MARK in rendered.read_text()
    assert [0o600, 0o600] == [path.stat().st_mode & 0o777 for path in (exported, rendered)]


def test_the_command_gets_the_values(cage: Cage) -> None:
    """The started command is the one place where a wrapped value may be printed."""
    done = cage.run("mysafe-run", "-v", "--", "printenv", "STRIPE", sink=True)
    assert f"sk-{MARK}\n".encode() == done.stdout


def test_suspected_ciphertext_is_not_shown(cage: Cage) -> None:
    """The warning about a value that looks encrypted names the variable only."""
    cage.write({"block.toml": '[env]\nBLOCK = "mysafe://note/block"\n'})
    done = cage.run("mysafe-run", "-m", "block.toml", "true")
    assert (0, True) == (done.code, b"BLOCK looks like ciphertext" in done.stderr)


def test_the_demo_shows_made_up_values_only(cage: Cage) -> None:
    """The demo neither uses nor shows the settings of whoever starts it."""
    cage.use(MYSAFE_CLIENT_SECRET=MARK, SENHASEGURA_CLIENT_SECRET=MARK, SECRETSAFE_MASTER_PASSWORD=MARK)
    assert 0 == cage.run("mysafe-env", "demo").code
