"""Names that would command a terminal: whoever may name an item must not reach the screen of whoever lists it."""

import json
from pathlib import Path

import pytest

from mysafe_env.secret import Secret
from tests.cli.programs import at_terminal, in_folder, play
from tests.secretsafe.served import organization_environment, serving, vault_of
from tests.support.scripted_server import Raw, ScriptedServer

# A window title, a colour by a C1 character, a right-to-left override, and lines that are not there.
HOSTILE = "a\x1b]0;title\x07\x9b31m\u202eb\x7f\nidentifier  99\r\t\u2028end"
ESCAPED = json.dumps(HOSTILE)
VAULT = f"""
[[note]]
name = {ESCAPED}
note = {ESCAPED}
tags = "t"

[[note]]
name = {ESCAPED}
note = "other"

[[secretapi]]
name = {ESCAPED}
identifier_code = {ESCAPED}
url = {ESCAPED}
client_id = {ESCAPED}
client_secret = {ESCAPED}
tags = "t"
"""
MAPPING = f"""
[env]
A = {{ kind = "note", identifier = 1 }}
B = {{ kind = "secretapi", identifier = 1, field = "client_id" }}

[[render]]
template = "hostile.j2"
to = {json.dumps("to" + HOSTILE.replace("/", "") + ".conf")}
"""
COMMANDS = [
    ("list", "note"),
    ("list", "secretapi", "--json"),
    ("get", "note", "1"),
    ("get", "note", "1", "--reveal"),
    ("get", "secretapi", "1", "--json"),
    ("get", "note", "1", "--field", "name"),
    ("get", "note", "1", "--field", "note", "--reveal"),
    ("check", "-v"),
    ("check", "--json"),
    ("export", "--format", "shell", "--reveal"),
    ("export", "--format", "json", "--reveal"),
    ("render", "hostile.j2"),
    ("render", "--check"),
    ("render", "--diff"),
    ("render", "-v"),
    ("update", "note", "1", "--tags", "x"),
    ("deactivate", "note", "1", "--json"),
    ("check", "-m", "ambiguous.toml"),
    ("check", "-m", "keys.toml"),
    ("check", "-m", f"no{HOSTILE}.toml"),
    ("check", "-p", HOSTILE),
    ("get", "note", HOSTILE),
    ("get", HOSTILE, "1"),
    (HOSTILE,),
]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A folder where everything that can have a name has a hostile one."""
    (tmp_path / "hostile.j2").write_text("{{ A }}\n{{ B }}\n" + HOSTILE, "utf-8")
    (tmp_path / "ambiguous.toml").write_text(f'[env]\nA = {{ kind = "note", name = {ESCAPED} }}\n', "utf-8")
    (tmp_path / "keys.toml").write_text(f"[env]\n{ESCAPED} = 1\n[{ESCAPED}]\n[profile.{ESCAPED}]\nx = 1\n", "utf-8")
    return in_folder(tmp_path, MAPPING, VAULT)


@pytest.mark.parametrize("argv", COMMANDS, ids=lambda argv: " ".join(argv).encode("unicode_escape").decode()[:60])
def test_a_terminal_is_never_commanded(tmp_path: Path, environment: dict[str, str], argv: tuple[str, ...]) -> None:
    """Whatever is shown on a terminal is made of letters, blanks, tabs and ends of lines."""
    _, shown, _ = at_terminal(tmp_path, environment, "mysafe-env", *argv, measured=False)
    assert shown
    assert "" == "".join(char for char in shown if not (char.isprintable() or char in "\n\t"))


def test_a_pipe_gets_every_byte(tmp_path: Path, environment: dict[str, str]) -> None:
    """A program that reads a field, or JSON, gets the text as it is."""
    field = play(tmp_path, environment, "mysafe-env", "get", "note", "1", "--field", "name")
    assert HOSTILE + "\n" == field.stdout.decode()
    for argv in (("get", "note", "1", "--json"), ("list", "note", "--json")):
        printed = play(tmp_path, environment, "mysafe-env", *argv).stdout.decode()
        found = json.loads(printed)
        assert HOSTILE == (found["name"] if isinstance(found, dict) else found[0]["name"])
        assert printed.replace("\n", "").isprintable()


def test_a_value_makes_no_field(tmp_path: Path, environment: dict[str, str]) -> None:
    """The further lines of a value stand below its first, so that none passes for another field."""
    shown = play(tmp_path, environment, "mysafe-env", "get", "note", "1").stdout.decode().split("\n")
    starts = [line.partition(" ")[0] for line in shown if line and not line.startswith(" ")]
    assert ["identifier", "name", "note", "tags"] == starts
    assert "            identifier  99?\t?end" in shown


def test_a_redirect_says_its_target_in_letters(tmp_path: Path) -> None:
    """A server's header reaches the message without its escape sequences."""
    head = "HTTP/1.1 302 Found\r\nLocation: https://other.example.test/\x1b[31m\x9b31m\r\nContent-Length: 0\r\n\r\n"
    with ScriptedServer(lambda _: Raw(head.encode("latin-1"))) as server:
        environment = in_folder(tmp_path) | {"MYSAFE_URL": server.url, "MYSAFE_CLIENT_ID": "a"}
        environment["MYSAFE_CLIENT_SECRET"] = "b"
        finished = play(tmp_path, environment, "mysafe-env", "list", "note")
    assert b"redirects to https://other.example.test/" in finished.stderr
    assert finished.stderr.decode().replace("\n", "").isprintable()


@pytest.mark.parametrize("what", ["list", "get"])
def test_words_of_secretsafe(tmp_path: Path, what: str) -> None:
    """Its tables and cards are as harmless; a line break in a value makes no new line of a card."""
    member = {"id": "9a", "email": "ana@example.test", "externalId": HOSTILE, "type": 2, "status": 2}
    with serving(vault_of(resources={"members": (member,)}, master_password=Secret("x"))) as emulator:
        environment = in_folder(tmp_path) | organization_environment(emulator)
        identifier = json.loads(
            play(tmp_path, environment, "mysafe-env", "secretsafe", "members", "list", "--json").stdout
        )[0]["id"]
        argv = ("members", what, *([identifier] if what == "get" else []))
        _, shown, _ = at_terminal(tmp_path, environment, "mysafe-env", "secretsafe", *argv)
    assert "" == "".join(char for char in shown if not (char.isprintable() or char in "\n\t"))
    assert not [line for line in shown.splitlines() if line.startswith("identifier  99")]
