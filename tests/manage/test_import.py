"""A file of values becomes items, and the mapping that gives them back."""

import json
import os
import tempfile
from pathlib import Path

import pytest
from dotenv import dotenv_values
from hypothesis import given, settings
from hypothesis import strategies as st

import mysafe_env
from mysafe_env.deadline import Deadline
from mysafe_env.importing.creation import Creation
from mysafe_env.importing.drafts import Defaults, Draft
from mysafe_env.importing.files import read_entries
from mysafe_env.importing.journal import Journal
from mysafe_env.importing.mapping_text import mapping_text
from mysafe_env.sinks.files import write_atomically
from mysafe_env.sources.local_writing import open_local_writer
from mysafe_env.vault.editions import V3_32
from tests.cli.programs import program
from tests.manage.commands import System, system
from tests.mysafe.bodies import CLIENT_ID, CLIENT_SECRET, envelope, token_reply
from tests.support.forked import ForkServer
from tests.support.process import WITHOUT_BYTECODE, run
from tests.support.scripted_server import Request, Script, ScriptedServer, json_reply
from tests.support.terminal import terminal

ENV = r"""
# of the orders
export DB_PASSWORD='p"a$$ \'w\' \\ #1'
CERT="-----BEGIN-----
a+b/c==
-----END-----
"
URL=postgres://orders:${DB_PASSWORD}@db  # expanded
EMPTY=
STRIPE=mysafe://secretapi/stripe-live
NODE_OPTIONS=--max-old-space-size=512
TWICE=1
TWICE=häßlich ☃
"""
PRINT = "import json, os, sys; json.dump({name: os.environ[name] for name in sys.argv[1:]}, sys.stdout)"


def put(opened: System, name: str, text: str) -> str:
    """A file in the folder of the command."""
    (opened.folder / name).write_text(text, encoding="utf-8")
    return name


def rows(opened: System, *argv: str) -> list[tuple[int, str, str, str]]:
    """What an import that succeeds tells: row, name, status and identifier."""
    told = json.loads(opened.run("import", *argv, "--json").output)
    return [(row["row"], row["name"], row["status"], row["identifier"]) for row in told]


def test_an_env_file_moves_into_the_vault(vault: System) -> None:
    """The mapping that is written gives a program the very environment that the file gave it."""
    put(vault, ".env", ENV)
    done = vault.run("import", ".env", "--prefix", "orders/", "--tags", "orders", "--mapping-out", "mysafe.toml")
    expected = [
        "ROW  KIND      NAME                 VARIABLE      STATUS   IDENTIFIER",
        "1    password  orders/DB_PASSWORD   DB_PASSWORD   created  3",
        "2    password  orders/CERT          CERT          created  4",
        "3    password  orders/URL           URL           created  5",
        "6    password  orders/NODE_OPTIONS  NODE_OPTIONS  created  6",
        "7    password  orders/TWICE         TWICE         created  7",
    ]
    assert expected == done.output.splitlines()
    mapping = vault.folder / "mysafe.toml"
    assert 0o644 == mapping.stat().st_mode & 0o777
    assert [
        'DB_PASSWORD = { kind = "password", identifier = "3" }  # orders/DB_PASSWORD',
        'CERT = { kind = "password", identifier = "4" }  # orders/CERT',
        'URL = { kind = "password", identifier = "5" }  # orders/URL',
        'EMPTY = ""',
        'STRIPE = "mysafe://secretapi/stripe-live"',
        'NODE_OPTIONS = { kind = "password", identifier = "6", allow_dangerous = true }  # orders/NODE_OPTIONS',
        'TWICE = { kind = "password", identifier = "7" }  # orders/TWICE',
    ] == mapping.read_text().splitlines()[3:]
    names = ["DB_PASSWORD", "CERT", "URL", "EMPTY", "TWICE"]
    given_back = run(
        *(program("mysafe-run"), "--", "python3", "-c", PRINT, *names),
        environment=vault.environment,
        folder=vault.folder,
    )
    assert {name: dotenv_values(vault.folder / ".env")[name] for name in names} == json.loads(given_back.output)
    assert "orders" == vault.value("password", "7", "tags")


NAMES = st.from_regex(r"[A-Z][A-Z0-9_]{0,8}", fullmatch=True).filter(lambda name: not name.startswith("LD_"))
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0\r$"), max_size=40)


@settings(max_examples=60)
@given(st.dictionaries(NAMES, TEXTS, max_size=6), st.sampled_from(["password", "note", "secretapi"]))
def test_any_env_file_comes_back_as_it_was(values: dict[str, str], kind: str) -> None:
    """Whatever stands in it, and as whichever kind it is kept."""
    with tempfile.TemporaryDirectory() as folder:
        path, vault_path, mapping = (str(Path(folder, name)) for name in ("x.env", "vault.toml", "mysafe.toml"))
        lines = (name + "='" + text.replace("\\", "\\\\").replace("'", "\\'") + "'\n" for name, text in values.items())
        Path(path).write_text("".join(lines), encoding="utf-8", newline="")
        os.close(os.open(vault_path, os.O_CREAT, 0o600))
        Path(folder, "settings").write_text(f"MYSAFE_URL=file:{vault_path}\n", encoding="utf-8")
        entries = read_entries(path, "dotenv", Defaults(kind, "p/", {"url": "u", "client_id": "c"}))
        with Journal(None) as journal:
            creation = Creation(
                open_local_writer(vault_path, write_atomically), journal, lambda: Deadline(30), lambda *_: None
            )
            drafts = tuple(entry for entry in entries if isinstance(entry, Draft))
            outcomes = creation.create(creation.survey(drafts))
        Path(mapping).write_text(mapping_text(entries, outcomes), encoding="utf-8")
        resolved = mysafe_env.resolve(mapping, settings=Path(folder, "settings"))
        assert dotenv_values(path) == {name: secret.reveal() for name, secret in resolved.items()}


CSV = """kind,name,username,password,note,url,client_id,client_secret,identifier_code,variable,users_allowed
secretapi,Pay Pal,,,,https://p.test,id,s1,pay-pal,,"ana:edit, bob"
,main,orders,s2,,,,,,MAIN_DB,
note,run book,,,"two
lines",,,,,,
secretapi,bare,,,,u,c,,,,
"""


@pytest.mark.parametrize(
    ("name", "text"), [("x.csv", CSV), ("x.CSV", CSV.replace('"ana:edit, bob"', "ana:edit").replace(",", ";"))]
)
def test_columns_are_fields(vault: System, name: str, text: str) -> None:
    """A CSV names fields in its header, with commas or semicolons; variables are named by code or name."""
    put(vault, name, text)
    told = rows(vault, name, "--mapping-out", "m.toml")
    assert [(1, "Pay Pal", "2"), (2, "main", "3"), (3, "run book", "3"), (4, "bare", "3")] == [
        (number, item, identifier) for number, item, _, identifier in told
    ]
    assert [
        'PAY_PAL = "mysafe://secretapi/pay-pal"',
        'MAIN_DB = { kind = "password", identifier = "3" }  # main',
        'RUN_BOOK = { kind = "note", identifier = "3" }  # run book',
    ] == (vault.folder / "m.toml").read_text().splitlines()[3:]
    assert "two\nlines" == vault.value("note", "3", "note")


def test_json_rows(vault: System) -> None:
    """Objects with field names, null for nothing, sharing as the API writes it or as text."""
    sharing = {"users_allowed": [{"username": "ana", "can_edit": True}, {"name": "bob"}], "groups_allowed": "Team:edit"}
    document = [
        {"name": "a", "username": "u", "password": "p", "url": None, "tags": "", **sharing},
        {"kind": "note", "name": "b", "note": "n"},
    ]
    put(vault, "x.json", json.dumps(document))
    assert ["created", "created"] == [status for _, _, status, _ in rows(vault, "x.json", "--allow-user", "zoe")]
    shared = vault.json("update", "password", "3", "--tags", "t")
    assert {"ana": True, "bob": False} == {each["username"]: each["can_edit"] for each in shared["users_allowed"]}
    assert [{"name": "Team", "can_edit": True}] == shared["groups_allowed"]
    assert ["zoe"] == [each["username"] for each in vault.json("update", "note", "3", "--tags", "t")["users_allowed"]]


def test_json_pairs(vault: System) -> None:
    """An object of names and values is an environment, as `export --format json` prints it."""
    put(vault, "env", '{"A": "1", "B": ""}')
    options = ("--kind", "secretapi", "--url", "u", "--client-id", "c")
    rows(vault, "env", "--format", "json", *options, "--mapping-out", "m.toml")
    assert ['A = "mysafe://secretapi/A"', 'B = ""'] == (vault.folder / "m.toml").read_text().splitlines()[3:]
    assert "1" == vault.value("secretapi", "2", "client_secret")


KNOWN = (
    "x.json: [4]: has a column, which a password has not; known are: groups_allowed, kind, name, notes, "
    "password, secret_key, tags, url, username, users_allowed, variable"
)
TOO_LONG = (
    "x.json: [1]: the note has 901 characters, and MySafe takes 900; shorten or split it, or keep it as a "
    "password: that has no limit"
)
WRONG = [
    ("x.env", "A-B=1\n", ["x.env:1: is no environment name; use letters, digits and _, and no digit in front"]),
    ("x.env", "A=${GONE}\n", ["x.env:1: A: uses a ${NAME} that is not set; set it, or write ${NAME:-}"]),
    ("x.json", "{", ["x.json:1: is not JSON, or names a key twice; mend it there"]),
    ("x.json", '{"A": "1", "A": "2"}', ["x.json: is not JSON, or names a key twice; mend it there"]),
    ("x.json", "7", ['x.json: is neither {"NAME": "VALUE"} nor a list of objects; write one of them']),
    ("x.json", '{"A": 7}', ["x.json: the value number 1 is not a string; quote it"]),
    (
        "x.json",
        '[7, {"kind": "x"}, {"nam": "x"}, {"a b": "x"}, {"name": 7}, {"name": "n"}]',
        [
            "x.json: [1]: is not an object; write the fields of one item as its keys",
            "x.json: [2]: has a kind that is none; write one of: password, note, secretapi",
            'x.json: [3]: has the column "nam", which a password has not; did you mean "name"?',
            KNOWN,
            "x.json: [5]: has a name that is not text; quote it",
            "x.json: [6]: lacks username, password, which a password needs; fill it in, or give it as an option",
        ],
    ),
    (
        "x.json",
        json.dumps(
            [
                {"kind": "note", "name": "n", "note": "x" * 901},
                {"kind": "note", "name": "n", "note": "x", "variable": "a b"},
                {"kind": "note", "name": "n", "note": "x", "variable": 7},
                {"kind": "note", "name": "n", "note": "x", "users_allowed": 7},
                {"kind": "note", "name": "n", "note": "x", "users_allowed": "ana:edti"},
                {"kind": "note", "name": "n", "note": "x", "groups_allowed": ["Team"]},
            ]
        ),
        [
            TOO_LONG,
            'x.json: [2]: gives no environment name; add a column "variable" with letters, digits and _',
            'x.json: [3]: gives no environment name; add a column "variable" with letters, digits and _',
            'x.json: [4]: has users_allowed that name nobody; write "ana:edit, bob"',
            'x.json: [5]: has users_allowed that can\'t be read; write "ana:edit, bob"',
            'x.json: [6]: has groups_allowed that name nobody; write {"name": "ana", "can_edit": true}',
        ],
    ),
    (
        "x.json",
        json.dumps([{"kind": "note", "name": name, "note": "x"} for name in ("a b", "a-b", "a b")]),
        [
            'x.json: two rows give the variable A_B; add a column "variable" to tell',
            'x.json: two rows give the variable A_B; add a column "variable" to tell',
            "x.json: the rows 1 and 3 are of one name; rename one of them",
        ],
    ),
    ("x.csv", "name,name\n", ["x.csv:1: names a column twice; leave one"]),
    ("x.csv", "name,note\na,b,c\n\n", ["x.csv:2: has 3 cells under 2 columns; quote a value with commas"]),
    ("x.csv", 'name,note\na,"b\n', ["x.csv:2: is not CSV; see whether a quote is missing"]),
    ("gone", None, ["gone: there is no such file; check the path"]),
]


@pytest.mark.parametrize(("name", "text", "problems"), WRONG)
def test_every_problem_is_told_before_anything_is_sent(
    measured_forks: ForkServer, tmp_path: Path, name: str, text: str | None, problems: list[str]
) -> None:
    """With its place, and never with a value."""
    with system("local", tmp_path, measured_forks) as opened:
        if text is not None:
            put(opened, name, text)
        code, lines = opened.refusal("import", name)
        assert 1 == code
    assert [f"error: {problem}" for problem in problems] == [line for line in lines if line.startswith("error")]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--name", "x"), "--name can't hold for every row"),
        (("--identifier-code", "x"), "--identifier-code can't hold for every row"),
        (("--kind", "notes"), 'there is no kind "notes"'),
        (("--mapping-out", "vault.toml"), "vault.toml exists already, and is not overwritten"),
        (("--result", "gone/r"), "can't write the result file gone/r: No such file or directory"),
        (("--result", "."), "can't write the result file .: Is a directory"),
        (("--result", "x.env"), "x.env is not the result file of an import"),
        (("--result", "other"), "other is the result of another import: its row 9 is not the one here"),
        (("--result", "odd"), "odd is not the result file of an import"),
    ],
)
def test_options_that_can_not_be_meant(
    measured_forks: ForkServer, tmp_path: Path, options: tuple[str, ...], message: str
) -> None:
    """Are refused before anything is sent."""
    line = {"row": 9, "kind": "note", "name": "x", "status": "created", "identifier": "1"}
    with system("local", tmp_path, measured_forks) as opened:
        put(opened, "x.env", "A=1\n")
        put(opened, "other", json.dumps(line) + "\n")
        put(opened, "odd", json.dumps({**line, "status": "odd"}) + "\n")
        code, (error, _) = opened.refusal("import", "x.env", *options)
    assert (2, f"error: {message}") == (code, error)


def test_a_dry_run_creates_nothing(vault: System) -> None:
    """It tells what would be created, and what is in the way; no file is made."""
    put(vault, "x.env", "A=1\n")
    argv = ("x.env", "--dry-run", "--mapping-out", "m.toml", "--result", "r")
    assert [(1, "A", "new", "")] == rows(vault, *argv)
    assert not (vault.folder / "m.toml").exists()
    assert not (vault.folder / "r").exists()
    rows(vault, "x.env", "--result", "r")
    assert [(1, "A", "created before", "3")] == rows(vault, *argv)
    done = vault.run("import", "x.env", "--dry-run")
    assert (1, b"exists") == (done.code, done.stdout.split()[-2])
    assert b'error: row 1: there is a password "A" already' in done.stderr


def test_nothing_is_created_beside_an_item_of_its_name(vault: System) -> None:
    """A second import of a file stops before its first create."""
    put(vault, "x.env", "A=1\nB=2\n")
    rows(vault, "x.env")
    put(vault, "x.env", "C=3\nA=1\n")
    done = vault.run("import", "x.env", "--mapping-out", "m.toml")
    assert 1 == done.code
    assert [b"not", b"tried"] == done.stdout.splitlines()[1].split()[4:]
    assert b"warning: what was not tried yet was not created" in done.stderr
    assert 4 == len(json.loads(vault.run("list", "password", "--json").output))
    assert not (vault.folder / "m.toml").exists()


def test_a_refused_row_does_not_stop_the_others(measured_forks: ForkServer, tmp_path: Path) -> None:
    """The result tells which, and a second run creates the rest once its cause is gone."""
    text = "kind,name,url,client_id,client_secret\nsecretapi,x,u,c,{}\nsecretapi,y,u,c,s\n"
    with system("http", tmp_path, measured_forks, edition=V3_32) as opened:
        put(opened, "x.csv", text.format(""))
        done = opened.run("import", "x.csv", "--result", "r", "--json")
        assert (1, ["failed", "created"]) == (done.code, [row["status"] for row in json.loads(done.stdout)])
        assert b'error: row 1: a secretapi needs the field "client_secret"' in done.stderr
        put(opened, "x.csv", text.format("s"))
        assert [(1, "x", "created", "3"), (2, "y", "created before", "2")] == rows(opened, "x.csv", "--result", "r")


def test_the_result_file_holds_no_secret(vault: System) -> None:
    """Row, kind, name, status and identifier, one line for each step, for the owner only."""
    put(vault, "x.env", "A=canary\n")
    rows(vault, "x.env", "--result", "r")
    path = vault.folder / "r"
    line = {"row": 1, "kind": "password", "name": "A"}
    assert [
        {**line, "status": "sending", "identifier": ""},
        {**line, "status": "created", "identifier": "3"},
    ] == [json.loads(each) for each in path.read_text().splitlines()]
    assert 0o600 == path.stat().st_mode & 0o777


def test_a_result_file_that_is_full_stops_the_import(measured_forks: ForkServer, tmp_path: Path) -> None:
    """Nothing is sent that could not be noted; with room for the result the import goes on where it was."""
    with system("http", tmp_path, measured_forks) as opened:
        put(opened, "x.env", "".join(f"NAME_{number}=1\n" for number in range(12)))
        limited = "ulimit -f 1 && exec mysafe-env import x.env --result r"
        done = run("/bin/sh", "-c", limited, environment={**opened.environment, **WITHOUT_BYTECODE}, folder=tmp_path)
        assert 1 == done.code
        assert b"error: can't write r: File too large\n" in done.stderr
        assert b"hint: make room for it" in done.stderr
        states = [state for _, _, state, _ in rows(opened, "x.env", "--result", "r")]
        assert 12 == len(states)
        assert {"created before", "found", "created"} >= set(states)
        assert 12 + 2 == len(json.loads(opened.run("list", "password", "--json").output))


def test_a_row_that_was_sent_is_looked_for_first(vault: System) -> None:
    """A crash after the create, and before its answer: the item is found, and not made twice."""
    put(vault, "x.env", "A=1\nB=2\n")
    rows(vault, "x.env", "--result", "r")
    lines = (vault.folder / "r").read_text().splitlines(keepends=True)
    put(vault, "r", "".join(lines[:3]) + '{"row": 2, "sta')
    assert [(1, "A", "created before", "3"), (2, "B", "found", "4")] == rows(vault, "x.env", "--result", "r")
    assert lines == (vault.folder / "r").read_text().splitlines(keepends=True)


def test_a_row_that_was_sent_and_lost_is_created(vault: System) -> None:
    """The list does not have it, so the server never did it; an API secret is looked for by its code."""
    put(vault, "x.csv", "kind,name,url,client_id,identifier_code\nsecretapi,x,u,c,k\n")
    sent = {"row": 1, "kind": "secretapi", "name": "x", "status": "sending", "identifier": ""}
    put(vault, "r", json.dumps(sent) + "\n")
    assert [(1, "x", "created", "2")] == rows(vault, "x.csv", "--result", "r")
    put(vault, "r", json.dumps(sent) + "\n")
    assert [(1, "x", "found", "2")] == rows(vault, "x.csv", "--result", "r")


def test_a_row_that_may_be_several_is_left_alone(vault: System) -> None:
    """Somebody has to look."""
    for _ in range(2):
        vault.json("create", "password", "--name", "A", "--username", "A", "--generate")
    put(vault, "x.env", "A=1\n")
    put(
        vault,
        "r",
        json.dumps({"row": 1, "kind": "password", "name": "A", "status": "sending", "identifier": ""}) + "\n",
    )
    done = vault.run("import", "x.env", "--result", "r")
    assert 1 == done.code
    assert b"error: row 1: may be any of: 3, 4" in done.stderr


@pytest.mark.parametrize(("fault", "second"), [("truncate", "found"), ("502", "created"), ("reset", "created")])
def test_an_uncertain_create_stops_the_import(
    measured_forks: ForkServer, tmp_path: Path, fault: str, second: str
) -> None:
    """It is not repeated; the next run finds out what became of it, and every item is there once."""
    with system("http", tmp_path, measured_forks, faults=(f"{fault}@POST:/api/mysafe/password*1",)) as opened:
        put(opened, "x.env", "A=1\nB=2\n")
        done = opened.run("import", "x.env", "--result", "r")
        assert 1 == done.code
        assert [b"unknown", b"not"] == [line.split()[4] for line in done.stdout.splitlines()[1:]]
        assert b'error: row 1: the password "A" may have been created, or not: ' in done.stderr
        assert b"hint: look for it before you create it again: mysafe-env list password --name A" in done.stderr
        assert [(1, "A", second, "3"), (2, "B", "created", "4")] == rows(opened, "x.env", "--result", "r")
        assert 4 == len(json.loads(opened.run("list", "password", "--json").output))


def test_an_outage_stops_the_import(measured_forks: ForkServer, tmp_path: Path) -> None:
    """A gateway that turns the first create away turns the others away, too; none of them is in doubt."""
    with system("http", tmp_path, measured_forks, faults=("429@POST:/api/mysafe/password*1",)) as opened:
        put(opened, "x.env", "A=1\nB=2\n")
        done = opened.run("import", "x.env", "--result", "r")
        assert [b"failed", b"not"] == [line.split()[4] for line in done.stdout.splitlines()[1:]]
        assert [(1, "A", "created", "3"), (2, "B", "created", "4")] == rows(opened, "x.env", "--result", "r")


def test_sharing_that_failed_is_told_with_its_row(measured_forks: ForkServer, tmp_path: Path) -> None:
    """The item counts as created."""
    entity = {"identifier": "7", "name": "A", "shared_error": ["bob: unknown"]}
    saved = json_reply({**envelope(status=201), "password_entity": entity}, 201)
    empty = json_reply({**envelope(), "password_on_list": []})

    def answer(request: Request) -> Script:
        return token_reply() if "token" in request.path else saved if request.method == "POST" else empty

    with ScriptedServer(answer) as server:
        access = {"MYSAFE_URL": server.url, "MYSAFE_CLIENT_ID": CLIENT_ID, "MYSAFE_CLIENT_SECRET": CLIENT_SECRET}
        opened = System(tmp_path, {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), **access}, measured_forks)
        put(opened, "x.env", "A=1\n")
        done = opened.run("import", "x.env", "--allow-user", "bob", "--json")
    assert (0, "not shared as asked: bob: unknown") == (done.code, json.loads(done.stdout)[0]["why"])


def test_two_imports_at_once_are_refused(vault: System) -> None:
    """The second would create what the first is about to."""
    put(vault, "x.env", "A=1\n")
    with Journal(str(vault.folder / "r")):
        code, (error, _) = vault.refusal("import", "x.env", "--result", "r")
    assert (2, "error: another import writes r now") == (code, error)


def test_progress_is_shown_to_people(vault: System) -> None:
    """A bar on a terminal, gone when the work is done; nothing in a pipe."""
    put(vault, "x.env", "A=1\nB=2\n")
    argv = (program("mysafe-env"), "import", "x.env")
    with terminal(*argv, folder=vault.folder, environment=vault.environment) as screen:
        screen.expect(r"imported 1 of 2 \[#+\.+\]")
        screen.expect(r"imported 2 of 2 \[#+\]")
        assert 0 == screen.end()
    put(vault, "x.env", "C=1\n")
    assert b"" == vault.run("import", "x.env").stderr


def test_what_is_imported_is_told_on_request(vault: System) -> None:
    """-v."""
    put(vault, "x.env", "A=canary\n")
    assert b"mysafe-env: note: import 1 items\n" == vault.run("import", "x.env", "-v").stderr
