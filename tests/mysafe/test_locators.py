"""What is remembered between runs: where items are, never what they hold."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from mysafe_env.emulator.mysafe.server import Emulator
from mysafe_env.errors import ResolveError
from mysafe_env.plan import Plan
from mysafe_env.resolver import Resolver
from mysafe_env.settings import Settings
from tests.support.emulator import running_emulator
from tests.support.mappings import plan_text

VAULT = """
[[secretapi]]
identifier = 7
name = "seven"
identifier_code = "seven"
client_id = "canary-id"
client_secret = "canary-7"

[[secretapi]]
identifier = 8
name = "eight"
identifier_code = "eight"
client_secret = "canary-8"

[[secretapi]]
identifier = 9
name = "nine"
identifier_code = "nine"
client_secret = "canary-9"
can_view = false
"""
PLAN = '[env]\nA = "mysafe://secretapi/seven"\nB = "mysafe://secretapi/eight"\nC = "mysafe://secretapi/seven#client_id"'


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    with running_emulator(VAULT) as running:
        yield running


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the caches, which the environment names."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path


def _settings(emulator: Emulator) -> Settings:
    return Settings(
        url=emulator.url, client_id=emulator.client_id, client_secret=emulator.client_secret, locator_cache=True
    )


def _resolve(emulator: Emulator, plan: Plan) -> tuple[dict[str, str], list[str]]:
    """The values, and the resource calls that they took."""
    before = len(emulator.requests)
    values = Resolver(_settings(emulator)).resolve(plan, {}).values()
    asked = [f"{asked.method} {asked.target}" for asked in emulator.requests[before:]]
    return {name: value.reveal() for name, value in values.items()}, sorted(asked)[:-1]


def test_a_second_run_needs_no_lists(emulator: Emulator) -> None:
    """What was found once is asked for by its identifier."""
    first, calls = _resolve(emulator, plan_text(PLAN))
    assert 4 == len(calls)
    again, calls = _resolve(emulator, plan_text(PLAN))
    assert first == again
    assert ["GET /api/mysafe/secretapi/7", "GET /api/mysafe/secretapi/8"] == calls


@pytest.mark.parametrize(
    ("number", "told"), [("7", {"A": "canary-7", "B": "canary-7"}), ("8", {"A": "canary-7", "B": "canary-8"})]
)
def test_an_item_is_asked_for_once(emulator: Emulator, number: str, told: dict[str, str]) -> None:
    """Each get is a view in the server's log, and an item that is wanted by code and by number is seen once."""
    plan = plan_text(f'[env]\nA = "mysafe://secretapi/seven"\nB = {{ kind = "secretapi", identifier = {number} }}')
    # Not *plan*: where the get by number is quicker than the list, nothing is remembered.
    _resolve(emulator, plan_text(PLAN))
    values, calls = _resolve(emulator, plan)
    assert told == values
    assert sorted({"GET /api/mysafe/secretapi/7", f"GET /api/mysafe/secretapi/{number}"}) == calls


def test_an_item_that_can_not_be_read_is_asked_for_once(emulator: Emulator, cache: Path) -> None:
    """What its number gave is told of its code, too."""
    _resolve(emulator, plan_text(PLAN))
    [file] = [path for path in cache.rglob("*") if path.is_file()]
    file.write_text('{"nine": "9"}')
    plan = plan_text('[env]\nA = "mysafe://secretapi/nine"\nB = { kind = "secretapi", identifier = 9 }')
    before = len(emulator.requests)
    with pytest.raises(ResolveError):
        Resolver(_settings(emulator)).resolve(plan, {}).values()
    assert 1 == [asked.target for asked in emulator.requests[before:]].count("/api/mysafe/secretapi/9")


def test_nothing_secret_is_remembered(emulator: Emulator, cache: Path) -> None:
    """The file holds codes and numbers, and only its owner can read it."""
    _resolve(emulator, plan_text(PLAN))
    [file] = [path for path in cache.rglob("*") if path.is_file()]
    assert '{"eight": "8", "seven": "7"}' == file.read_text()
    assert 0o600 == file.stat().st_mode & 0o777
    assert 0o700 == file.parent.stat().st_mode & 0o777
    secret = emulator.client_secret.reveal()
    assert not any(canary in f"{path} {file.read_text()}" for path in cache.rglob("*") for canary in ("canary", secret))


@pytest.mark.parametrize(
    "remembered",
    ['{"seven": "8"}', '{"seven": "77"}', '{"seven": "9"}', '{"seven": "x/../8"}', '{"seven": 7}'],
    ids=["another item", "no item", "no access", "no identifier", "no text"],
)
def test_what_is_wrong_is_asked_anew(emulator: Emulator, cache: Path, remembered: str) -> None:
    """An item that does not carry the code is not taken; the list is asked, and the memory mended."""
    _resolve(emulator, plan_text(PLAN))
    [file] = [path for path in cache.rglob("*") if path.is_file()]
    file.write_text(remembered)
    values, _ = _resolve(emulator, plan_text(PLAN))
    assert {"A": "canary-7", "B": "canary-8", "C": "canary-id"} == values
    assert '{"eight": "8", "seven": "7"}' == file.read_text()


@pytest.mark.parametrize("content", ["", "[]", "{", "[" * 100_000, '"x"', "\0"])
def test_a_broken_file_counts_as_empty(emulator: Emulator, cache: Path, content: str) -> None:
    """A memory that can't be read is no error."""
    _resolve(emulator, plan_text(PLAN))
    [file] = [path for path in cache.rglob("*") if path.is_file()]
    file.write_text(content)
    values, calls = _resolve(emulator, plan_text(PLAN))
    assert ("canary-7", 4) == (values["A"], len(calls))


def test_a_folder_that_can_not_be_written(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a place for it, nothing is remembered and nothing is said."""
    monkeypatch.setenv("XDG_CACHE_HOME", "/proc/nowhere")
    assert "canary-7" == _resolve(emulator, plan_text(PLAN))[0]["A"]
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.delenv("HOME", raising=False)
    assert "canary-7" == _resolve(emulator, plan_text(PLAN))[0]["A"]


def test_home_is_the_place_without_a_cache_folder(
    emulator: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`~/.cache` is used where XDG_CACHE_HOME is not set."""
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    _resolve(emulator, plan_text(PLAN))
    assert list((tmp_path / ".cache" / "mysafe-env").iterdir())


def test_servers_and_clients_are_kept_apart(emulator: Emulator, cache: Path) -> None:
    """Another server may number its items otherwise."""
    _resolve(emulator, plan_text(PLAN))
    with running_emulator(VAULT.replace("7", "70")) as other:
        assert "canary-70" == _resolve(other, plan_text(PLAN))[0]["A"]
    assert 2 == len([path for path in cache.rglob("*") if path.is_file()])


def test_errors_are_the_same(emulator: Emulator) -> None:
    """What can't be had is told alike in both runs."""
    plan = plan_text('[env]\nA = "mysafe://secretapi/nine"\nB = "mysafe://secretapi/none"\nC = "mysafe://note/x"')
    told = []
    for _ in range(2):
        with pytest.raises(ResolveError) as caught:
            _resolve(emulator, plan)
        told.append([report.message.partition("mapping.toml")[2] for report in caught.value.reports])
    assert 3 == len(told[0])
    assert told[0] == told[1]
