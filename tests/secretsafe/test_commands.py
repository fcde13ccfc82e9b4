"""SecretSafe at the command line, as real processes: what leaks nowhere, what is missing, what goes on."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from mysafe_env.deadline import Deadline
from mysafe_env.emulator.secretsafe.server import SecretSafeEmulator
from mysafe_env.emulator.secretsafe.vault_file import CustomField, VaultItem
from mysafe_env.secret import Secret
from tests.secretsafe.served import (
    MASTER_PASSWORD,
    PATIENCE,
    api_of,
    organization_environment,
    personal_environment,
    serving,
    vault_of,
)
from tests.support.process import COVERAGE_VARIABLE, DEADLINE_SECONDS, run, run_python
from tests.support.running import eventually
from tests.support.terminal import terminal

BIN = Path(sys.executable).parent
MARK = "canary-zQ7"
_WITHOUT_EXTRA = """
import sys
sys.modules["cryptography"] = sys.modules["argon2"] = None
from mysafe_env.cli.main import mysafe_env
sys.argv = ["mysafe-env", *sys.argv[1:]]
sys.exit(mysafe_env())
"""
_VAULT = f"""
demo = true
[account]
email = "robot@example.test"
master_password = "{MARK}"
iterations = 5000
[[item]]
name = "db"
password = "{MARK}"
"""


def _environment(folder: Path, settings: dict[str, str]) -> dict[str, str]:
    return {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "HOME": str(folder), "LANG": "C.UTF-8", **settings}


def _everything(folder: Path) -> str:
    """The content of every file that a run left behind."""
    return "\n".join(path.read_text("utf-8", "replace") for path in folder.rglob("*") if path.is_file())


def _items() -> list[VaultItem]:
    texts = {"username": "u", "password": f"{MARK}-1", "totp": f"{MARK}-2!", "notes": f"{MARK}-3"}
    secrets = {name: Secret(text) for name, text in texts.items()}
    return [
        VaultItem("db", texts=secrets, fields=(CustomField("pin", Secret(f"{MARK}-4")),)),
        VaultItem("twice"),
        VaultItem("twice"),
    ]


@pytest.mark.parametrize(
    ("reference", "more"),
    [
        ("item/db", {}),
        ("item/db#totp_code", {}),
        ("item/twice", {}),
        ("item/none", {}),
        ("groups/none", {}),
        ("item/db", {"SECRETSAFE_MASTER_PASSWORD": f"{MARK}-wrong"}),
        ("item/db", {"SECRETSAFE_CLIENT_SECRET": f"{MARK}-wrong"}),
        ("item/db", {"SECRETSAFE_CLIENT_ID": f"{MARK}-no-kind"}),
        ("item/db", {"SECRETSAFE_URL": f"https://user:{MARK}@127.0.0.1:1"}),
        ("item/db", {"SECRETSAFE_MASTER_PASSWORD_FILE": "/nonexistent"}),
        ("item/db", {"MYSAFE_TIMEOUT": "0.000001"}),
    ],
)
def test_nothing_leaks(reference: str, more: dict[str, str], tmp_path: Path) -> None:
    """No password, key or value is in a message, in the command's environment or in a file, whatever goes wrong."""
    vault = vault_of(*_items(), master_password=Secret(f"{MARK}-master"))
    with serving(vault, client_secret=Secret(f"{MARK}-client")) as emulator:
        environment = _environment(
            tmp_path, {**personal_environment(emulator), **more, "A": f"secretsafe://{reference}"}
        )
        ran = run("mysafe-run", "-v", "--", "sh", "-c", "env -u A", environment=environment, folder=tmp_path)
        checked = run("mysafe-env", "check", "-v", "-m", "/dev/null", environment=environment, folder=tmp_path)
    for finished in (ran, checked):
        assert MARK not in f"{finished.stdout.decode()}{finished.stderr.decode()}"
        assert b"internal error" not in finished.stderr
    assert MARK not in _everything(tmp_path)


def test_no_key_of_the_account_leaks(tmp_path: Path) -> None:
    """The state directory keeps the identifier of the device and nothing else."""
    with serving(*_items()) as emulator:
        environment = _environment(tmp_path, {**personal_environment(emulator), "A": "secretsafe://item/db"})
        assert f"{MARK}-1" == run("mysafe-run", "--", "printenv", "A", environment=environment, folder=tmp_path).output
    assert [".local/state/mysafe-env/device"] == [
        str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()
    ]


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (("run", "--", "true"), "vault items of SecretSafe need packages that are not installed"),
        (
            ("emulate", "--system", "secretsafe", "--vault", "v"),
            "the emulator of SecretSafe needs packages that are not installed",
        ),
    ],
)
def test_without_the_extra(arguments: tuple[str, ...], what: str, tmp_path: Path) -> None:
    """Without the extra, the error says what to install."""
    with serving(*_items()) as emulator:
        environment = _environment(tmp_path, {**personal_environment(emulator), "A": "secretsafe://item/db"})
        finished = run_python(_WITHOUT_EXTRA, *arguments, environment=environment, folder=tmp_path)
    told = finished.stderr.decode().splitlines()
    assert [
        f"mysafe-env: error: {what}",
        'mysafe-env: hint: install them with: pip install "mysafe-env[secretsafe]"',
    ] == told


def test_the_organisation_needs_no_extra(tmp_path: Path) -> None:
    """The organisation API works without the packages for decryption."""
    with serving(vault_of(resources={"groups": ({"name": "Dev"},)})) as emulator:
        environment = _environment(tmp_path, organization_environment(emulator))
        finished = run_python(_WITHOUT_EXTRA, "secretsafe", "groups", "list", environment=environment, folder=tmp_path)
    assert (0, b"") == (finished.code, finished.stderr)
    assert b"Dev" in finished.stdout


def test_where_mysafe_is_does_not_matter_to_the_organisation(tmp_path: Path) -> None:
    """--vault is taken, as by every command, and said to do nothing; -v says what is asked."""
    with serving(vault_of(resources={"groups": ({"name": "Dev"},)})) as emulator:
        environment = _environment(tmp_path, organization_environment(emulator))
        arguments = ("secretsafe", "groups", "list", "--vault", "file:gone.toml", "-v")
        finished = run("mysafe-env", *arguments, environment=environment, folder=tmp_path)
    assert [
        "mysafe-env: warning: --vault is for MySafe, and does nothing here",
        "mysafe-env: hint: SECRETSAFE_URL says where SecretSafe is",
        f"mysafe-env: note: ask {emulator.url}/api",
    ] == finished.stderr.decode().splitlines()
    assert b"Dev" in finished.stdout


def test_the_master_password_is_asked_at_a_terminal(tmp_path: Path) -> None:
    """At a terminal, the master password is typed and not shown; typing nothing, or a wrong one, is an error."""
    with serving(*_items()) as emulator:
        settings = {**personal_environment(emulator), "A": "secretsafe://item/db#username"}
        del settings["SECRETSAFE_MASTER_PASSWORD"]
        command = (str(BIN / "mysafe-run"), "--", "printenv", "A")
        for typed, shown, code in (
            (MASTER_PASSWORD, r"\nu\n", 0),
            ("", "error: not set: SECRETSAFE_MASTER_PASSWORD", 125),
            (f"{MARK}-wrong", "error: the master password is wrong\nmysafe-run: hint: start again and type it", 125),
        ):
            with terminal(*command, folder=tmp_path, environment=_environment(tmp_path, settings)) as opened:
                opened.expect("SecretSafe master password: ")
                opened.type(f"{typed}\n")
                opened.expect(shown)
                assert code == opened.end()


@contextmanager
def _started(folder: Path, settings: dict[str, str], *argv: str) -> Iterator["subprocess.Popen[str]"]:
    environment = _environment(folder, settings)
    if COVERAGE_VARIABLE in os.environ:
        environment[COVERAGE_VARIABLE] = os.environ[COVERAGE_VARIABLE]
    with subprocess.Popen(argv, env=environment, cwd=folder, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def _line(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline().rstrip("\n")


def test_the_emulator_as_a_command(tmp_path: Path) -> None:
    """What `emulate` prints are settings; with them, and the master password, the items can be read."""
    (tmp_path / "secretsafe.toml").write_text(_VAULT)
    command = ("mysafe-env", "emulate", "--system", "secretsafe", "--vault", "secretsafe.toml", "--old-server")
    with _started(tmp_path, {}, *command) as process:
        settings = dict(_line(process).split("=", 1) for _ in range(3))
        assert _line(process).startswith("# for the organisation API: SECRETSAFE_CLIENT_ID=organization.")
        settings |= {"SECRETSAFE_MASTER_PASSWORD": MARK, "A": "secretsafe://item/db"}
        finished = run(
            "mysafe-run", "--", "printenv", "A", environment=_environment(tmp_path, settings), folder=tmp_path
        )
        assert MARK == finished.output
        process.send_signal(signal.SIGTERM)
        assert 0 == process.wait(DEADLINE_SECONDS)


def test_events_are_followed(tmp_path: Path) -> None:
    """With --follow, events come oldest first, each once, until Ctrl-C."""
    events = tuple({"type": kind, "date": f"2026-05-01T10:00:0{second}Z"} for second, kind in enumerate((1, 2, 2, 3)))
    with serving(vault_of(resources={"events": events})) as emulator:
        command = ("mysafe-env", "secretsafe", "events", "--follow", "--interval", "1", "--start", "2026-05-01")
        with _started(tmp_path, organization_environment(emulator), *command) as process:
            lines = [_line(process) for _ in range(4)]
            assert ["1", "2", "2", "3"] == [line.split()[1] for line in lines]
            _wait_for_polls(emulator, 3)
            process.send_signal(signal.SIGINT)
            assert process.stdout is not None
            assert "" == process.stdout.read()
            assert -signal.SIGINT == process.wait(DEADLINE_SECONDS)


def _wait_for_polls(emulator: SecretSafeEmulator, number: int) -> None:
    eventually(lambda: sum("/events" in each.target for each in emulator.requests) >= number, "it asks again")


def test_the_help(tmp_path: Path) -> None:
    """The help lists the commands."""
    finished = run("mysafe-env", "secretsafe", "--help", environment=_environment(tmp_path, {}))
    assert ["members", "groups", "collections", "policies", "events", "import", "subscription", "spec"] == [
        line.split()[0] for line in finished.output.partition("Commands:\n")[2].splitlines()
    ]


@pytest.mark.parametrize(
    ("resource", "options"),
    [
        ("members", "--collection, --group or --permission name"),
        ("groups", "--collection names"),
        ("collections", "--group names"),
        ("policies", "--data holds"),
    ],
)
def test_the_help_of_an_update_says_what_is_replaced(resource: str, options: str, tmp_path: Path) -> None:
    """Whoever adds a group to a member reads beforehand that the others have to be named again."""
    finished = run("mysafe-env", "secretsafe", resource, "update", "--help", environment=_environment(tmp_path, {}))
    text = " ".join(finished.output.split())
    assert "a property whose option is not given stays as it is." in text
    assert f"What {options} takes the place of all" in text


def test_an_update_replaces_what_it_names(tmp_path: Path) -> None:
    """Permissions, groups and collections that are named take the place of those before; the others stay."""
    permissions = {"manageUsers": True, "manageGroups": True}
    eve = {"email": "eve@example.test", "type": 4, "permissions": permissions, "externalId": "u1"}
    with serving(vault_of(resources={"members": (eve,), "groups": ({"name": "A"}, {"name": "B"})})) as emulator:
        api, deadline = api_of(emulator), Deadline(PATIENCE)
        (member,) = (each.required("id") for each in api.list_all("members", deadline))
        first, second = (each.required("id") for each in api.list_all("groups", deadline))
        api.set_ids("members", member, [first], deadline)
        environment = _environment(tmp_path, organization_environment(emulator))
        arguments = ("secretsafe", "members", "update", member, "--group", second, "--permission", "manageSso")
        finished = run("mysafe-env", *arguments, environment=environment, folder=tmp_path)
        found = api.get("members", member, deadline).to_json()
        assert (0, (second,)) == (finished.code, api.ids("members", member, deadline))
    assert ({"manageSso": True}, "u1", 4) == (found["permissions"], found["externalId"], found["type"])
