"""The access token in the kernel's session keyring."""

import platform
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from mysafe_env.emulator.mysafe.server import Emulator
from mysafe_env.secret import Secret
from mysafe_env.sources.keyring import Keyring
from tests.support.emulator import environment_of, running_emulator
from tests.support.sessions import needs_keyring, run_in_session

VAULT = '[[secretapi]]\nname = "x"\nidentifier_code = "x"\nclient_secret = "canary"\n'


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    with running_emulator(VAULT) as running:
        yield running


@needs_keyring
def test_a_second_run_needs_no_token_request(emulator: Emulator, tmp_path: Path) -> None:
    """With --token-cache the token of the first run serves the second one, too; without it, never."""
    (tmp_path / "mysafe.toml").write_text('[env]\nX = "mysafe://secretapi/x"\n')
    run = [sys.executable, "-m", "mysafe_env", "run"]
    cached, plain = [*run, "--token-cache", "--", "printenv", "X"], [*run, "--", "printenv", "X"]
    assert "canary\n" * 3 == run_in_session([cached, cached, plain], environment_of(emulator), tmp_path)
    tokens = [asked for asked in emulator.requests if "oauth2" in asked.target]
    assert 2 == len(tokens)


@needs_keyring
def test_a_token_that_is_refused_is_replaced(emulator: Emulator, tmp_path: Path) -> None:
    """A kept token that the server does not take any more costs one call, and is dropped."""
    (tmp_path / "mysafe.toml").write_text('[env]\nX = "mysafe://secretapi/x"\n')
    stale = (
        "import sys; from mysafe_env.secret import Secret; from mysafe_env.sources.keyring import Keyring; "
        "Keyring(sys.argv[1], sys.argv[2], '').keep(Secret('stale'), 60)"
    )
    run = [sys.executable, "-m", "mysafe_env", "run", "--token-cache", "--", "printenv", "X"]
    commands = [[sys.executable, "-c", stale, emulator.url, emulator.client_id], run, run]
    assert "canary\n" * 2 == run_in_session(commands, environment_of(emulator), tmp_path)
    tokens = [asked for asked in emulator.requests if "oauth2" in asked.target]
    assert 1 == len(tokens)


@needs_keyring
def test_keeping_and_forgetting() -> None:
    """A token comes back as it was kept, under its server and client only, until it is forgotten."""
    keyring = Keyring("https://one.example", "client", "")
    keyring.keep(Secret("token-1"), 60)
    assert Secret("token-1") == keyring.recall()
    assert Keyring("https://two.example", "client", "").recall() is None
    keyring.forget()
    assert keyring.recall() is None
    keyring.forget()


@needs_keyring
@pytest.mark.parametrize(("token", "seconds"), [("x" * 40_000, 60.0), ("short-lived", 0.5)])
def test_what_can_not_be_kept(token: str, seconds: float) -> None:
    """A token that is too long, or as good as over, is not kept."""
    keyring = Keyring("https://three.example", "client", "")
    keyring.keep(Secret(token), seconds)
    assert keyring.recall() is None


def test_a_machine_without_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    """Elsewhere than on Linux nothing is kept, and nothing fails."""
    monkeypatch.setattr(platform, "system", lambda: "Darwin")
    keyring = Keyring("https://four.example", "client", "")
    keyring.keep(Secret("token"), 60)
    keyring.forget()
    assert keyring.recall() is None
