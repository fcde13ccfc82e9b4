"""Creating, updating, activating and deactivating by command, on a vault file and over a socket alike."""

import json
from pathlib import Path

import pytest

from mysafe_env.changes import Change, Saved
from mysafe_env.secret import Secret
from tests.emulator.caller import calling
from tests.manage.commands import System, system
from tests.mysafe.bodies import CLIENT_ID, CLIENT_SECRET, envelope, mysafe
from tests.support.forked import ForkServer
from tests.support.scripted_server import json_reply


def test_a_created_item_can_be_read(vault: System) -> None:
    """All of its fields, in the API's words, and never its secret."""
    made = vault.json(
        *("create", "secretapi", "--name", "Pay", "--url", "https://p.test", "--client-id", "id"),
        *("--identifier-code", "pay", "--tags", "a, b", "--method", "post", "--notes", 'say "x" \\ y'),
        *("--client-secret-stdin", "--allow-user", "ana:edit", "--allow-user", "bob:view", "--allow-group", "Team"),
        stdin="line 1\nline 2\n",
    )
    assert {
        "identifier": "2",
        "name": "Pay",
        "url": "https://p.test",
        "client_id": "id",
        "client_secret": "********",
        "identifier_code": "pay",
        "method": "post",
        "tags": "a, b",
        "notes": 'say "x" \\ y',
        "users_allowed": [{"username": "ana", "can_edit": True}, {"username": "bob", "can_edit": False}],
        "groups_allowed": [{"name": "Team", "can_edit": False}],
        "shared_error": [],
    } == made
    assert "line 1\nline 2" == vault.value("secretapi", "2", "client_secret")
    assert 'say "x" \\ y' == vault.value("secretapi", "2", "notes")


def test_a_card_is_for_people(vault: System) -> None:
    """Without --json."""
    done = vault.run("create", "note", "--name", "n", "--note-stdin", "--allow-user", "ana:edit", stdin="text")
    expected = [
        "identifier      3",
        "name            n",
        "note            ********",
        "tags",
        "users_allowed   ana (edit)",
        "groups_allowed",
    ]
    assert expected == done.output.splitlines()


@pytest.mark.parametrize("ending", ["", "\n", "\r\n"])
def test_one_newline_at_the_end_is_dropped(vault: System, ending: str) -> None:
    """From standard input and from a file, as editors and `echo` write it; a second one stays."""
    (vault.folder / "secret").write_bytes(f"first\n{ending}".encode())
    for number, source in enumerate((("--note-stdin",), ("--note-file", "secret")), 3):
        vault.json("create", "note", "--name", "n", *source, stdin=f"first\n{ending}")
        assert ("first\n" if ending else "first") == json.loads(
            vault.run("get", "note", str(number), "--field", "note", "--json").output
        )


def test_an_update_changes_what_it_names(vault: System) -> None:
    """Nothing else; sharing stays, and secret fields that were not written are not shown."""
    changed = vault.json("update", "password", "1", "--password-stdin", "--tags", "x", stdin="new-password\n")
    assert {
        "identifier": "1",
        "name": "db",
        "url": None,
        "username": "orders",
        "password": "********",
        "notes": None,
        "tags": "x",
        "users_allowed": [{"username": "ana", "can_edit": True}],
        "groups_allowed": [{"name": "Team", "can_edit": False}],
        "shared_error": [],
    } == changed
    assert "new-password" == vault.value("password", "1", "password")


@pytest.mark.parametrize(
    ("options", "users", "groups"),
    [
        (("--allow-user", "bob"), {"ana": True, "bob": False}, {"Team": False}),
        (("--allow-user", "ana:view"), {"ana": False}, {"Team": False}),
        (("--allow-group", "Ops:edit"), {"ana": True}, {"Team": False, "Ops": True}),
        (("--unshare-users",), {}, {"Team": False}),
        (("--unshare-groups", "--allow-user", "bob"), {"ana": True, "bob": False}, {}),
        (("--unshare-users", "--unshare-groups"), {}, {}),
    ],
)
def test_sharing_is_added_to_or_ended(
    vault: System, options: tuple[str, ...], users: dict[str, bool], groups: dict[str, bool]
) -> None:
    """Those who have it keep it, although the server replaces the list; nothing is unshared unless asked."""
    changed = vault.json("update", "password", "1", *options)
    assert users == {grant["username"]: grant["can_edit"] for grant in changed["users_allowed"]}
    assert groups == {grant["name"]: grant["can_edit"] for grant in changed["groups_allowed"]}


def test_a_value_is_made(vault: System) -> None:
    """32 characters of every class, or as many as are asked for; it is not shown."""
    made = vault.json("create", "password", "--name", "n", "--username", "u", "--generate")
    value = vault.value("password", "3", "password")
    assert ("********", 32) == (made["password"], len(value))
    vault.json("update", "password", "3", "--generate", "--length", "64")
    assert 64 == len(vault.value("password", "3", "password"))


def test_states(vault: System) -> None:
    """Each is set and told, twice is fine; what is inactive can't be read."""
    assert "password 1 is inactive now" == vault.run("deactivate", "password", "1").output
    again = vault.run("deactivate", "password", "1", "--yes", "-v")
    assert b"password 1 is inactive now\n" == again.stdout
    assert b"note: the vault says that password 1 was inactive already\n" in again.stderr
    assert 1 == vault.run("get", "password", "1").code
    for _ in range(2):
        assert {"identifier": "1", "active": True} == vault.json("activate", "password", "1")
    assert "old-password" == vault.value("password", "1", "password")


def test_a_state_whose_first_answer_is_lost(measured_forks: ForkServer, tmp_path: Path) -> None:
    """The call is repeated and finds its own change; what is told of the item is true all the same."""
    with system("http", tmp_path, measured_forks, faults=("truncate@POST:/api/mysafe/note*1",)) as vault:
        done = vault.run("deactivate", "note", "1", "-v")
    assert b"note 1 is inactive now\n" == done.stdout
    assert b"the vault says that note 1 was inactive already" in done.stderr


REFUSED = [
    (("create", "notes"), 2, 'there is no kind "notes"'),
    (("create", "note", "--name", "n", "--url", "u", "--note-stdin"), 2, "a note has no url"),
    (("create", "password", "--name", "n", "--password-stdin"), 2, "a password needs --username"),
    (("create", "secretapi", "--client-secret-stdin"), 2, "a secretapi needs --name and --url and --client-id"),
    (("create", "note", "--name", "n", "--password-stdin"), 2, "a note has no password"),
    (("create", "note", "--name", "n"), 2, "the note is missing, and there is no terminal to ask for it"),
    (("create", "note", "--name", "n", "--note-prompt"), 2, "there is no terminal to ask for the note"),
    (("create", "note", "--name", "n", "--note-stdin", "--note-file", "f"), 2, "the note is to come from 2 places"),
    (("create", "note", "--name", "n", "--generate", "--note-stdin"), 2, "the note is to come from 2 places at once"),
    (("create", "note", "--name", "n", "--generate"), 2, "a note can't be generated"),
    (("create", "note", "--name", "n", "--note-stdin", "--length", "20"), 2, "--length is the length of a generated"),
    (
        ("create", "password", "--name", "n", "--username", "u", "--password-stdin", "--secret-key-stdin"),
        2,
        "standard input can give one field only",
    ),
    (("create", "note", "--name", "n", "--note-file", "gone"), 2, "can't read the note from gone: No such file"),
    (("create", "note", "--name", "n", "--note-file", "a/"), 2, "can't read the note from a/"),
    (("create", "note", "--name", "n", "--note-stdin"), 2, "standard input is empty, and should hold the note"),
    (("create", "note", "--name", "n", "--note-stdin", "--allow-user", "ana:edti"), 2, '"ana:edti" does not say whom'),
    (("create", "note", "--name", "n", "--note-stdin", "--allow-group", ":edit"), 2, '":edit" does not say whom'),
    (("update", "note", "1"), 2, "nothing is to be changed"),
    (("update", "note", "1", "--allow-user", "a", "--unshare-users"), 2, "--allow-user and --unshare-users contradict"),
    (("update", "note", "1", "--name", ""), 2, "an item can't have an empty name"),
    (("update", "password", "2", "--tags", "x"), 1, "the access key may not change password 2 (MySafe: 1006: User"),
    (("activate", "password", "2"), 1, "the access key may not change password 2 (MySafe: 1006: User does not"),
    (("update", "note", "2", "--allow-user", "ana"), 1, "note 2 is deactivated (MySafe: 1009: Inactive note)"),
    (("update", "note", "99", "--tags", "x"), 1, "there is no note with identifier 99 (MySafe: 1005: Note not found)"),
    (("deactivate", "secretapi", "99"), 1, "there is no secretapi with identifier 99 (MySafe: 1005: API secret not"),
    (("activate", "note", "abc"), 1, '"abc" is not an identifier of a note (MySafe: 1010: Unexpected identifier type)'),
]


@pytest.mark.parametrize(("argv", "code", "message"), REFUSED)
def test_refusals(vault: System, argv: tuple[str, ...], code: int, message: str) -> None:
    """One line says what, the next what to do, and nothing is changed."""
    before = kept(vault)
    told, (error, hint) = vault.refusal(*argv)
    assert code == told
    assert error.startswith(f"error: {message}")
    assert hint.startswith("hint: ")
    assert before == kept(vault)


def kept(opened: System) -> object:
    """What the vault holds."""
    if opened.emulator is None:
        return (opened.folder / "vault.toml").read_text(encoding="utf-8")
    with calling(opened.emulator) as caller:
        return [caller.call("GET", f"/api/mysafe/{kind}").json for kind in ("password", "note", "secretapi")]


def test_a_code_that_is_taken_is_told_with_its_holder(vault: System) -> None:
    """Which code, and which API secret has it."""
    argv = ("create", "secretapi", "--name", "n", "--url", "u", "--client-id", "c", "--identifier-code", "stripe-live")
    code, (error, hint) = vault.refusal(*argv)
    said = "MySafe: 1001: Identifier already found in another API key of this user"
    assert 1 == code
    assert f'error: the identifier_code "stripe-live" is taken ({said}): secretapi 1 "Stripe" has it' == error
    assert hint.endswith('mysafe-env list secretapi --identifier-code "stripe-live"')


@pytest.mark.parametrize(
    "listed",
    [
        json_reply({"message": "down"}, 502),
        json_reply({**envelope(), "api_secret_on_list": []}),
    ],
)
def test_a_holder_that_can_not_be_seen_is_left_out(measured_forks: ForkServer, tmp_path: Path, listed: object) -> None:
    """The refusal itself is told all the same."""
    words = "1001: Identifier already found in another API key of this user"
    refused = json_reply({**envelope(words, status=400, error=True)}, 400)

    def answers(method: str) -> object:
        return refused if method == "PUT" else listed

    paths = {"/api/mysafe/secretapi/update/1": answers("PUT"), "/api/mysafe/secretapi": answers("GET")}
    with mysafe(paths) as server:  # type: ignore[arg-type]  # both are replies
        settings = {"MYSAFE_URL": server.url, "MYSAFE_CLIENT_ID": CLIENT_ID, "MYSAFE_CLIENT_SECRET": CLIENT_SECRET}
        short = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "MYSAFE_TIMEOUT": "8"}
        opened = System(tmp_path, {**short, **settings}, measured_forks)
        code, (error, _) = opened.refusal("update", "secretapi", "1", "--identifier-code", "k")
    assert (1, f'error: the identifier_code "k" is taken (MySafe: {words})') == (code, error)


def test_sharing_that_failed_is_a_warning(measured_forks: ForkServer, tmp_path: Path) -> None:
    """The item is there, so the command succeeds, and says what is not as asked."""
    entity = {"identifier": "7", "name": "n", "shared_error": ["bob: unknown user"]}
    with mysafe({"/api/mysafe/note": json_reply({**envelope(status=201), "note_entity": entity}, 201)}) as server:
        settings = {"MYSAFE_URL": server.url, "MYSAFE_CLIENT_ID": CLIENT_ID, "MYSAFE_CLIENT_SECRET": CLIENT_SECRET}
        opened = System(tmp_path, {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), **settings}, measured_forks)
        done = opened.run(
            "create",
            "note",
            "--name",
            "n",
            "--note-stdin",
            "--allow-user",
            "bob",
            stdin="x",
        )
    assert 0 == done.code
    assert "warning: note 7 was saved, but not shared as asked: bob: unknown user" in done.stderr.decode()


def test_what_is_sent_is_told_on_request(vault: System) -> None:
    """-v names the item, and never its value."""
    done = vault.run("update", "password", "1", "-v", "--password-stdin", stdin="new-password")
    assert "mysafe-env: note: update password identifier 1\n" == done.stderr.decode()
    assert b"new-password" not in done.stdout + done.stderr


def test_nouns_of_writing_show_no_value() -> None:
    """A change can be logged."""
    change = Change({"name": "n"}, {"note": Secret("canary")})
    assert "canary" not in repr((change, Saved("note", "1", {})))
    assert Change().is_empty


def test_the_http_system_keeps_its_changes_in_memory(measured_forks: ForkServer, tmp_path: Path) -> None:
    """The emulator never writes a file."""
    with system("http", tmp_path, measured_forks) as opened:
        opened.json("update", "note", "1", "--tags", "x")
        assert [] == list(tmp_path.iterdir())
