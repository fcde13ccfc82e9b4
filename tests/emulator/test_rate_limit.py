"""The rate limit of the gateway that the emulator plays."""

import contextlib
import subprocess
import sys
import time
from collections import Counter
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from mysafe_env.emulator.faults import Fault
from mysafe_env.emulator.rate_limit import RateLimit, RateLimiter, read_rate_limit
from mysafe_env.errors import UsageError
from tests.emulator.caller import calling
from tests.support.emulator import running_emulator

NOTE = "/api/mysafe/note"
VAULT = '[[note]]\nname = "n"\nnote = "text"\n'
VAULTS = {
    "mysafe": VAULT,
    "secretsafe": '[account]\nemail = "a@example.test"\nmaster_password = "made up, long"\n',
}
MINUTES = 1_000_020.0
"""A moment at which a minute begins."""


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("100", RateLimit(100)),
        ("100/s", RateLimit(100)),
        ("1/m", RateLimit(1, 60)),
        ("999999/m", RateLimit(999999, 60)),
    ],
)
def test_accepted(text: str, limit: RateLimit) -> None:
    """A limit is a number of requests, for a second unless it says minute."""
    assert limit == read_rate_limit(text)


@pytest.mark.parametrize("text", ["", "0", "-1", "1.5", "100/h", "100/", "/s", "100 /s", "1000000", "\u0661"])
def test_refused(text: str) -> None:
    """What is no limit is told, with how to write one."""
    with pytest.raises(UsageError) as caught:
        read_rate_limit(text)
    assert (f'"{text}" is not a rate limit', "write N, N/s or N/m, such as 100/s") == (
        caught.value.message,
        caught.value.hint,
    )


def test_a_window_is_a_second_of_the_clock() -> None:
    """So many requests go through in each second, wherever in it they come, and none is saved for the next."""
    limiter = RateLimiter(RateLimit(2))
    moments = (7.1, 7.2, 7.9, 7.99, 8.0, 8.1, 8.2, 10.9, 11.0)
    verdicts = [limiter.judge(moment).accepted for moment in moments]
    assert [True, True, False, False, True, True, False, True, True] == verdicts


def test_a_late_clock_opens_no_window() -> None:
    """Requests whose moments were read in another order than they are judged count in the newer window."""
    limiter = RateLimiter(RateLimit(1))
    assert [True, False, False] == [limiter.judge(moment).accepted for moment in (8.0, 7.999, 8.5)]


@pytest.mark.parametrize(
    ("limit", "moment", "reset"),
    [
        (RateLimit(1), MINUTES + 0.0, "1"),
        (RateLimit(1), MINUTES + 0.99, "1"),
        (RateLimit(1, 60), MINUTES + 0.0, "60"),
        (RateLimit(1, 60), MINUTES + 42.5, "18"),
        (RateLimit(1, 60), MINUTES + 59.9, "1"),
    ],
)
def test_retry_after_is_in_whole_seconds(limit: RateLimit, moment: float, reset: str) -> None:
    """A refusal names the seconds until the window ends, rounded up, in both headers."""
    limiter = RateLimiter(limit)
    limiter.judge(moment)
    headers = dict(limiter.judge(moment).headers)
    assert (reset, reset) == (headers["Retry-After"], headers["RateLimit-Reset"])


def test_the_gateway_answers() -> None:
    """Every answer tells the limit and what is left of it; what is beyond it gets 429 with Kong's body."""
    # A minute that ends during the test begins another: at most two windows are seen.
    with running_emulator(VAULT, rate_limit=RateLimit(2, 60)) as emulator, calling(emulator, logged_in=False) as caller:
        answers = [caller.call("GET", NOTE) for _ in range(5)]
    refused = next(answer for answer in answers if answer.status == 429)
    assert {"message": "API rate limit exceeded"} == refused.json
    assert ("2", "0", "2", "0") == tuple(
        refused.headers[name]
        for name in (
            "X-RateLimit-Limit-Minute",
            "X-RateLimit-Remaining-Minute",
            "RateLimit-Limit",
            "RateLimit-Remaining",
        )
    )
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert (401, "1") == (answers[0].status, answers[0].headers["RateLimit-Remaining"])
    assert "Retry-After" not in answers[0].headers


def test_the_journal_has_what_came_and_what_was_refused() -> None:
    """A test can see when requests came, on which connection, and which of them were too many."""
    with running_emulator(VAULT, rate_limit=RateLimit(3)) as emulator:
        before = time.time()
        with calling(emulator, logged_in=False) as caller, calling(emulator, logged_in=False) as other:
            statuses = [each.call("GET", NOTE).status for _ in range(10) for each in (caller, other)]
        after = time.time()
        arrivals = emulator.arrivals
    assert 20 == len(arrivals)
    assert {1, 2} == {arrival.connection for arrival in arrivals}
    assert before <= arrivals[0].at <= arrivals[-1].at <= after
    assert [429 == status for status in statuses] == [arrival.refused for arrival in arrivals]
    accepted = Counter(int(arrival.at) for arrival in arrivals if not arrival.refused)
    assert 3 >= max(accepted.values())


def test_a_fault_is_behind_the_gateway() -> None:
    """A request that is refused for its number meets no fault, and uses none up."""
    with (
        running_emulator(VAULT, rate_limit=RateLimit(1, 60), faults=[Fault("418", count=1)]) as emulator,
        calling(emulator, logged_in=False) as caller,
    ):
        statuses = [caller.call("GET", NOTE).status for _ in range(3)]
    assert 1 == statuses.count(418)
    assert 429 in statuses


def test_without_a_limit_nothing_is_refused() -> None:
    """The journal has the arrivals all the same, and no header speaks of a limit."""
    with running_emulator(VAULT) as emulator, calling(emulator) as caller:
        answer = caller.call("GET", NOTE)
        assert [False, False] == [arrival.refused for arrival in emulator.arrivals]
    assert not [name for name in answer.headers if "RateLimit" in name]


@pytest.mark.parametrize("system", ["mysafe", "secretsafe"])
def test_the_command_has_the_option(system: str, tmp_path: Path) -> None:
    """`emulate --rate-limit` works for either system."""
    vault = tmp_path / "vault.toml"
    vault.write_text(VAULTS[system])
    vault.chmod(0o600)
    argv = [sys.executable, "-m", "mysafe_env", "emulate", "--vault", str(vault), "--system", system]
    with subprocess.Popen([*argv, "--rate-limit", "1/m"], stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            address = process.stdout.readline().strip().partition("=")[2]
            statuses = [_status(address) for _ in range(3)]
        finally:
            process.terminate()
    assert 429 in statuses


def _status(address: str) -> int:
    connection = HTTPConnection(urlsplit(address).netloc, timeout=60)
    with contextlib.closing(connection):
        connection.request("GET", "/nowhere")
        return connection.getresponse().status
